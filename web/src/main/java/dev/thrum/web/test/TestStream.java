package dev.thrum.web.test;

import dev.thrum.Async;
import dev.thrum.Task;
import dev.thrum.http.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// A response whose body is taken part by part: the application is at most one part ahead.
public final class TestStream implements AutoCloseable {
  private final MemoryExchange exchange;
  private final Task<?> task;

  TestStream(MemoryExchange exchange, Task<?> task) {
    this.exchange = exchange;
    this.task = task;
  }

  /// The status.
  ///
  /// @return from 200 to 999
  public int status() {
    return exchange.status();
  }

  /// The headers.
  ///
  /// @return the headers, to be read
  public Headers headers() {
    return exchange.answer();
  }

  /// Waits for the next part of the body.
  ///
  /// @return the part as it was written; nothing at the end
  /// @throws IOException if the response was cut off
  public Optional<byte[]> next() throws IOException {
    return exchange.output().next();
  }

  /// Waits for the next part of the body as text.
  ///
  /// @return the part as it was written; nothing at the end
  /// @throws IOException if the response was cut off
  public Optional<String> nextText() throws IOException {
    return next().map(part -> new String(part, StandardCharsets.UTF_8));
  }

  /// Goes away in the middle: the handler is cancelled and joined.
  public void disconnect() {
    exchange.leave();
    var _ = task.cancel("the client is gone");
    join();
  }

  /// Goes away, or waits for the handler if the response is complete.
  @Override
  public void close() {
    if (exchange.isEnded()) {
      join();
    } else {
      disconnect();
    }
  }

  private void join() {
    Async.shield(() -> Async.settle(List.of(() -> Async.await(task))));
  }
}
