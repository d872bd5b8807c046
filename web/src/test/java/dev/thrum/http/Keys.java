package dev.thrum.http;

import dev.thrum.net.Tls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/// Certificates for the tests, in files that are deleted when the JVM ends.
public final class Keys {
  private static final X509Bundle AUTHORITY = authorityMade();

  /// For `localhost` and 127.0.0.1.
  public static final Identity SERVER = host("localhost");

  /// A client's.
  public static final Identity CLIENT = host("somebody");

  /// A certificate and its key, in PEM.
  ///
  /// @param chain its own certificate first
  /// @param key the key
  public record Identity(Path chain, Path key) {}

  private Keys() {}

  private static CertificateBuilder builder(String name) {
    return new CertificateBuilder().subject("CN=" + name).algorithm(Algorithm.ecp256);
  }

  private static X509Bundle authorityMade() {
    try {
      return builder("authority").setIsCertificateAuthority(true).buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// For a name, and 127.0.0.1.
  public static Identity host(String name) {
    try {
      X509Bundle made =
          builder(name.replace("*", "any"))
              .addExtensionOctetString("2.5.29.17", false, names(name))
              .buildIssuedBy(AUTHORITY);
      return new Identity(made.toTempCertChainPem().toPath(), made.toTempPrivateKeyPem().toPath());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// In DER, since the builder takes no wildcard.
  private static byte[] names(String name) throws IOException {
    return new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, name),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            })
        .getEncoded();
  }

  /// Who has signed the others.
  public static Path authority() {
    try {
      return AUTHORITY.toTempCertChainPem().toPath();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// A server that shows [#SERVER].
  public static Tls server(boolean openSsl) {
    Tls tls = Tls.server(SERVER.chain(), SERVER.key());
    return openSsl ? tls : tls.jdkEngine();
  }

  /// A client that trusts [#authority()].
  public static Tls client() {
    return Tls.client().trust(authority()).serverName("localhost");
  }

  /// The same for clients of the JDK.
  public static SSLContext context() {
    try {
      KeyStore roots = KeyStore.getInstance("PKCS12");
      roots.load(null, null);
      roots.setCertificateEntry("authority", AUTHORITY.getCertificate());
      TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
      trusted.init(roots);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trusted.getTrustManagers(), null);
      return context;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
