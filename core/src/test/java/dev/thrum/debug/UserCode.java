package dev.thrum.debug;

import dev.thrum.Body;
import org.jspecify.annotations.Nullable;

/// Code of a program, for tests that live in Thrum's own packages.
public final class UserCode {
  /// The place in it from which everything is called, as messages show it.
  public static final String PLACE = " at dev.thrum.debug.UserCode.calls(UserCode.java:";

  private UserCode() {}

  public static <T extends @Nullable Object, X extends Throwable> T calls(Body<T, X> body)
      throws X {
    return body.call();
  }
}
