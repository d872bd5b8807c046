package dev.thrum.channel;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// What stands in a channel. Touched under the channel's guard.
sealed interface Buffer<T> {

  int size();

  void add(T item);

  /// Takes the item that comes first, or null.
  @Nullable T poll();

  /// Takes the item that has stood here longest.
  @Nullable T pollOldest();

  /// First in, first out: a ring that grows up to the channel's capacity, and shrinks once a burst
  /// is over.
  final class Ring<T> implements Buffer<T> {
    private static final int SMALLEST = 16;
    private static final int LARGE = 4096;

    private final int smallest;
    private @Nullable Object[] ring;
    private int head;
    private int size;

    Ring(int capacity) {
      this.smallest = Integer.highestOneBit(Math.max(1, Math.min(capacity, SMALLEST) * 2 - 1));
      this.ring = new @Nullable Object[smallest];
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public void add(T item) {
      if (size == ring.length) {
        grow();
      }
      ring[(head + size++) & (ring.length - 1)] = item;
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable T poll() {
      if (size == 0) {
        return null;
      }
      Object first = ring[head];
      ring[head] = null;
      head = (head + 1) & (ring.length - 1);
      if (--size == 0 && ring.length >= LARGE) {
        ring = new @Nullable Object[smallest];
        head = 0;
      }
      return (T) first;
    }

    @Override
    public @Nullable T pollOldest() {
      return poll();
    }

    private void grow() {
      @Nullable Object[] bigger = Arrays.copyOfRange(ring, head, head + ring.length * 2);
      System.arraycopy(ring, 0, bigger, ring.length - head, head);
      ring = bigger;
      head = 0;
    }
  }

  /// Last in, first out.
  final class Stack<T> implements Buffer<T> {
    private final ArrayDeque<T> items = new ArrayDeque<>();

    @Override
    public int size() {
      return items.size();
    }

    @Override
    public void add(T item) {
      items.addLast(item);
    }

    @Override
    public @Nullable T poll() {
      return items.pollLast();
    }

    @Override
    public @Nullable T pollOldest() {
      return items.pollFirst();
    }
  }

  /// The least first, and of equal ones the first that came.
  final class Heap<T> implements Buffer<T> {
    private record Entry<T>(T item, long number) {}

    private final PriorityQueue<Entry<T>> items;
    private long numbers;

    Heap(Comparator<? super T> order) {
      Comparator<Entry<T>> byItem = (a, b) -> order.compare(a.item, b.item);
      this.items = new PriorityQueue<>(byItem.thenComparingLong(Entry::number));
    }

    @Override
    public int size() {
      return items.size();
    }

    @Override
    public void add(T item) {
      items.add(new Entry<>(item, numbers++));
    }

    @Override
    public @Nullable T poll() {
      Entry<T> first = items.poll();
      return first == null ? null : first.item;
    }

    @Override
    public @Nullable T pollOldest() {
      throw new AssertionError("refused when the channel was built");
    }
  }
}
