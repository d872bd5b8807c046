package dev.thrum.internal;

/// Throws somebody's own exception where the compiler cannot know its type.
public final class Sneaky {
  private Sneaky() {}

  /// Never returns; declared to return so that a caller can write `throw sneak(e)`.
  ///
  /// @param exception what to throw
  /// @return never
  public static RuntimeException sneak(Throwable exception) {
    return Sneaky.<RuntimeException>raise(exception);
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> RuntimeException raise(Throwable exception) throws X {
    throw (X) exception;
  }
}
