package dev.thrum.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A 4-ary heap of timers that know their place in it, so that a cancelled one leaves at once.
///
/// Equal times fire in the order they were set. Not thread-safe: it belongs to one loop.
public final class Timers {
  private static final int ARITY = 4;

  private Timer[] heap = new Timer[16];
  private int size;
  private long orders;

  /// An empty heap.
  public Timers() {}

  /// Sets a timer, or moves one that is set already; it then queues behind equal times.
  ///
  /// @param timer the timer
  /// @param when its time in nanoseconds of the loop
  public void set(Timer timer, long when) {
    unset(timer);
    timer.when = when;
    timer.order = orders++;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    siftUp(size++, timer);
  }

  /// Takes a timer out; harmless if it is not set.
  ///
  /// @param timer the timer
  public void unset(Timer timer) {
    int at = timer.index;
    if (at == Timer.UNSET) {
      return;
    }
    timer.index = Timer.UNSET;
    Timer last = heap[--size];
    clear(size);
    if (last != timer) {
      siftDown(at, last);
      if (heap[at] == last) {
        siftUp(at, last);
      }
    }
    shrink();
  }

  /// Whether nothing is set.
  ///
  /// @return true if empty
  public boolean isEmpty() {
    return size == 0;
  }

  /// How many are set.
  ///
  /// @return the number of timers
  public int size() {
    return size;
  }

  /// The earliest time.
  ///
  /// @return nanoseconds of the loop, [Long#MAX_VALUE] if nothing is set
  public long earliest() {
    return size == 0 ? Long.MAX_VALUE : heap[0].when;
  }

  /// Fires what is due, in order of time.
  ///
  /// @param now the time in nanoseconds of the loop
  public void fireUntil(long now) {
    long last = orders;
    Timer head = due(now, last);
    while (head != null) {
      unset(head);
      head.fire();
      head = due(now, last);
    }
  }

  private @Nullable Timer due(long now, long last) {
    return size > 0 && heap[0].when <= now && heap[0].order < last ? heap[0] : null;
  }

  private void siftUp(int from, Timer timer) {
    int at = from;
    while (at > 0) {
      int up = (at - 1) / ARITY;
      if (!earlier(timer, heap[up])) {
        break;
      }
      place(at, heap[up]);
      at = up;
    }
    place(at, timer);
  }

  private void siftDown(int from, Timer timer) {
    int at = from;
    for (int first = at * ARITY + 1; first < size; first = at * ARITY + 1) {
      int least = first;
      int end = Math.min(first + ARITY, size);
      for (int child = first + 1; child < end; child++) {
        if (earlier(heap[child], heap[least])) {
          least = child;
        }
      }
      if (!earlier(heap[least], timer)) {
        break;
      }
      place(at, heap[least]);
      at = least;
    }
    place(at, timer);
  }

  private void place(int at, Timer timer) {
    heap[at] = timer;
    timer.index = at;
  }

  @SuppressWarnings("NullAway") // an empty slot is never read
  private void clear(int at) {
    heap[at] = null;
  }

  private void shrink() {
    if (heap.length > 1024 && size < heap.length / 4) {
      heap = Arrays.copyOf(heap, heap.length / 2);
    }
  }

  private static boolean earlier(Timer a, Timer b) {
    return a.when < b.when || (a.when == b.when && a.order < b.order);
  }
}
