package dev.thrum.internal;

import dev.thrum.Body;
import dev.thrum.BodyOf;
import dev.thrum.VoidBody;
import dev.thrum.VoidBodyOf;
import org.jspecify.annotations.Nullable;

/// Runs a body of either kind: one without a value has the value `null`.
public final class Bodies {
  private Bodies() {}

  /// Runs a body.
  ///
  /// @param body the body
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  @SuppressWarnings("unchecked")
  public static <T extends @Nullable Object, X extends Throwable> T run(VoidBody<X> body) throws X {
    if (body instanceof Body<?, ?>) {
      return ((Body<T, X>) body).call();
    }
    body.run();
    return nothing();
  }

  /// Runs a body with something at hand.
  ///
  /// @param body the body
  /// @param given what it is given
  /// @param <A> the type of that
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value
  /// @throws X if it fails
  @SuppressWarnings("unchecked")
  public static <A extends @Nullable Object, T extends @Nullable Object, X extends Throwable> T run(
      VoidBodyOf<? super A, X> body, A given) throws X {
    if (body instanceof BodyOf<?, ?, ?>) {
      return ((BodyOf<? super A, T, X>) body).call(given);
    }
    body.run(given);
    return nothing();
  }

  /// What a body without a value returns, and what stands where a value will.
  ///
  /// @param <T> the type of the value
  /// @return null
  @SuppressWarnings("NullAway")
  public static <T extends @Nullable Object> T nothing() {
    return null;
  }
}
