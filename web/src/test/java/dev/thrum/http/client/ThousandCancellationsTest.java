package dev.thrum.http.client;

import static dev.thrum.Async.async;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.client.Clients.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Requests that are cancelled anywhere, a thousand of them, or as many as there is time for; then
/// nothing is left of them, and the client works as on the first day. `-Dthrum.test.seed=…` repeats
/// a run.
final class ThousandCancellationsTest {
  private static final int ROUNDS = 50;
  private static final Duration LONGEST = Duration.ofSeconds(8); // on a machine that is busy
  private static final int AT_ONCE = 20;

  private static void answer(Exchange exchange) throws IOException {
    switch (exchange.target()) {
      case "/slow" -> sleep(Duration.ofMillis(3));
      case "/trickle" -> {
        exchange.begin(200, Headers.create());
        for (int i = 0; i < 10; i++) {
          exchange.write(new byte[10_000]);
          sleep(Duration.ofNanos(100_000));
        }
        exchange.end();
        return;
      }
      default -> {
        // at once
      }
    }
    byte[] body = exchange.readAll();
    exchange.respond(200, Headers.create(), body);
  }

  private static void ask(HttpClient client, int kind) throws IOException {
    switch (kind) {
      case 0 -> client.get("/fast");
      case 1 -> client.get("/slow");
      case 2 -> client.get("/trickle");
      case 3 -> client.post("/slow", HttpBody.bytes(new byte[150_000]));
      case 4 ->
          client.post(
              "/fast",
              HttpBody.stream(
                  "a/b",
                  out -> {
                    for (int i = 0; i < 10; i++) {
                      out.write(new byte[20_000]);
                    }
                  }));
      default -> {
        try (HttpResponse response = client.request("GET", "/trickle").open()) {
          int _ = response.stream().readNBytes(30_000).length;
        }
      }
    }
  }

  private static long descriptors() throws IOException {
    Path folder = Path.of("/proc/self/fd");
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLeft(Way way) throws Exception {
    long seed = Long.getLong("thrum.test.seed", new Random().nextLong());
    Random random = new Random(seed);
    int[] rounds = {0};
    int[] ended = {0, 0};
    try {
      Clients.with(
          way,
          settings -> settings.maxPerHost(6),
          ThousandCancellationsTest::answer,
          client -> {
            assertEquals(0, client.post("/fast", HttpBody.none()).bytes().length);
            long before = descriptors();
            Instant end = Instant.now().plus(LONGEST);
            while (rounds[0] < ROUNDS && Instant.now().isBefore(end)) {
              rounds[0]++;
              List<Task<?>> tasks = new ArrayList<>();
              for (int i = 0; i < AT_ONCE; i++) {
                int kind = random.nextInt(6);
                tasks.add(async(() -> ask(client, kind)));
              }
              for (Task<?> one : tasks) {
                sleep(Duration.ofNanos(random.nextInt(300_000)));
                boolean _ = one.cancel("at random");
              }
              for (Task<?> one : tasks) {
                try {
                  var _ = one.await(IOException.class);
                  ended[0]++;
                } catch (CancellationException _) {
                  ended[1]++;
                } catch (HttpClientException.ClosedEarly e) {
                  if (!way.isSecond()) {
                    throw e;
                  }
                  ended[0]++; // a server ends a connection on which too many streams are reset
                }
              }
              assertTrue(client.connections() <= 2 * AT_ONCE, "connections of the client");
            }
            for (int i = 0; i < 10; i++) {
              scope(all -> {
                for (int j = 0; j < 10; j++) {
                  all.async(() -> {
                    byte[] sent = new byte[1000];
                    assertEquals(1000, client.post("/x", HttpBody.bytes(sent)).bytes().length);
                  });
                }
              });
            }
            Clients.until(() -> client.connections() == (way.isSecond() ? 1 : client.idle()));
            assertTrue(client.idle() <= 6);
            long after = descriptors();
            assertTrue(after <= before + 12, before + " descriptors became " + after);
          });
    } catch (Throwable e) {
      throw new AssertionError("-Dthrum.test.seed=" + seed, e);
    }
    assertTrue(
        ended[0] + ended[1] == rounds[0] * AT_ONCE && ended[1] > AT_ONCE, ended[1] + " cancelled");
  }
}
