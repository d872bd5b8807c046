package dev.thrum.web;

import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.Async;
import dev.thrum.CancelledException;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.Sse.Event;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import dev.thrum.web.test.TestStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Events from a server.
final class SseTest {
  private static TestClient client(Sse.Body body) {
    App app = App.create();
    app.get("/events", _ -> Sse.of(Duration.ofSeconds(15), body));
    return TestClient.of(app);
  }

  @AsyncTest
  void eventsHaveTheFormThatBrowsersRead() throws IOException {
    try (TestClient client =
        client(events -> {
          events.send("one");
          events.send("two\nlines\r\nor\rmore\n");
          events.send(Event.of("{}").name("tick").id(7).retry(Duration.ofMillis(2500)));
          events.send(Event.of("").id(""));
          events.comment("nobody\nsees");
        })) {
      TestResponse sent = client.get("/events");
      assertEquals(200, sent.status());
      assertEquals("text/event-stream", sent.header("Content-Type"));
      assertEquals("no-store", sent.header("Cache-Control"));
      assertEquals(
          """
          data: one

          data: two
          data: lines
          data: or
          data: more
          data:\s

          event: tick
          id: 7
          retry: 2500
          data: {}

          id:\s
          data:\s

          : nobody
          : sees

          """,
          sent.text());
    }
  }

  @Test
  void whatWouldEndALineIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Event.of("x").id("a\nb"));
    assertThrows(IllegalArgumentException.class, () -> Event.of("x").id("a\0"));
    assertThrows(IllegalArgumentException.class, () -> Event.of("x").name("a\rb"));
    assertThrows(IllegalArgumentException.class, () -> Sse.of(Duration.ZERO, _ -> {}));
  }

  @AsyncTest
  void aCommentIsSentWhileNothingElseIs() throws IOException {
    try (TestClient client =
            client(events -> {
              sleep(Duration.ofSeconds(10));
              events.send("one");
              sleep(Duration.ofSeconds(40));
              events.send("two");
            });
        TestStream stream = client.request("GET", "/events").open()) {
      Instant start = Async.now();
      List<String> got = new ArrayList<>();
      for (Optional<String> one = stream.nextText(); one.isPresent(); one = stream.nextText()) {
        got.add(Duration.between(start, Async.now()).toSeconds() + " " + one.get().strip());
      }
      assertEquals(
          List.of("10 data: one", "25 : keep-alive", "40 : keep-alive", "50 data: two"), got);
    }
  }

  @AsyncTest
  void itEndsWhenTheClientLeaves() throws IOException {
    List<String> trail = new ArrayList<>();
    try (TestClient client =
        client(events -> {
          try {
            events.send("one");
            sleep(Duration.ofHours(1));
          } catch (CancelledException e) {
            trail.add("cancelled");
            throw e;
          }
        })) {
      TestStream stream = client.request("GET", "/events").open();
      assertEquals("data: one\n\n", stream.nextText().orElseThrow());
      stream.disconnect();
      assertEquals(List.of("cancelled"), trail);
    }
  }

  @AsyncTest
  void aClientThatComesBackSaysWhatItHasSeen() throws IOException {
    try (TestClient client = client(events -> events.send(events.lastId().orElse("nothing")))) {
      assertEquals("data: nothing\n\n", client.get("/events").text());
      assertEquals(
          "data: 41\n\n",
          client.request("GET", "/events").header("Last-Event-ID", "41").send().text());
    }
  }

  @AsyncTest
  void aFailureCutsItOff() {
    App app = App.create();
    app.get(
        "/events",
        _ ->
            Sse.of(events -> {
              events.send("one");
              throw new IllegalStateException("as told");
            }));
    try (TestClient client = TestClient.of(app)) {
      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> client.get("/events"));
      assertEquals("as told", thrown.getMessage());
    }
  }
}
