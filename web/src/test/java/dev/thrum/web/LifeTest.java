package dev.thrum.web;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.web.Web.blocking;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.http.HttpException;
import dev.thrum.sync.Event;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// What is opened and closed with requests and with the application, and what outlives a request.
final class LifeTest {
  private final List<String> trail = new ArrayList<>();

  private void expect(String... events) {
    assertEquals(List.of(events), trail);
    trail.clear();
  }

  /// Something that is to be closed.
  private record Opened(String name, List<String> trail) implements AutoCloseable {
    @Override
    public void close() {
      shield(Async::checkpoint);
      trail.add("close " + name);
    }
  }

  private final Dependency<Opened> db = Dependency.of(_ -> open("db"));
  private final Dependency<Opened> users =
      Dependency.of(req -> open("users of " + req.get(db).name));

  private Opened open(String name) {
    trail.add("open " + name);
    return new Opened(name, trail);
  }

  // Dependencies

  @AsyncTest
  void dependenciesAreMadeOnceAndClosedAfterTheResponse() throws IOException {
    App app = App.create();
    app.get(
        "/",
        req -> {
          assertEquals(req.get(users), req.get(users));
          return Response.stream(out -> {
            trail.add("send with " + req.get(db).name);
            out.write("ok");
          });
        });
    try (TestClient client = TestClient.of(app)) {
      assertEquals("ok", client.get("/").text());
      expect("open db", "open users of db", "send with db", "close users of db", "close db");
      client.get("/");
      assertEquals(5, trail.size());
    }
  }

  @AsyncTest
  void dependenciesAreClosedAfterFailures() throws IOException {
    Dependency<String> broken =
        Dependency.of(req -> {
          req.get(db);
          throw new HttpException(503, "no connection");
        });
    App app = App.create();
    app.get("/broken", req -> req.get(broken));
    app.get(
        "/fails",
        req -> {
          req.get(users);
          throw new IllegalStateException("as told");
        });
    try (TestClient client = TestClient.of(app).keepFailures()) {
      assertEquals(503, client.get("/broken").status());
      expect("open db", "close db");
      assertEquals(500, client.get("/fails").status());
      expect("open db", "open users of db", "close users of db", "close db");
    }
  }

  @AsyncTest
  void oneThatCannotBeClosedStopsNoOther() throws IOException {
    Dependency<String> stubborn =
        Dependency.of(
            _ -> "stubborn",
            _ -> {
              trail.add("stubborn");
              throw new IOException("cannot close");
            });
    App app = App.create();
    app.get("/", req -> req.get(db).name + req.get(stubborn));
    try (TestClient client = TestClient.of(app).keepFailures()) {
      assertEquals("dbstubborn", client.get("/").text());
      expect("open db", "stubborn", "close db");
    }
  }

  @AsyncTest
  void aCircleOfDependenciesIsAnError() {
    List<Dependency<String>> self = new ArrayList<>();
    self.add(Dependency.of(req -> req.get(self.getFirst())));
    App app = App.create();
    app.get("/", req -> req.get(self.getFirst()));
    try (TestClient client = TestClient.of(app)) {
      assertThrows(IllegalStateException.class, () -> client.get("/"));
    }
  }

  @AsyncTest
  void testsPutSomethingElseInTheirPlace() throws IOException {
    App app = App.create();
    app.get("/", req -> req.get(users).name);
    try (TestClient client = TestClient.of(app).override(db, new Opened("fake", trail))) {
      assertEquals("users of fake", client.get("/").text());
      expect("open users of fake", "close users of fake");
    }
    try (TestClient client = TestClient.of(app)) {
      assertEquals("users of db", client.get("/").text());
    }
  }

  // Clients that leave

