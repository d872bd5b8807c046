package dev.thrum.opentelemetry;

import dev.thrum.Body;
import dev.thrum.VoidBody;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Puts spans around the bodies of tasks:
///
/// ```java
/// TaskSpans spans = TaskSpans.of(tracer);
/// async("load", spans.around("load", () -> load(key)));
/// ```
///
/// **Guarantees.** The span begins when the body does, is the current one while it runs, and ends
/// with it. Its parent is the span that is current where it begins, which in a child is that of the
/// task that started it. A body that fails ends its span with the status `ERROR` and records the
/// exception. One that is cancelled ends it with the attribute `thrum.cancelled` and no error.
///
/// **Non-guarantees.** It is not an error of the span if the body handles its failure. Children
/// that outlive the body in its scope may end later than the span.
public final class TaskSpans {
  private static final AttributeKey<Boolean> CANCELLED = AttributeKey.booleanKey("thrum.cancelled");

  private final Tracer tracer;

  private TaskSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  /// Spans of a tracer.
  ///
  /// @param tracer what makes the spans
  /// @return spans
  public static TaskSpans of(Tracer tracer) {
    return new TaskSpans(Objects.requireNonNull(tracer, "tracer"));
  }

  /// A body with a span around it.
  ///
  /// @param name the span's name
  /// @param body what runs
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return the body to be started
  public <T extends @Nullable Object, X extends Throwable> Body<T, X> around(
      String name, Body<T, X> body) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    return () -> {
      Span span = tracer.spanBuilder(name).startSpan();
      try (var _ = span.makeCurrent()) {
        return body.call();
      } catch (Throwable thrown) {
        tell(span, thrown);
        throw thrown;
      } finally {
        span.end();
      }
    };
  }

  /// A body without a value with a span around it.
  ///
  /// @param name the span's name
  /// @param body what runs
  /// @param <X> what it may throw
  /// @return the body to be started
  public <X extends Throwable> VoidBody<X> around(String name, VoidBody<X> body) {
    Objects.requireNonNull(body, "body");
    Body<@Nullable Void, X> valued =
        () -> {
          body.run();
          return null;
        };
    return around(name, valued);
  }

  private static void tell(Span span, Throwable thrown) {
    if (thrown instanceof CancellationException) {
      span.setAttribute(CANCELLED, true);
    } else {
      span.recordException(thrown);
      span.setStatus(StatusCode.ERROR, String.valueOf(thrown.getMessage()));
    }
  }
}
