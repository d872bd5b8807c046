package shop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;

/// The shop over a real PostgreSQL, which ends with this JVM.
@Tag("one-engine")
@Tag("postgres")
final class PostgresTest extends ShopTests {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String SERVER = start();

  private static String start() {
    Path script = Path.of(System.getProperty("basedir", "."), "..", "..", "scripts", "postgres");
    try {
      Process process =
          new ProcessBuilder("bash", script.toString(), "serve").redirectErrorStream(true).start();
      String line = process.inputReader(StandardCharsets.UTF_8).readLine();
      if (line == null || !line.startsWith("jdbc:")) {
        throw new AssertionError(line + " Without the tests that need it: -DskipPostgres");
      }
      return line;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// A new one in the same server for each test.
  @Override
  String database(Path folder) throws Exception {
    String name = "shop" + COUNT.incrementAndGet();
    try (var connection = DriverManager.getConnection(SERVER);
        var statement = connection.createStatement()) {
      boolean _ = statement.execute("CREATE DATABASE " + name);
    }
    return SERVER.replace("/postgres?", "/" + name + "?");
  }
}
