package dev.thrum;

import dev.thrum.internal.wait.Happening;
import org.jspecify.annotations.Nullable;

/// The cancellation of a scope, as something that others wait for.
record Cancelling(ScopeImpl scope) implements Happening {

  @Override
  public boolean hasHappened() {
    return scope.effective != null;
  }

  @Override
  public void tell(Runnable listener) {
    if (scope.loop.isHere()) {
      scope.onCancel(listener);
    } else {
      scope.loop.post(() -> scope.onCancel(listener));
    }
  }

  @Override
  public void forget(Runnable listener) {
    if (scope.loop.isHere()) {
      scope.forgetOnCancel(listener);
    } else {
      scope.loop.post(() -> scope.forgetOnCancel(listener));
    }
  }

  @Override
  public @Nullable Object result() {
    return null;
  }
}
