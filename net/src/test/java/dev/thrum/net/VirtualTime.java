package dev.thrum.net;

import dev.thrum.Runner;
import dev.thrum.VoidBody;
import dev.thrum.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;

/// A clock that jumps to the next timer as soon as nothing is ready and nobody waits for the world
/// outside.
final class VirtualTime implements TimeSource {
  private long nanos;
  private int jumps;

  /// Runs a body on a loop with virtual time, on the engine under test.
  static <X extends Throwable> VirtualTime run(VoidBody<X> body) throws X {
    VirtualTime time = new VirtualTime();
    Runner.builder().time(time).run(body);
    return time;
  }

  /// How often it has jumped.
  int jumps() {
    return jumps;
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
    jumps++;
    return Duration.ZERO;
  }
}
