package dev.thrum.http;

import static dev.thrum.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Async;
import dev.thrum.Instrument;
import dev.thrum.Runner;
import dev.thrum.Task;
import dev.thrum.VoidBody;
import dev.thrum.VoidBodyOf;
import dev.thrum.net.Connection;
import dev.thrum.net.Net;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// Runs a server on a loop of the engine under test, has a body talk to it, and checks afterwards
/// that nothing is left: no connection, no task, no error that nobody was told.
public final class Serving {
  public static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Serving() {}

  /// Runs a body on a loop.
  public static <X extends Throwable> void run(VoidBody<X> body) throws X {
    List<String> reports = new CopyOnWriteArrayList<>();
    Census census = new Census();
    Runner.builder()
        .exceptionHandler((task, exception) -> reports.add(task.name() + ": " + exception))
        .instrument(census)
        .run(() -> {
          try {
            timeout(LIMIT, body);
          } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("the test did not end within " + LIMIT, e);
          }
        });
    assertEquals(Set.of(), census.alive, "tasks that have not ended");
    assertEquals(List.of(), reports, "errors that nobody was told");
  }

  /// A server that is closed with little patience.
  public static void with(Application application, VoidBodyOf<Server, ?> body) throws Exception {
    with(settings -> settings, application, body);
  }

  /// A server with some settings.
  public static void with(
      UnaryOperator<Server.Builder> settings, Application application, VoidBodyOf<Server, ?> body)
      throws Exception {
    try {
      run(() -> {
        Server.Builder builder = Server.builder().port(0).grace(MILLI.multipliedBy(50));
        try (Server server = settings.apply(builder).listen(application)) {
          body.run(server);
          server.close();
          assertEquals(0, server.connections(), "connections that are left");
        }
      });
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// Waits until a flag is set.
  public static void until(boolean[] flag) {
    while (!flag[0]) {
      Async.sleep(MILLI);
    }
  }

  /// Answers with the method, the target and the body of a request.
  public static void echo(Exchange exchange) throws IOException {
    byte[] body = exchange.readAll();
    String text =
        exchange.method()
            + " "
            + exchange.target()
            + " "
            + new String(body, java.nio.charset.StandardCharsets.ISO_8859_1);
    exchange.respond(200, Headers.create(), text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /// A client that says what it is told to.
  public static RawClient connect(Server server) throws IOException {
    return new RawClient(Net.connect("127.0.0.1", server.port()));
  }

  /// A client over a connection.
  public static RawClient over(Connection connection) {
    return new RawClient(connection);
  }

  /// Counts the tasks.
  private static final class Census implements Instrument {
    final Set<Task<?>> alive = new LinkedHashSet<>();

    @Override
    public void spawned(Task<?> task, long nanos) {
      alive.add(task);
    }

    @Override
    public void done(Task<?> task, long nanos) {
      alive.remove(task);
    }
  }
}
