package dev.thrum;

import dev.thrum.internal.Durations;
import java.time.Duration;

/// When a background task is started again, and after what pause.
///
/// A pause begins with `first` and doubles up to `longest` with every restart; it starts over once
/// a life has lasted longer than `longest` and than a second. Beyond `limit` restarts in a row the
/// task fails with the last failure; the exception handler hears of the ones before. A cancellation
/// is never answered with a restart.
///
/// @param onSuccess whether a body that returns is started again too
/// @param limit how many restarts in a row are allowed
/// @param first the first pause
/// @param longest the longest pause, not shorter than the first
public record Restart(boolean onSuccess, int limit, Duration first, Duration longest) {

  /// A life of a second or more is no sign of restarts in a row, however short the pauses are.
  private static final long SETTLED = 1_000_000_000;

  /// Checks the limits.
  public Restart {
    if (limit < 0) {
      throw new IllegalArgumentException("limit must not be negative: " + limit);
    }
    var _ = new Backoff(first, longest);
  }

  /// Starts again after a failure, for ever, with pauses from 100 ms to 30 s.
  ///
  /// @return the policy
  public static Restart onFailure() {
    return new Restart(false, Integer.MAX_VALUE, Duration.ofMillis(100), Duration.ofSeconds(30));
  }

  /// Starts again whenever the body ends, for ever, with pauses from 100 ms to 30 s.
  ///
  /// @return the policy
  public static Restart always() {
    return new Restart(true, Integer.MAX_VALUE, Duration.ofMillis(100), Duration.ofSeconds(30));
  }

  /// The same policy with a bound on restarts in a row.
  ///
  /// @param restarts how many
  /// @return the new policy
  public Restart limit(int restarts) {
    return new Restart(onSuccess, restarts, first, longest);
  }

  /// The same policy with other pauses.
  ///
  /// @param from the first
  /// @param to the longest, not shorter than the first
  /// @return the new policy
  public Restart pause(Duration from, Duration to) {
    return new Restart(onSuccess, limit, from, to);
  }

  /// Runs a body through all its lives, inside the background task.
  void keepRunning(VoidBody<?> body) throws Throwable {
    TaskImpl<?> task = TaskImpl.current("background(…)");
    Backoff backoff = new Backoff(first, longest);
    Duration pause = first;
    int restarts = 0;
    while (true) {
      long began = task.loop.nanos();
      Throwable failure = liveOnce(task, body);
      if (failure == null && !onSuccess) {
        return;
      }
      if (task.loop.nanos() - began > Math.max(Durations.nanos(longest), SETTLED)) {
        pause = first;
        restarts = 0;
      }
      if (restarts++ >= limit) {
        if (failure != null) {
          throw failure;
        }
        return;
      }
      if (failure != null) {
        task.loop.report(task, failure);
      }
      Async.sleep(pause);
      pause = backoff.after(pause);
    }
  }

  private static @org.jspecify.annotations.Nullable Throwable liveOnce(
      TaskImpl<?> task, VoidBody<?> body) {
    try {
      new PlainScope(task).run(body);
      return null;
    } catch (CancelledException e) {
      throw e;
    } catch (Throwable e) {
      return e;
    }
  }
}
