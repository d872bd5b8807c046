package dev.thrum.stream;

import static java.time.Duration.ofDays;

import dev.thrum.Async;
import dev.thrum.Body;
import dev.thrum.Timeout;
import dev.thrum.VoidBody;
import org.jspecify.annotations.Nullable;

/// A scope like a task's own, inside a task: what a body starts is joined before it is left, and a
/// failure that nobody awaited comes out of it. A timeout without a deadline is one.
final class OwnScope {
  private OwnScope() {}

  static <T extends @Nullable Object> T run(Body<T, ?> body) throws Throwable {
    return Async.timeout(
        ofDays(1),
        (Timeout scope) -> {
          scope.disarm();
          return body.call();
        });
  }

  static void run(VoidBody<?> body) throws Throwable {
    Async.timeout(
        ofDays(1),
        (Timeout scope) -> {
          scope.disarm();
          body.run();
        });
  }
}
