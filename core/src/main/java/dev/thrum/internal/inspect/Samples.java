package dev.thrum.internal.inspect;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What the sampler knows of one loop. By its thread only; the counters may be read by anybody.
public final class Samples {
  final AtomicLong taken = new AtomicLong();
  final AtomicLong busy = new AtomicLong();
  final AtomicLong stalls = new AtomicLong();
  volatile @Nullable Stall current;

  long lastSteps = -1;
  long sinceNanos;
  @Nullable StallShare share;
  long nextReport;

  /// Nothing has been seen.
  public Samples() {}
}
