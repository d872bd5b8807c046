package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.sync.Mutex;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// Server-sent events: a response that goes on for as long as something happens, as the HTML
/// standard has it and browsers read it with `EventSource`.
///
/// ```java
/// app.get("/ticks", _ -> Sse.of(events -> {
///   for (int i = 0; ; i++) {
///     events.send(Sse.Event.of("tick " + i).id(i));
///     sleep(ofSeconds(1));
///   }
/// }));
/// ```
///
/// **Guarantees.** While the body sends nothing, a comment is sent from time to time, so that
/// proxies keep the connection and a client that has vanished is noticed. The response ends when
/// the body returns; a browser connects again then, unless it is answered with 204.
///
/// **Non-guarantees.** An event that was sent need not have arrived. A client that connects again
/// says which one it has seen last: see [Events#lastId].
///
/// **Cancellation.** The body is cancelled when the client goes away.
public final class Sse {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  private Sse() {}

  /// Sends events.
  @FunctionalInterface
  public interface Body {

    /// Sends events, for as long as it wants to.
    ///
    /// @param events where to
    /// @throws Exception if it cannot go on: it is logged, and the response is cut off
    void run(Events events) throws Exception;
  }

  /// A response of events, with a comment after every 15 s without one.
  ///
  /// @param body sends them
  /// @return a response with status 200
  public static Response of(Body body) {
    return of(KEEP_ALIVE, body);
  }

  /// A response of events.
  ///
  /// @param keepAlive after how long without an event a comment is sent
  /// @param body sends them
  /// @return a response with status 200
  public static Response of(Duration keepAlive, Body body) {
    Objects.requireNonNull(body, "body");
    if (!keepAlive.isPositive()) {
      throw new IllegalArgumentException("a comment every " + keepAlive + ": give more than zero");
    }
    return Response.stream(out -> send(out, keepAlive, body))
        .type("text/event-stream")
        .header("Cache-Control", "no-store")
        .header("X-Accel-Buffering", "no"); // nginx would collect what is sent
  }

  private static void send(BodyStream out, Duration keepAlive, Body body) throws Exception {
    Events events = new Events(out);
    Async.scope(scope -> {
      var _ = scope.background(() -> events.keepAlive(keepAlive));
      body.run(events);
    });
  }

  /// An event. It cannot be changed; what seems to change it returns another.
  ///
  /// @param data its content, of any number of lines
  /// @param name what kind it is; empty for `message`
  /// @param id what a client says when it connects again; nothing to leave what it knows
  /// @param retry how long a client is to wait before it connects again; nothing to leave that
  public record Event(String data, String name, Optional<String> id, Optional<Duration> retry) {

    /// An event.
    public Event {
      Objects.requireNonNull(data, "data");
      Objects.requireNonNull(retry, "retry");
      checkLine("a name", name);
      id.ifPresent(one -> checkLine("an id", one));
    }

    private static void checkLine(String what, String text) {
      if (text.chars().anyMatch(one -> one == '\n' || one == '\r' || one == 0)) {
        throw new IllegalArgumentException(what + " of an event is one line");
      }
    }

    /// An event.
    ///
    /// @param data its content, of any number of lines
    /// @return the event
    public static Event of(String data) {
      return new Event(data, "", Optional.empty(), Optional.empty());
    }

    /// The same of another kind.
    ///
    /// @param kind what a client listens for
    /// @return an event
    public Event name(String kind) {
      return new Event(data, kind, id, retry);
    }

    /// The same with an id.
    ///
    /// @param text one line; empty to make the client forget the one that it knows
    /// @return an event
    public Event id(String text) {
      return new Event(data, name, Optional.of(text), retry);
    }

    /// The same with a number as id.
    ///
    /// @param number the number
    /// @return an event
    public Event id(long number) {
      return id(Long.toString(number));
    }

    /// The same, with a word on when to connect again.
    ///
    /// @param pause how long the client is to wait, in whole milliseconds
    /// @return an event
    public Event retry(Duration pause) {
      return new Event(data, name, id, Optional.of(pause));
    }

    String encode() {
      StringBuilder made = new StringBuilder(data.length() + 32);
      if (!name.isEmpty()) {
        made.append("event: ").append(name).append('\n');
      }
      id.ifPresent(one -> made.append("id: ").append(one).append('\n'));
      retry.ifPresent(one -> made.append("retry: ").append(one.toMillis()).append('\n'));
      appendLines(made, "data: ", data);
      return made.append('\n').toString();
    }

    static void appendLines(StringBuilder to, String before, String text) {
      for (String line : text.split("\r\n|\r|\n", -1)) {
        to.append(before).append(line).append('\n');
      }
    }
  }

  /// Where events are sent to. The tasks of the body may send at the same time; each event stays
  /// whole.
  ///
  /// **Back-pressure.** Sending waits while the client does not read.
  public static final class Events {
    private final BodyStream out;
    private final Mutex writing = Mutex.create("events");
    private Instant last = Async.now();

    private Events(BodyStream out) {
      this.out = out;
    }

    /// Sends an event.
    ///
    /// @param event the event
    /// @throws IOException if the client is gone
    public void send(Event event) throws IOException {
      write(event.encode());
    }

    /// Sends a text as an event.
    ///
    /// @param data its content, of any number of lines
    /// @throws IOException if the client is gone
    public void send(String data) throws IOException {
      send(Event.of(data));
    }

    /// Sends a comment, which no program sees.
    ///
    /// @param text of any number of lines
    /// @throws IOException if the client is gone
    public void comment(String text) throws IOException {
      StringBuilder made = new StringBuilder();
      Event.appendLines(made, ": ", text);
      write(made.append('\n').toString());
    }

    /// The id of the last event that the client has seen, if it connects again.
    ///
    /// @return what it says; nothing if it says nothing
    public Optional<String> lastId() {
      return out.exchange().headers().get("Last-Event-ID").filter(one -> !one.isEmpty());
    }

    private void write(String text) throws IOException {
      writing.withLock(() -> {
        out.write(text);
        last = Async.now();
      });
    }

    private void keepAlive(Duration every) throws IOException {
      for (; ; ) {
        Duration left = every.minus(Duration.between(last, Async.now()));
        if (left.isPositive()) {
          Async.sleep(left);
        } else {
          comment("keep-alive");
        }
      }
    }
  }
}
