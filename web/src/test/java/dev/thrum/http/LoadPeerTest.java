package dev.thrum.http;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.http.RawClient.Response;
import dev.thrum.process.Completed;
import dev.thrum.process.Subprocess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Programs that ask a lot, and programs that hold a server up.
@Tag("peers")
@Tag("one-engine")
@Tag("slow") // starts programs that take their time
final class LoadPeerTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "false, 4000, -c 20 -m 1 --h1, /hello",
    "false, 4000, -c 10 -m 100, /hello",
    "true, 3000, -c 10 -m 100, /hello",
    "true, 1000, -c 10 -m 1 --h1, /hello",
    "true, 60, -c 4 -m 10, /file",
  })
  void nothingFailsUnderLoad(boolean secure, int count, String how, String target)
      throws Exception {
    PeerApp app = new PeerApp(folder);
    app.serve(
        settings -> secure ? settings.tls(Keys.server(true)) : settings,
        server -> {
          Completed played =
              Subprocess.command("h2load", "-n", Integer.toString(count))
                  .with(how.split(" "))
                  .with(server.scheme() + "://127.0.0.1:" + server.port() + target)
                  .run();
          String told = played.stdout();
          assertTrue(
              told.contains(count + " succeeded, 0 failed, 0 errored, 0 timeout"),
              told + played.stderr());
          assertTrue(told.contains("status codes: " + count + " 2xx"), told);
        });
  }

  /// A hundred and fifty clients that send their heads, send their bodies or read their responses a
  /// few bytes at a time: each is given up, and others are served all the while.
  @Test
  void whoIsSlowHoldsNobodyUp() throws Exception {
    PeerApp app = new PeerApp(folder);
    app.serve(
        settings ->
            settings
                .headerTimeout(Duration.ofSeconds(1))
                .bodyTimeout(Duration.ofSeconds(1))
                .writeTimeout(Duration.ofSeconds(1))
                .keepAlive(Duration.ofSeconds(1)),
        server -> {
          String url = "http://127.0.0.1:" + server.port();
          warmUp(server);
          List<Task<Completed>> attacks = new ArrayList<>();
          attacks.add(async(() -> slow("-H", "-i", "2", "-u", url + "/hello")));
          attacks.add(
              async(() -> slow("-B", "-i", "2", "-s", "8192", "-t", "POST", "-u", url + "/echo")));
          attacks.add(
              async(() ->
                  slow(
                      "-X",
                      "-k",
                      "3",
                      "-n",
                      "1",
                      "-w",
                      "10",
                      "-y",
                      "20",
                      "-z",
                      "8",
                      "-u",
                      url + "/file")));
          int served = 0;
          while (!attacks.stream().allMatch(Task::isDone)) {
            try (RawClient client = Serving.connect(server)) {
              Response response = client.get("/hello").response();
              assertEquals(200, response.status());
            }
            served++;
            sleep(Serving.MILLI.multipliedBy(20));
          }
          // Who reads slowly does not see for long that the connection was cut off.
          for (Task<Completed> attack : attacks.subList(0, 2)) {
            String told = await(attack).stdout();
            assertTrue(told.contains("No open connections left"), told);
          }
          var _ = await(attacks.getLast());
          assertTrue(served >= 5, "others were served " + served + " times");
          while (server.connections() > 0) {
            sleep(Serving.MILLI.multipliedBy(20));
          }
        });
  }

  /// Loads the classes, for which nobody has to wait who is counted.
  private static void warmUp(Server server) throws IOException {
    for (String target : new String[] {"/hello", "/nothing", "/file", "/echo"}) {
      try (RawClient client = Serving.connect(server)) {
        assertTrue(client.get(target).response().status() >= 200);
      }
    }
  }

  private static Completed slow(String... more) throws IOException {
    return Subprocess.command("slowhttptest", "-c", "50", "-r", "50", "-l", "4", "-p", "2")
        .with(more)
        .run();
  }
}
