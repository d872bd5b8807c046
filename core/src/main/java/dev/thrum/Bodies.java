package dev.thrum;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns bodies without a value into bodies with one, so that the rest knows one kind only.
final class Bodies {
  private Bodies() {}

  /// What a body without a value returns, and what stands where a value will.
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  static <T extends @Nullable Object> T nothing() {
    return null;
  }

  static <X extends Throwable> Body<@Nullable Void, X> valued(VoidBody<X> body) {
    Objects.requireNonNull(body, "body");
    return () -> {
      body.run();
      return null;
    };
  }

  static <A extends @Nullable Object, X extends Throwable> BodyOf<A, @Nullable Void, X> valued(
      VoidBodyOf<A, X> body) {
    Objects.requireNonNull(body, "body");
    return given -> {
      body.run(given);
      return null;
    };
  }
}
