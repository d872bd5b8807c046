package dev.thrum.spi;

import java.time.Instant;

/// The monotonic clock, anchored once at the wall clock.
record SystemTime(Instant start, long origin) implements TimeSource {

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - origin);
  }
}
