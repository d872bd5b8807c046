package dev.thrum.testkit;

import dev.thrum.Runner;
import dev.thrum.VoidBody;
import dev.thrum.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;

/// A clock that jumps to the next timer as soon as nothing is ready, unless work outside the loop
/// is under way.
final class JumpingTime implements TimeSource {
  private long nanos;

  static <X extends Throwable> void run(VoidBody<X> body) throws X {
    Runner.builder().time(new JumpingTime()).run(body);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos);
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
