package dev.thrum;

import dev.thrum.internal.Durations;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A scope that outer cancellation does not enter, or enters only after a grace.
final class ShieldScope extends ScopeImpl {
  private final @Nullable Duration grace;

  ShieldScope(TaskImpl<?> host, @Nullable Duration grace) {
    super(host);
    this.grace = grace == null ? null : Durations.check(grace, "a grace");
  }

  static <T extends @Nullable Object, X extends Throwable> T run(
      @Nullable Duration grace, VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    return new ShieldScope(TaskImpl.current("shield(…)"), grace).run(body);
  }

  @Override
  boolean admits() {
    Duration left = grace;
    if (left != null && !isSet() && effective == null) {
      long nanos = Durations.nanos(left);
      if (nanos <= 0) {
        return true;
      }
      loop.timers.set(this, loop.timeAfter(nanos));
    }
    return false;
  }

  /// The grace is over: what waits outside comes in.
  @Override
  protected void fire() {
    ScopeImpl outer = parent;
    if (outer != null && outer.effective != null && effective == null) {
      spread(outer.effective);
    }
  }

  @Override
  @Nullable Throwable endedByOwn(CancelledException ended, boolean bodyStopped) {
    return ended;
  }

  @Override
  String kind() {
    return "shield";
  }

  @Override
  public String toString() {
    return "the end of the children of a shield of " + host.name();
  }
}
