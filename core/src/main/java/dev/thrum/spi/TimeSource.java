package dev.thrum.spi;

import java.time.Duration;
import java.time.Instant;

/// Where a loop takes its time from. It is read only by whoever holds the loop, one at a time, so
/// that a deterministic source needs no lock.
///
/// The default is [#system()]. A test puts a source here that jumps instead of waiting.
public interface TimeSource {

  /// Nanoseconds since an arbitrary origin. Never goes backwards.
  ///
  /// @return the monotonic time in nanoseconds
  long nanoTime();

  /// The instant that [#nanoTime()] stands for.
  ///
  /// @return the date and time
  Instant instant();

  /// Told when no task is ready: how long may the loop's thread really wait? The answer `0` means
  /// "look again at once", as after a jump of a virtual clock. Waking up early is harmless.
  ///
  /// @param untilTimer the time until the earliest timer; [Long#MAX_VALUE] nanoseconds when there
  ///   is none
  /// @param outside whether work outside the loop (threads, sockets) may still wake it
  /// @return the longest time to wait in the thread
  default Duration idle(Duration untilTimer, boolean outside) {
    return untilTimer;
  }

  /// The machine's clock. Its instants are the wall clock's at the moment of this call, moved on by
  /// the monotonic clock: they do not jump when somebody sets the wall clock.
  ///
  /// @return a new source
  static TimeSource system() {
    return new SystemTime(Instant.now(), System.nanoTime());
  }
}
