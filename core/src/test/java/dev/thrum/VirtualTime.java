package dev.thrum;

import dev.thrum.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;

/// A clock that jumps to the next timer as soon as nothing is ready, so that an hour takes no time.
/// While work outside the loop is under way it stands still.
final class VirtualTime implements TimeSource {
  private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

  private long nanos;

  /// Runs a body on a loop with virtual time, on the engine under test.
  static <T, X extends Throwable> T run(Body<T, X> body) throws X {
    return Runner.builder().time(new VirtualTime()).run(body);
  }

  /// Runs a body without a value on a loop with virtual time, on the engine under test.
  static <X extends Throwable> void run(VoidBody<X> body) throws X {
    Runner.builder().time(new VirtualTime()).run(body);
  }

  /// Moves the clock by hand, as if the running step had taken that long.
  void advance(Duration by) {
    nanos += by.toNanos();
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return START.plusNanos(nanos);
  }

  @Override
  public Duration idle(Duration untilTimer, boolean outside) {
    if (outside || untilTimer.toNanos() == Long.MAX_VALUE) {
      return untilTimer;
    }
    nanos += untilTimer.toNanos();
    return Duration.ZERO;
  }
}
