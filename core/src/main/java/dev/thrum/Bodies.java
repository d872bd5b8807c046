package dev.thrum;

import org.jspecify.annotations.Nullable;

/// Runs a body of either kind: one without a value has the value `null`.
final class Bodies {
  private Bodies() {}

  @SuppressWarnings("unchecked")
  static <T extends @Nullable Object, X extends Throwable> T run(VoidBody<X> body) throws X {
    if (body instanceof Body<?, ?>) {
      return ((Body<T, X>) body).call();
    }
    body.run();
    return nothing();
  }

  @SuppressWarnings("unchecked")
  static <A, T extends @Nullable Object, X extends Throwable> T run(
      VoidBodyOf<? super A, X> body, A given) throws X {
    if (body instanceof BodyOf<?, ?, ?>) {
      return ((BodyOf<? super A, T, X>) body).call(given);
    }
    body.run(given);
    return nothing();
  }

  /// What a body without a value returns, and what stands where a value will.
  @SuppressWarnings("NullAway")
  static <T extends @Nullable Object> T nothing() {
    return null;
  }
}
