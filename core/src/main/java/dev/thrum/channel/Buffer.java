package dev.thrum.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stands in a channel. Touched under the channel's guard.
sealed interface Buffer<T> {

  int size();

  void add(T item);

  /// Takes the item that comes first, or null.
  @Nullable T poll();

  /// Takes the item that has stood here longest.
  @Nullable T pollOldest();

  /// Takes all, in any order.
  List<T> drain();

  /// First in, first out: a ring that grows up to the channel's capacity, and shrinks once a burst
  /// is over. A channel that never holds an item needs none.
  final class Ring<T> implements Buffer<T> {
    private static final int SMALLEST = 16;
    private static final int LARGE = 4096;
    private static final @Nullable Object[] NONE = {};

    private final int smallest;
    private @Nullable Object[] ring = NONE;
    private int head;
    private int size;

    Ring(int capacity) {
      this.smallest = Integer.highestOneBit(Math.max(1, Math.min(capacity, SMALLEST) * 2 - 1));
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
        ring = NONE;
        head = 0;
      }
      return (T) first;
    }

    @Override
    public @Nullable T pollOldest() {
      return poll();
    }

    @Override
    public List<T> drain() {
      List<T> all = new ArrayList<>(size);
      for (T item = poll(); item != null; item = poll()) {
        all.add(item);
      }
      return all;
    }

    private void grow() {
      @Nullable Object[] bigger = new @Nullable Object[Math.max(smallest, ring.length * 2)];
      System.arraycopy(ring, head, bigger, 0, ring.length - head);
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

    @Override
    public List<T> drain() {
      List<T> all = new ArrayList<>(items);
      items.clear();
      return all;
    }
  }

  /// The least first, and of equal ones the first that came: a binary heap.
  ///
  /// It compares before it moves anything: an order that throws leaves all as it was.
  final class Heap<T> implements Buffer<T> {
    private record Entry<T>(T item, long number) {}

    private final Comparator<? super T> order;
    private final ArrayList<Entry<T>> entries = new ArrayList<>();
    private long numbers;

    Heap(Comparator<? super T> order) {
      this.order = order;
    }

    @Override
    public int size() {
      return entries.size();
    }

    @Override
    public void add(T item) {
      Entry<T> entry = new Entry<>(item, numbers++);
      int bottom = entries.size();
      int place = bottom;
      while (place > 0 && isBefore(entry, entries.get(above(place)))) {
        place = above(place);
      }
      entries.add(entry);
      for (int at = bottom; at > place; at = above(at)) {
        entries.set(at, entries.get(above(at)));
      }
      entries.set(place, entry);
    }

    @Override
    public @Nullable T poll() {
      int bottom = entries.size() - 1;
      if (bottom < 0) {
        return null;
      }
      Entry<T> carried = entries.get(bottom);
      for (int at = placeOf(carried, bottom); at > 0; at = above(at)) {
        carried = entries.set(at, carried);
      }
      T first = entries.set(0, carried).item;
      entries.removeLast();
      return first;
    }

    /// Where the last entry goes when the first one is gone: down, past all that come before it.
    private int placeOf(Entry<T> last, int bottom) {
      int place = 0;
      int next = firstBelow(place, bottom);
      while (next < bottom && isBefore(entries.get(next), last)) {
        place = next;
        next = firstBelow(place, bottom);
      }
      return place;
    }

    private int firstBelow(int at, int bottom) {
      int left = 2 * at + 1;
      int right = left + 1;
      return right < bottom && isBefore(entries.get(right), entries.get(left)) ? right : left;
    }

    private static int above(int at) {
      return (at - 1) / 2;
    }

    private boolean isBefore(Entry<T> one, Entry<T> other) {
      int compared = order.compare(one.item, other.item);
      return compared == 0 ? one.number < other.number : compared < 0;
    }

    @Override
    public @Nullable T pollOldest() {
      throw new AssertionError("refused when the channel was built");
    }

    @Override
    public List<T> drain() {
      List<T> all = new ArrayList<>();
      entries.forEach(entry -> all.add(entry.item));
      entries.clear();
      return all;
    }
  }
}
