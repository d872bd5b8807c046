package dev.thrum.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Keys and certificates that the JDK's `keytool` makes when a test first asks for them. Their
/// folder is deleted when the JVM ends.
final class Certificates {
  static final String PASSWORD = "changeit";

  /// A certificate and its key.
  ///
  /// @param name its owner's, and the alias in the store
  /// @param chain its own certificate first, in PEM
  /// @param key in PEM
  /// @param store both in PKCS#12
  record Identity(String name, Path chain, Path key, Path store) {}

  private static final Path FOLDER = folder();
  private static final Map<String, Identity> MADE = new ConcurrentHashMap<>();

  private Certificates() {}

  private static Path folder() {
    try {
      Path made = Files.createTempDirectory("thrum-certificates");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
      return made;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path one : files.toList()) {
        Files.delete(one);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// For `localhost`, 127.0.0.1 and `server.test`, signed by [#authority()].
  static Identity server() {
    return signed("server", "authority", "-ext", "san=dns:localhost,ip:127.0.0.1,dns:server.test");
  }

  /// For the name `localhost` and no address, signed by [#authority()].
  static Identity named() {
    return signed("named", "authority", "-ext", "san=dns:localhost");
  }

  /// A client's, signed by [#authority()].
  static Identity client() {
    return signed("client", "authority");
  }

  /// For `localhost`, and over since yesterday.
  static Identity expired() {
    return signed(
        "expired",
        "authority",
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-startdate",
        "-3d",
        "-validity",
        "2");
  }

  /// For a host that one name stands for, signed by [#authority()].
  static Identity host(String name, String host) {
    return signed(name, "authority", "-ext", "san=dns:" + host);
  }

  /// A client's, signed by somebody whom nobody trusts.
  static Identity stranger() {
    return signed("stranger", "nobody");
  }

  /// Who has signed the others.
  static Path authority() {
    return root("authority").chain();
  }

  /// Somebody who has signed only [#stranger()].
  static Path nobody() {
    return root("nobody").chain();
  }

  /// A context of the JDK that shows an identity and trusts those whom [#authority()] has signed.
  static SSLContext context(Identity identity) throws IOException, GeneralSecurityException {
    KeyManagerFactory shown = KeyManagerFactory.getInstance("PKIX");
    shown.init(load(identity.store()), PASSWORD.toCharArray());
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    roots.setCertificateEntry(
        "authority", load(root("authority").store()).getCertificate("authority"));
    trusted.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  private static Identity root(String name) {
    return MADE.computeIfAbsent(
        name,
        _ -> make(name, null, List.of("-ext", "bc:critical=ca:true", "-ext", "ku=keyCertSign")));
  }

  private static Identity signed(String name, String signer, String... more) {
    Identity by = root(signer);
    List<String> arguments = new ArrayList<>(List.of("-signer", signer));
    arguments.addAll(List.of("-signerkeypass", PASSWORD));
    arguments.addAll(List.of(more));
    return MADE.computeIfAbsent(name, _ -> make(name, by, arguments));
  }

  private static Identity make(String name, @Nullable Identity signer, List<String> more) {
    try {
      Identity made =
          new Identity(
              name,
              FOLDER.resolve(name + ".pem"),
              FOLDER.resolve(name + ".key"),
              FOLDER.resolve(name + ".p12"));
      if (signer != null) {
        Files.copy(signer.store(), made.store());
      }
      keytool(name, made.store(), more);
      KeyStore keys = load(made.store());
      StringBuilder chain = new StringBuilder();
      for (Certificate one : keys.getCertificateChain(name)) {
        chain.append(pem("CERTIFICATE", one.getEncoded()));
      }
      var _ = Files.writeString(made.chain(), chain);
      byte[] key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
      var _ = Files.writeString(made.key(), pem("PRIVATE KEY", key));
      return made;
    } catch (IOException | GeneralSecurityException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void keytool(String name, Path store, List<String> more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-genkeypair"));
    command.addAll(List.of("-alias", name, "-dname", "CN=" + name, "-keyalg", "EC"));
    command.addAll(List.of("-groupname", "secp256r1", "-validity", "2"));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD, "-keypass", PASSWORD));
    command.addAll(more);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " said: " + said);
    }
  }

  private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static String pem(String what, byte[] bytes) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }
}
