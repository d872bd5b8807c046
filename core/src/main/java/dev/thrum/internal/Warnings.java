package dev.thrum.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What Thrum says when a program does something that will hurt it: to the logger `dev.thrum`, and
/// to tests that listen. Never called by a loop's own code, since a logger takes locks.
///
/// The logger is asked for each time: a static one would be lost for good if the class were first
/// used on a stack that has no room left.
public final class Warnings {
  private static final List<Consumer<? super String>> LISTENERS = new CopyOnWriteArrayList<>();

  private Warnings() {}

  /// Says it.
  ///
  /// @param message what has happened and what to do
  /// @param where a stack that shows the place, or the failure; or null
  public static void warn(String message, @Nullable Throwable where) {
    System.getLogger("dev.thrum").log(System.Logger.Level.WARNING, message, where);
    LISTENERS.forEach(listener -> listener.accept(message));
  }

  /// Hears of every warning in this JVM.
  ///
  /// @param listener gets the messages, on any thread
  /// @return ends it
  public static Runnable listen(Consumer<? super String> listener) {
    LISTENERS.add(listener);
    return () -> LISTENERS.remove(listener);
  }
}
