package dev.thrum.web;

import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.Async;
import dev.thrum.Runner;
import dev.thrum.http.HttpException;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.testkit.VirtualClock;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// So many requests in so much time.
final class RateLimitTest {
  private static App app(RateLimit limit) {
    App app = App.create().use(limit);
    app.get("/", _ -> "in");
    return app;
  }

  private static int ask(TestClient client, String key) throws IOException {
    return client.request("GET", "/").header("X-Key", key).send().status();
  }

  private static boolean takes(RateLimit limit, String key) {
    try {
      limit.take(key);
      return true;
    } catch (HttpException e) {
      assertEquals(429, e.status());
      return false;
    }
  }

  @AsyncTest
  void requestsComeBackAtAnEvenPace() throws IOException {
    try (TestClient client = TestClient.of(app(RateLimit.of(3, Duration.ofSeconds(30))))) {
      List<Integer> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(client.get("/").status());
        sleep(Duration.ofSeconds(1));
      }
      assertEquals(List.of(200, 200, 200, 429), answers);
      TestResponse refused = client.get("/");
      assertEquals("6", refused.header("Retry-After"));
      sleep(Duration.ofMillis(5_999));
      assertEquals("1", client.get("/").header("Retry-After"));
      sleep(Duration.ofMillis(1));
      assertEquals(200, client.get("/").status());
      assertEquals(429, client.get("/").status());
      sleep(Duration.ofSeconds(20));
      assertEquals(200, client.get("/").status());
      assertEquals(200, client.get("/").status());
      assertEquals(429, client.get("/").status());
    }
  }

  @AsyncTest
  void aPauseSavesNoMoreThanThereIs() {
    RateLimit limit = RateLimit.of(2, Duration.ofSeconds(1));
    sleep(Duration.ofDays(1000));
    for (int i = 0; i < 3; i++) {
      assertEquals(true, takes(limit, "a"));
      assertEquals(true, takes(limit, "a"));
      assertEquals(false, takes(limit, "a"));
      sleep(Duration.ofDays(1));
    }
  }

  /// Clocks of loops are not read at the very same moment.
  @Test
  void aLoopWhoseClockIsBehindGetsNoMore() {
    RateLimit limit = RateLimit.of(3, Duration.ofMinutes(3));
    VirtualClock ahead = VirtualClock.manual();
    VirtualClock behind = VirtualClock.manual();
    Runner.builder()
        .time(ahead)
        .run(() -> {
          ahead.advance(Duration.ofNanos(1));
          for (int i = 0; i < 3; i++) {
            assertEquals(true, takes(limit, "a"));
          }
        });
    Runner.builder()
        .time(behind)
        .run(() -> {
          assertEquals(false, takes(limit, "a"));
          behind.advance(Duration.ofMinutes(1));
          assertEquals(false, takes(limit, "a"));
          behind.advance(Duration.ofNanos(1));
          assertEquals(true, takes(limit, "a"));
          assertEquals(false, takes(limit, "a"));
        });
  }

  @Test
  void allLoopsTogetherGetNoMore() throws Exception {
    RateLimit limit = RateLimit.of(1_000, Duration.ofHours(1000));
    AtomicInteger taken = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() ->
                  Async.run(() -> {
                    for (int one = 0; one < 2_000; one++) {
                      if (takes(limit, "a")) {
                        int _ = taken.incrementAndGet();
                      }
                    }
                  })));
    }
    for (Thread one : threads) {
      one.join();
    }
    assertEquals(1_000, taken.get());
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7",
    "::ffff:192.0.2.7, 192.0.2.7",
    "2001:db8:1:2::1, 20010db800010002/64",
    "2001:db8:1:2:ffff:ffff:ffff:ffff, 20010db800010002/64",
    "2001:db8:1:3::1, 20010db800010003/64",
  })
  void aNetworkOfIPv6IsOneClient(String address, String key) throws IOException {
    var remote = new InetSocketAddress(InetAddress.getByName(address), 1);
    assertEquals(key, RateLimit.address(remote));
  }

  @AsyncTest
  void eachIsCountedByItself() throws IOException {
    RateLimit limit =
        RateLimit.of(1, Duration.ofMinutes(1)).by(req -> req.header("X-Key").orElse(""));
    try (TestClient client = TestClient.of(app(limit))) {
      String ada = "a".repeat(1000);
      assertEquals(200, ask(client, ada + "da"));
      assertEquals(429, ask(client, ada + "da"));
      assertEquals(200, ask(client, ada + "bob"));
      limit.forget(ada + "da");
      assertEquals(200, ask(client, ada + "da"));
      assertEquals(429, ask(client, ada + "bob"));
    }
  }

  @AsyncTest
  void whoWasNotSeenForTheLongestTimeIsForgotten() {
    RateLimit limit = RateLimit.of(1, Duration.ofDays(1));
    assertEquals(true, takes(limit, "first"));
    assertEquals(true, takes(limit, "second"));
    assertEquals(false, takes(limit, "first"));
    for (int i = 0; i < 9_999; i++) {
      assertEquals(true, takes(limit, "key " + i));
    }
    assertEquals(false, takes(limit, "first"));
    assertEquals(true, takes(limit, "second"));
  }

  @Test
  void whatIsNoLimitIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> RateLimit.of(0, Duration.ofSeconds(1)));
    assertThrows(IllegalArgumentException.class, () -> RateLimit.of(1, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> RateLimit.of(2, Duration.ofNanos(1)));
  }
}
