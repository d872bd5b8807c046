package dev.thrum.internal;

import dev.thrum.internal.engine.Fiber;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The fibers that can run, first in, first out: a ring that grows. Belongs to one loop.
///
/// Each has a place, how many have come before it, and lies at its place in the ring.
public final class ReadyQueue {
  private static final int SMALLEST = 64;

  private @Nullable Fiber[] ring = new @Nullable Fiber[SMALLEST];
  private long taken;
  private int size;

  /// An empty queue.
  public ReadyQueue() {}

  /// Appends.
  ///
  /// @param fiber a fiber that is not in the queue
  public void add(Fiber fiber) {
    if (size == ring.length) {
      resize(size * 2);
    }
    fiber.place = taken + size++;
    ring[at(fiber.place)] = fiber;
  }

  /// Takes the first.
  ///
  /// @return the fiber that has waited longest, or null
  public @Nullable Fiber poll() {
    if (size == 0) {
      return null;
    }
    int at = at(taken++);
    Fiber first = ring[at];
    ring[at] = null;
    if (--size == 0 && ring.length > 1024) {
      resize(SMALLEST);
    }
    return first;
  }

  /// Looks at one.
  ///
  /// @param index 0 for the one that has waited longest
  /// @return the fiber
  public Fiber get(int index) {
    return Objects.requireNonNull(ring[at(taken + index)]);
  }

  /// Whether one is in the queue.
  ///
  /// @param fiber the fiber
  /// @return true if it is
  public boolean contains(Fiber fiber) {
    return ring[at(fiber.place)] == fiber;
  }

  /// Takes one out of its turn.
  ///
  /// @param index 0 for the one that has waited longest
  /// @return the fiber
  public Fiber take(int index) {
    Fiber chosen = get(index);
    for (int i = index - 1; i >= 0; i--) {
      Fiber before = get(i);
      before.place++;
      ring[at(before.place)] = before;
    }
    var _ = poll();
    return chosen;
  }

  /// How many are ready.
  ///
  /// @return the length
  public int size() {
    return size;
  }

  private int at(long place) {
    return (int) place & (ring.length - 1);
  }

  private void resize(int capacity) {
    @Nullable Fiber[] old = ring;
    ring = new @Nullable Fiber[capacity];
    for (long place = taken; place < taken + size; place++) {
      ring[at(place)] = old[(int) place & (old.length - 1)];
    }
  }
}
