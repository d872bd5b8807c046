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
  private long taken;

  /// An empty queue.
  public ReadyQueue() {}

  /// Appends.
  ///
  /// @param fiber a fiber that is not in the queue
  public void add(Fiber fiber) {
    fiber.place = taken + size;
    if (size == ring.length) {
      resize(size * 2);
    }
    ring[(head + size++) & (ring.length - 1)] = fiber;
  }

  /// Takes the first.
  ///
  /// @return the fiber that has waited longest, or null
  public @Nullable Fiber poll() {
    if (size == 0) {
      return null;
    }
    Fiber first = ring[head];
    ring[head] = null;
    taken++;
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

  /// Whether one is in the queue.
  ///
  /// @param fiber the fiber
  /// @return true if it is
  public boolean contains(Fiber fiber) {
    long index = fiber.place - taken;
    return 0 <= index && index < size && get((int) index) == fiber;
  }

  /// Takes one out of its turn.
  ///
  /// @param index 0 for the one that has waited longest
  /// @return the fiber
  public Fiber take(int index) {
    Fiber chosen = get(index);
    for (int at = index; at > 0; at--) {
      Fiber before = get(at - 1);
      before.place++;
      ring[(head + at) & (ring.length - 1)] = before;
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

  private void resize(int capacity) {
    @Nullable Fiber[] bigger = new @Nullable Fiber[capacity];
    int tail = Math.min(size, ring.length - head);
    System.arraycopy(ring, head, bigger, 0, tail);
    System.arraycopy(ring, 0, bigger, tail, size - tail);
    ring = bigger;
    head = 0;
  }
}
