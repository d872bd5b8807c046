package dev.thrum.internal;

import java.util.ArrayDeque;
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

  private static final int KEPT = 200;
  private static final ArrayDeque<Said> LAST = new ArrayDeque<>();
  private static long count;

  /// A warning that was given.
  ///
  /// @param atMillis when, in milliseconds of the epoch
  /// @param text what it said
  public record Said(long atMillis, String text) {}

  private Warnings() {}

  /// Says it.
  ///
  /// @param message what has happened and what to do
  /// @param where a stack that shows the place, or the failure; or null
  public static void warn(String message, @Nullable Throwable where) {
    log(message, where);
    LISTENERS.forEach(listener -> listener.accept(message));
  }

  /// Says it in the log only: what depends on how fast the machine is must fail no test.
  ///
  /// @param message what has happened and what to do
  /// @param where a stack that shows the place, or the failure; or null
  public static void log(String message, @Nullable Throwable where) {
    keep(message);
    System.getLogger("dev.thrum").log(System.Logger.Level.WARNING, message, where);
  }

  private static void keep(String message) {
    synchronized (LAST) {
      count++;
      LAST.add(new Said(System.currentTimeMillis(), message));
      if (LAST.size() > KEPT) {
        LAST.remove();
      }
    }
  }

  /// The last ones, oldest first.
  ///
  /// @return at most some hundreds
  public static List<Said> said() {
    synchronized (LAST) {
      return List.copyOf(LAST);
    }
  }

  /// How many there were.
  ///
  /// @return their number
  public static long count() {
    synchronized (LAST) {
      return count;
    }
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
