package dev.thrum;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One call of [Scope#start]: the child, who waits for it, and what it hands over.
final class Start<T extends @Nullable Object> implements Started<T> {
  private final ScopeImpl scope;
  private final TaskImpl<?> caller;
  private @Nullable TaskImpl<?> child;
  private boolean done;
  private boolean abandoned;
  private @Nullable Object value;

  Start(ScopeImpl scope) {
    this.scope = scope;
    this.caller = TaskImpl.current("start(…)");
  }

  T run(VoidBodyOf<Started<T>, ?> body) {
    caller.enter();
    TaskImpl<?> started = scope.spawn(null, () -> body.run(this), TaskImpl.Role.STARTING);
    child = started;
    started.watch(caller);
    if (!done && caller.park(started) instanceof Cancellation pending && !done) {
      abandoned = true;
      started.cancelNow(pending);
      while (!started.isDone()) {
        caller.parkMasked(started);
      }
      if (started.state() == Future.State.FAILED) {
        scope.loop.report(started, started.failure());
      }
      throw caller.cancelled(pending);
    }
    started.unwatch(caller);
    if (!done) {
      started.report();
      throw new IllegalStateException(
          started + " ended without calling set(…) on what start(…) gave it");
    }
    return value();
  }

  @Override
  public void set(T handedOver) {
    if (done) {
      throw new IllegalStateException("start(…) was told already that its child is ready");
    }
    scope.loop.checkHere("a child says that it is ready");
    if (child != null && child.isDone()) {
      throw new IllegalStateException("the child of start(…) has ended; it cannot be ready now");
    }
    done = true;
    value = handedOver;
    TaskImpl<?> started = child;
    if (abandoned) {
      return; // the caller has given up and waits for the child's end
    }
    if (started != null) {
      started.role = TaskImpl.Role.CHILD;
      started.unwatch(caller);
    }
    if (started != null) {
      caller.wakeFrom(started);
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  private T value() {
    return (T) value;
  }
}
