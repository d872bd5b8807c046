package dev.thrum.sync;

import dev.thrum.Body;
import dev.thrum.VoidBody;
import org.jspecify.annotations.Nullable;

/// Runs a body while something is held that is given back afterwards, however the body ends.
final class Holding {
  private Holding() {}

  static <T extends @Nullable Object, X extends Throwable> T run(Body<T, X> body, Runnable giveBack)
      throws X {
    T value;
    try {
      value = body.call();
    } catch (Throwable failure) {
      giveBackAfter(failure, giveBack);
      throw failure;
    }
    giveBack.run();
    return value;
  }

  static <X extends Throwable> void run(VoidBody<X> body, Runnable giveBack) throws X {
    try {
      body.run();
    } catch (Throwable failure) {
      giveBackAfter(failure, giveBack);
      throw failure;
    }
    giveBack.run();
  }

  /// What the body threw comes out, also if the body gave back too much or lost what it held.
  private static void giveBackAfter(Throwable failure, Runnable giveBack) {
    try {
      giveBack.run();
    } catch (IllegalStateException second) {
      failure.addSuppressed(second);
    }
  }
}
