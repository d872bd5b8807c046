package dev.thrum.internal;

import java.util.Arrays;
import java.util.List;
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
    insert(timer);
  }

  /// Takes a timer out; harmless if it is not set.
  ///
  /// @param timer the timer
  public void unset(Timer timer) {
    if (timer.index != Timer.UNSET) {
      remove(timer);
      shrink();
    }
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

  /// Finds what is due, in order of time.
  ///
  /// @param now the time in nanoseconds of the loop
  /// @param into where to put the timers
  public void due(long now, List<Timer> into) {
    due(0, now, into);
  }

  private void due(int at, long now, List<Timer> into) {
    if (at >= size || heap[at].when > now) {
      return;
    }
    Timer timer = heap[at];
    int place = into.size();
    while (place > 0 && into.get(place - 1).isAfter(timer)) {
      place--;
    }
    into.add(place, timer);
    for (int child = at * ARITY + 1; child <= at * ARITY + ARITY; child++) {
      due(child, now, into);
    }
  }

  /// Fires one, whatever its time.
  ///
  /// @param timer a timer that is set
  public void fire(Timer timer) {
    unset(timer);
    timer.fire();
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

  /// Where a stack has no room left, a call fails. So what changes the heap calls nothing.
  @SuppressWarnings("NullAway")
  private void insert(Timer timer) {
    Timer[] slots = heap;
    int at = size++;
    while (at > 0) {
      int up = (at - 1) / ARITY;
      Timer above = slots[up];
      if (above.when < timer.when || (above.when == timer.when && above.order < timer.order)) {
        break;
      }
      slots[at] = above;
      above.index = at;
      at = up;
    }
    slots[at] = timer;
    timer.index = at;
  }

  /// The last timer takes the free place and moves from there, down or up.
  @SuppressWarnings("NullAway") // an empty slot is never read
  private void remove(Timer timer) {
    Timer[] slots = heap;
    int at = timer.index;
    timer.index = Timer.UNSET;
    Timer last = slots[--size];
    slots[size] = null;
    if (last == timer) {
      return;
    }
    int from = at;
    for (int first = at * ARITY + 1; first < size; first = at * ARITY + 1) {
      int least = first;
      int end = first + ARITY < size ? first + ARITY : size;
      for (int child = first + 1; child < end; child++) {
        Timer a = slots[child];
        Timer b = slots[least];
        if (a.when < b.when || (a.when == b.when && a.order < b.order)) {
          least = child;
        }
      }
      Timer below = slots[least];
      if (last.when < below.when || (last.when == below.when && last.order < below.order)) {
        break;
      }
      slots[at] = below;
      below.index = at;
      at = least;
    }
    while (at == from && at > 0) {
      int up = (at - 1) / ARITY;
      Timer above = slots[up];
      if (above.when < last.when || (above.when == last.when && above.order < last.order)) {
        break;
      }
      slots[at] = above;
      above.index = at;
      at = up;
      from = up;
    }
    slots[at] = last;
    last.index = at;
  }

  private void shrink() {
    if (heap.length > 1024 && size < heap.length / 4) {
      heap = Arrays.copyOf(heap, heap.length / 2);
    }
  }
}