  @AsyncTest
  void aClientThatLeavesCancelsItsHandler() throws IOException {
    Event begun = Event.create();
    App app = App.create();
    app.onError(Exception.class, (_, e) -> "an answer to " + e);
    app.use((req, next) -> {
      try {
        return next.handle(req);
      } finally {
        trail.add("middleware left");
      }
    });
    app.get(
        "/",
        req -> {
          req.get(users);
          req.after(() -> trail.add("after"));
          return Response.stream(out -> {
            out.write("begun");
            begun.set();
            try {
              sleep(ofHours(1));
            } catch (CancelledException e) {
              trail.add("cancelled");
              throw e;
            }
          });
        });
    try (TestClient client = TestClient.of(app)) {
      TestStream stream = client.request("GET", "/").open();
      begun.await();
      stream.disconnect();
      expect(
          "open db",
          "open users of db",
          "middleware left",
          "cancelled",
          "close users of db",
          "close db");
    }
    expect();
  }

  @AsyncTest
  void aHandlerThatWaitsIsCancelledWithItsClient() throws IOException {
    Event begun = Event.create();
    App app = App.create();
    app.get(
        "/",
        req -> {
          req.get(db);
          begun.set();
          sleep(ofHours(1));
          return "too late";
        });
    try (TestClient client = TestClient.of(app)) {
      Task<TestStream> task = Async.async(() -> client.request("GET", "/").open());
      begun.await();
      client.close();
      Async.await(task).close();
    }
    expect("open db", "close db");
  }

  @AsyncTest
  void aWriterWaitsForItsClient() throws IOException {
    App app = App.create();
    AtomicInteger written = new AtomicInteger();
    app.get(
        "/",
        _ ->
            Response.stream(out -> {
              while (true) {
                out.write("part");
                written.incrementAndGet();
              }
            }));
    try (TestClient client = TestClient.of(app);
        TestStream stream = client.request("GET", "/").open()) {
      for (int i = 0; i < 20; i++) {
        checkpoint();
      }
      assertEquals(1, written.get());
      stream.next();
      for (int i = 0; i < 20; i++) {
        checkpoint();
      }
      assertEquals(2, written.get());
    }
  }

  // After the response

  @AsyncTest
  void workAfterTheResponseIsJoinedAtTheEnd() throws IOException {
    App app = App.create();
    app.get(
        "/",
        req -> {
          req.get(db);
          req.after(() -> {
            trail.add("first");
            sleep(ofSeconds(1));
            throw new IllegalStateException("the next one is done all the same");
          });
          return Response.text("ok").after(() -> trail.add("second"));
        });
    try (LogLines log = new LogLines()) {
      try (TestClient client = TestClient.of(app)) {
        assertEquals("ok", client.get("/").text());
      }
      expect("open db", "close db", "first", "second");
      String line = take(log);
      assertTrue(line.startsWith("what came after GET / failed, id "), line);
    }
  }

