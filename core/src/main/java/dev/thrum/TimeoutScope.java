package dev.thrum;

import dev.thrum.internal.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A scope that cancels itself at a time.
final class TimeoutScope extends ScopeImpl implements Timeout {
  private final boolean valued;
  private Duration after;
  private boolean expired;
  private @Nullable TimeoutException exception;

  TimeoutScope(TaskImpl<?> host, Duration after, boolean valued) {
    super(host);
    this.after = Durations.check(after, "a timeout");
    this.valued = valued;
  }

  static <T extends @Nullable Object, X extends Throwable> T run(
      Duration limit, boolean valued, VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    TimeoutScope scope = new TimeoutScope(TaskImpl.current("timeout(…)"), limit, valued);
    return scope.run(body);
  }

  @Override
  void open() {
    super.open();
    arm();
  }

  /// A deadline that has passed cancels at once; the body still runs to its first suspension.
  private void arm() {
    long nanos = Durations.nanos(after);
    if (nanos > 0) {
      loop.timers.set(this, loop.timeAfter(nanos));
    } else {
      loop.timers.unset(this);
      fire();
    }
  }

  /// Of nested deadlines that have passed, an outer one that is not later comes first, also if it
  /// was moved there after the inner one was set.
  @Override
  protected void fire() {
    for (ScopeImpl at = parent; at != null && !(at instanceof ShieldScope); at = at.parent) {
      if (at instanceof TimeoutScope outer && outer.isSet() && outer.due() <= firedAt()) {
        loop.timers.unset(outer);
        outer.fire();
        break;
      }
    }
    expired = cancelNow(Cancellation.timedOut(after));
  }

  /// When this one was due; a deadline that had passed when it was set is due now.
  private long firedAt() {
    return after.isZero() ? loop.nanos() : due();
  }

  @Override
  public void reschedule(Duration fromNow) {
    Duration left = Durations.check(fromNow, "a timeout");
    checkMovable();
    after = left;
    arm();
  }

  @Override
  public void disarm() {
    checkMovable();
    loop.timers.unset(this);
  }

  private void checkMovable() {
    loop.checkHere("a deadline can be moved");
    if (phase() == Phase.CLOSED) {
      throw new IllegalStateException("the timeout has been left; there is no deadline to move");
    }
    if (expired || (isSet() && due() <= loop.nanos())) {
      throw new IllegalStateException("the deadline has passed; it cannot be moved any more");
    }
  }

  @Override
  public Optional<Instant> when() {
    return isSet() ? Optional.of(loop.instantOf(due())) : Optional.empty();
  }

  @Override
  public boolean expired() {
    return expired;
  }

  /// Runs a body, with a value in the place of the exception that this scope's own deadline causes.
  <T extends @Nullable Object, X extends Throwable> T runOr(T fallback, Body<? extends T, X> body)
      throws X {
    try {
      return run(body);
    } catch (Throwable thrown) {
      if (thrown == exception) {
        return fallback;
      }
      throw thrown;
    }
  }

  @Override
  @Nullable Throwable endedByOwn(CancelledException ended, boolean bodyStopped) {
    if (!expired) {
      return endedOnRequest(ended, bodyStopped, valued);
    }
    TimeoutException timeout = new TimeoutException(ended.reason());
    timeout.initCause(ended);
    exception = timeout;
    return timeout;
  }

  @Override
  void spliceInto(Throwable failed) {
    Cancellation cancelled = effective;
    if (expired && cancelled != null && isOwn(cancelled)) {
      failed.addSuppressed(new TimeoutException(cancelled.reason()));
    }
  }

  @Override
  String kind() {
    return "timeout";
  }

  @Override
  public String toString() {
    return "the end of the children of a timeout of " + host.name();
  }
}
