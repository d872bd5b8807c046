package dev.thrum.internal;

import dev.thrum.internal.engine.Fiber;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The fibers that can run, first in, first out: a ring that grows. Belongs to one loop.
public final class ReadyQueue {
  private static final int SMALLEST = 64;

  private @Nullable Fiber[] ring = new @Nullable Fiber[SMALLEST];
  private int head;
  private int size;

  /// An empty queue.
  public ReadyQueue() {}

  /// Appends it, unless it is there.
  ///
  /// @param fiber a fiber that can run
  /// @return false if it was
  public boolean add(Fiber fiber) {
    if (fiber.isReady) {
      return false;
    }
    fiber.isReady = true;
    if (size == ring.length) {
      resize(size * 2);
    }
    ring[(head + size++) & (ring.length - 1)] = fiber;
    return true;
  }

  /// Takes the first.
  ///
  /// @return the fiber that has waited longest, or null
  public @Nullable Fiber poll() {
    if (size == 0) {
      return null;
    }
    Fiber first = get(0);
    first.isReady = false;
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
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
    return Objects.requireNonNull(ring[(head + index) & (ring.length - 1)]);
  }

  /// Takes one out of its turn.
  ///
  /// @param index 0 for the one that has waited longest
  /// @return the fiber
  public Fiber take(int index) {
    Fiber taken = get(index);
    for (int at = index; at > 0; at--) {
      ring[(head + at) & (ring.length - 1)] = ring[(head + at - 1) & (ring.length - 1)];
    }
    ring[head] = taken;
    var _ = poll();
    return taken;
  }

  /// How many are ready.
  ///
  /// @return the length
  public int size() {
    return size;
  }

  private void resize(int capacity) {
    @Nullable Fiber[] bigger = new @Nullable Fiber[capacity];
    int tail = Math.min(size, ring.length - head);
    System.arraycopy(ring, head, bigger, 0, tail);
    System.arraycopy(ring, 0, bigger, tail, size - tail);
    ring = bigger;
    head = 0;
  }
}