  private static String take(LogLines log) {
    return Async.blocking(() -> {
      try {
        return log.take("came after");
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
  }

  @AsyncTest
  void workAfterTheResponseIsCancelledWhenTheGraceIsOver() throws IOException {
    App app = App.create().grace(ofSeconds(3));
    app.get(
        "/",
        req -> {
          req.after(() -> {
            try {
              sleep(ofHours(1));
            } finally {
              trail.add("left");
            }
          });
          return "ok";
        });
    Instant before = Async.now();
    try (TestClient client = TestClient.of(app)) {
      client.get("/");
    }
    expect("left");
    assertEquals(ofSeconds(3), Duration.between(before, Async.now()));
  }

  @AsyncTest
  void aCancelledServerGivesTheGraceToo() {
    App app = App.create().grace(ofSeconds(3));
    app.get(
        "/",
        req ->
            req.after(
                    () -> {
                      sleep(ofSeconds(1));
                      trail.add("after");
                    })
                .path());
    Event answered = Event.create();
    Task<?> server =
        Async.async(() ->
            app.running(() -> {
              app.handle(new Answered());
              answered.set();
              sleep(ofHours(1));
            }));
    answered.await();
    server.cancel("enough");
    assertThrows(java.util.concurrent.CancellationException.class, () -> Async.await(server));
    expect("after");
  }

  @AsyncTest
  void nothingComesAfterAFailure() throws IOException {
    App app = App.create();
    app.get(
        "/",
        req -> {
          req.after(() -> trail.add("after"));
          throw new HttpException(409);
        });
    try (TestClient client = TestClient.of(app)) {
      assertEquals(409, client.get("/").status());
    }
    expect();
  }

  // Lifespans

  @AsyncTest
  void lifespansAreOpenWhileTheApplicationRuns() throws IOException {
    Key<String> pool = Key.of("pool");
    App app = App.create();
    for (String name : List.of("outer", "inner")) {
      app.lifespan(serve -> {
        trail.add("open " + name);
        app.set(pool, name);
        serve.run();
        trail.add("close " + name);
      });
    }
    app.get(
        "/",
        req -> {
          req.after(() -> trail.add("after"));
          return req.app().get(pool);
        });
    try (TestClient client = TestClient.of(app)) {
      expect("open outer", "open inner");
      assertEquals("inner", client.get("/").text());
    }
    expect("after", "close inner", "close outer");
  }

  @AsyncTest
  void aLifespanThatCannotOpenIsHeardOf() {
    App app = App.create();
    app.lifespan(_ -> {
      throw new IOException("no database");
    });
    assertEquals(
        "no database", assertThrows(IOException.class, () -> TestClient.of(app)).getMessage());
    App silent = App.create().lifespan(_ -> {});
    assertThrows(IllegalStateException.class, () -> TestClient.of(silent));
  }

  @AsyncTest
  void anApplicationRunsOnceOnALoop() {
    App app = App.create();
    try (TestClient _ = TestClient.of(app)) {
      assertThrows(IllegalStateException.class, () -> app.running(() -> {}));
    }
  }

  // Handlers that block

  @AsyncTest
  void blockingHandlersRunBesideTheLoop() throws IOException {
    Thread[] seen = new Thread[2];
    App app = App.create();
    app.post(
        "/{id:int}",
        blocking(req -> {
          seen[0] = Thread.currentThread();
          return req.path("id", Integer.class) + req.text();
        }));
    app.post("/typed", String.class, blocking((_, text) -> text + "!"));
    app.get(
        "/void",
        blocking(req -> {
          seen[1] = req == null ? null : Thread.currentThread();
        }));
    try (TestClient client = TestClient.of(app)) {
      assertEquals("7 body", client.post("/7").text(" body").send().text());
      assertNotSame(Thread.currentThread(), seen[0]);
      assertEquals("hi!", client.post("/typed").json("hi").send().text());
      assertEquals(204, client.get("/void").status());
      assertNotSame(Thread.currentThread(), seen[1]);
    }
  }

  @AsyncTest
  void noMoreBlockingHandlersRunThanMay() throws IOException {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(2);
    App app = App.create().blockingLimit(2);
    app.get(
        "/",
        blocking(_ -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          two.countDown();
          two.await();
          now.decrementAndGet();
          return "ok";
        }));
    try (TestClient client = TestClient.of(app)) {
      Async.forEachAll(
          List.of(1, 2, 3, 4, 5),
          5,
          _ -> {
            assertEquals("ok", client.get("/").text());
          });
      assertEquals(2, most.get());
    }
  }

  @AsyncTest
  void aBlockingHandlerIsInterruptedWithItsClient() throws IOException {
    CountDownLatch begun = new CountDownLatch(1);
    boolean[] interrupted = {false};
    App app = App.create();
    app.get(
        "/",
        blocking(_ -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
            return "never";
          } catch (InterruptedException e) {
            interrupted[0] = true;
            throw e;
          }
        }));
    TestClient client = TestClient.of(app);
    Task<TestStream> task = Async.async(() -> client.request("GET", "/").open());
    Async.blocking(() -> {
      try {
        begun.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    assertFalse(interrupted[0]);
    client.close();
    Async.await(task).close();
    assertTrue(interrupted[0]);
  }
}
