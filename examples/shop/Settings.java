package shop;

import dev.thrum.web.auth.Passwords;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What may differ from one shop to the next.
///
/// @param home where templates, static files and migrations are
/// @param data where the shop writes
/// @param database its JDBC address
/// @param passwords how passwords are stored
/// @param admin the first password of the user `admin`; empty for a random one, which is printed
record Settings(
    Path home, Path data, String database, Passwords passwords, Optional<String> admin) {

  /// `DATABASE_URL`, `SHOP_DATA` and `SHOP_ADMIN_PASSWORD` say what is not to be as usual.
  static Settings ofEnvironment() {
    Map<String, String> env = System.getenv();
    Path home = folder();
    Path data =
        Optional.ofNullable(env.get("SHOP_DATA")).map(Path::of).orElse(home.resolve("data"));
    return new Settings(
        home,
        data,
        Optional.ofNullable(env.get("DATABASE_URL")).map(Settings::jdbc).orElse(file(data)),
        Passwords.standard(),
        Optional.ofNullable(env.get("SHOP_ADMIN_PASSWORD")));
  }

  /// The folder of this file: the one that the shop is started in, or one below it.
  private static Path folder() {
    return Stream.of("", "examples/shop", "shop")
        .map(Path::of)
        .filter(place -> Files.isDirectory(place.resolve("migrations")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("start the shop above its migrations"));
  }

  /// A database in a file. An interrupt, by which a request is cancelled, would close files that
  /// are not `async`.
  static String file(Path data) {
    return "jdbc:h2:async:%s/shop;DATABASE_TO_LOWER=TRUE;LOCK_TIMEOUT=10000"
        .formatted(data.toAbsolutePath());
  }

  /// `postgres://ada:secret@db.example.org/shop` as JDBC writes it.
  static String jdbc(String url) {
    if (url.startsWith("jdbc:")) {
      return url;
    }
    URI parsed = URI.create(url);
    String[] user = parsed.getRawUserInfo().split(":", 2);
    return "jdbc:postgresql://%s%s?user=%s&password=%s"
        .formatted(
            parsed.getRawAuthority().replaceFirst(".*@", ""), parsed.getPath(), user[0], user[1]);
  }

  /// Where pictures of products are kept.
  Path pictures() throws IOException {
    return Files.createDirectories(data.resolve("pictures"));
  }

  /// A secret of this shop, made when it is first asked for.
  byte[] secret(String name) throws IOException {
    Path file = Files.createDirectories(data).resolve(name + ".key");
    if (!Files.exists(file)) {
      byte[] made = new byte[32];
      new SecureRandom().nextBytes(made);
      File secret = Files.createFile(file).toFile();
      boolean _ = secret.setReadable(false, false) && secret.setReadable(true, true);
      Files.write(file, made);
    }
    return Files.readAllBytes(file);
  }
}
