package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.process.Completed;
import dev.thrum.process.Subprocess;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The h2spec program plays all its cases against a server.
@Tag("slow") // starts a program that waits for what does not come
final class H2specTest {
  private static final Path PACKED =
      Path.of("target", "h2spec", "2.2.0", "h2spec_linux_amd64.tar.gz").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void noCaseFails() throws Exception {
    Serving.with(
        exchange -> {
          var _ = exchange.readAll(); // else it may answer before what is wrong with the body comes
          Headers headers = Headers.of("Content-Type", "text/plain");
          exchange.respond(200, headers, "hello, world\n".getBytes(UTF_8));
        },
        server -> {
          var _ =
              Subprocess.command("tar", "xzf", PACKED.toString(), "-C", folder.toString())
                  .run()
                  .check();
          Completed played =
              Subprocess.command(folder.resolve("h2spec").toString(), "--host", "127.0.0.1")
                  .with("--port", Integer.toString(server.port()), "--timeout", "5")
                  .run();
          String told = played.stdout() + played.stderr();
          assertTrue(told.contains("145 tests, 145 passed, 0 skipped, 0 failed"), told);
          assertEquals(0, played.exitCode());
        });
  }
}
