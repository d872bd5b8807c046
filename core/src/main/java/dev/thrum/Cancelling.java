package dev.thrum;

import dev.thrum.internal.wait.Happening;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The cancellation of a scope, as something that others wait for.
record Cancelling(ScopeImpl scope) implements Happening {

  @Override
  public boolean hasHappened() {
    return scope.effective != null;
  }

  @Override
  public void tell(BooleanSupplier listener) {
    if (scope.loop.isHere()) {
      scope.onCancel(listener);
    } else if (!scope.loop.post(() -> scope.onCancel(listener)) && hasHappened()) {
      var _ = listener.getAsBoolean(); // its loop has ended
    }
  }

  @Override
  public void forget(BooleanSupplier listener) {
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

  @Override
  public String toString() {
    return "the cancellation of a scope of " + scope.host;
  }
}
