package dev.thrum.http.client;

import dev.thrum.net.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for `localhost` and 127.0.0.1 that the JDK's `keytool` makes, and who trusts it.
final class TestTls {
  private static final String PASSWORD = "changeit";
  private static final SSLContext CONTEXT = make();

  private TestTls() {}

  static Tls server() {
    return Tls.server(CONTEXT).applicationProtocols("h2", "http/1.1");
  }

  static Tls client() {
    return Tls.client(CONTEXT);
  }

  static SSLContext context() {
    return CONTEXT;
  }

  private static SSLContext make() {
    try {
      Path folder = Files.createTempDirectory("thrum-client");
      Path file = folder.resolve("store.p12");
      String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
      int ended =
          new ProcessBuilder(
                  tool,
                  "-genkeypair",
                  "-alias",
                  "server",
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "san=dns:localhost,ip:127.0.0.1",
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  file.toString(),
                  "-storepass",
                  PASSWORD)
              .inheritIO()
              .start()
              .waitFor();
      if (ended != 0) {
        throw new AssertionError("keytool ended with " + ended);
      }
      SSLContext made = context(file);
      Files.delete(file);
      Files.delete(folder);
      return made;
    } catch (IOException | InterruptedException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static SSLContext context(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", store.getCertificate("server"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD.toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
