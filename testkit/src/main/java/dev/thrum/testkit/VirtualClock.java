package dev.thrum.testkit;

import dev.thrum.Loop;
import dev.thrum.internal.Menu;
import dev.thrum.internal.PollerHost;
import dev.thrum.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A clock that does not tick: it stands while any task is ready, and moves when all of them wait,
/// so that an hour's timeouts take milliseconds and happen in the same order each time.
///
/// ```java
/// Runner.builder().time(VirtualClock.autojump()).run(() -> sleep(ofHours(1)));
/// ```
///
/// It belongs to one loop. What waits by the machine's clock does not move with it: `Thread.sleep`,
/// `LockSupport.parkNanos` and timed waits of the JDK take as long as they take; [AsyncTest] names
/// the lines. While work outside the loop is under way (`blocking`, files, sockets) it stands,
/// since nobody knows when that will come back, unless it was given a threshold.
public final class VirtualClock implements TimeSource {
  private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
  private static final Duration SILENCE = Duration.ofMillis(500);

  private final boolean jumps;
  private final @Nullable Duration threshold;
  private long nanos;
  private long askedAt;
  private long granted = -1;
  private Runnable onSilence = () -> {};

  private VirtualClock(boolean jumps, @Nullable Duration threshold) {
    this.jumps = jumps;
    this.threshold = threshold;
  }

  /// A clock that jumps to the next timer as soon as all tasks wait and nothing outside the loop is
  /// under way.
  ///
  /// @return a new clock, at the beginning of 2025 in UTC
  public static VirtualClock autojump() {
    return new VirtualClock(true, null);
  }

  /// A clock that jumps although something outside the loop is under way, once nothing has come of
  /// that for a while. For tests with real sockets, which are always "under way".
  ///
  /// @param threshold how long, by the machine's clock, all tasks must have waited
  /// @return a new clock
  public static VirtualClock autojump(Duration threshold) {
    if (threshold.isNegative()) {
      throw new IllegalArgumentException("a threshold is not negative: " + threshold);
    }
    return new VirtualClock(true, threshold);
  }

  /// A clock that moves only when it is told to.
  ///
  /// @return a new clock
  public static VirtualClock manual() {
    return new VirtualClock(false, null);
  }

  /// Moves on, from timer to timer: before each of them, and at the end, everything runs that can.
  /// By a task of the loop.
  ///
  /// @param by how far
  /// @throws IllegalArgumentException if that is negative
  /// @throws IllegalStateException outside a task, or if the loop's clock is another one
  /// @throws dev.thrum.CancelledException if the caller is cancelled
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("a clock does not go back: " + by);
    }
    long target = Math.addExact(nanos, by.toNanos());
    Menu loop = loop();
    Tasks.waitAllBlocked();
    while (loop.earliest() <= target) {
      nanos = Math.max(nanos, loop.earliest());
      Tasks.waitAllBlocked();
    }
    nanos = Math.max(nanos, target);
    Tasks.waitAllBlocked();
  }

  /// Waits until every other task waits; see [Tasks#waitAllBlocked()].
  ///
  /// @throws dev.thrum.CancelledException if the caller is cancelled
  public void settle() {
    Tasks.waitAllBlocked();
  }

  private Menu loop() {
    PollerHost loop = (PollerHost) Loop.current();
    loop.checkHere("a virtual clock");
    return loop.menu();
  }

  /// How far it has moved.
  ///
  /// @return the time since it was made
  public Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  /// Called, on the loop's bare thread, when all tasks have waited for half a second of the
  /// machine's time and neither a timer nor anything outside can end that.
  void onSilence(Runnable action) {
    onSilence = Objects.requireNonNull(action);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return START.plusNanos(nanos);
  }

  /// Moves on if it may.
  @Override
  public Duration idle(Duration untilTimer, boolean outside) {
    boolean timer = untilTimer.toNanos() != Long.MAX_VALUE;
    if (timer && jumps && (!outside || hasWaited(threshold))) {
      granted = -1;
      nanos = Math.addExact(nanos, untilTimer.toNanos());
      return Duration.ZERO;
    }
    if (outside) {
      return timer && threshold != null ? grant(threshold) : Duration.ofNanos(Long.MAX_VALUE);
    }
    if (hasWaited(SILENCE)) {
      onSilence.run();
    }
    return grant(SILENCE);
  }

  private Duration grant(Duration wait) {
    askedAt = System.nanoTime();
    granted = wait.toNanos();
    return wait;
  }

  /// Whether the last wait was for that long and came to its end: nothing has happened meanwhile.
  private boolean hasWaited(@Nullable Duration wait) {
    return wait != null && granted == wait.toNanos() && System.nanoTime() - askedAt >= granted;
  }
}
