package dev.thrum.channel;

import dev.thrum.internal.LeftOpen;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A ring of numbered items, of which each reader knows the next one it gets.
///
/// `head` is the number of the oldest item that a reader has before it, `tail` the number that the
/// next item will have; with no reader behind, both are equal. A reader that waits has nothing
/// before it, so that a new item goes straight to it.
final class BroadcastImpl<T> extends Guarded implements Broadcast<T> {
  private final String kind;
  private final Overflow slowReader;
  private final @Nullable Object[] ring;
  private final List<Subscription<T>> readers = new ArrayList<>();
  private final WaitQueue senders = new WaitQueue();
  private long head;
  private long tail;
  private volatile @Nullable End end;
  private @Nullable List<Waiter> served;

  BroadcastImpl(String kind, int capacity, Overflow slowReader) {
    this.kind = kind;
    this.slowReader = slowReader;
    this.ring = new @Nullable Object[capacity];
  }

  static <T> BroadcastImpl<T> create(int capacity, Overflow slowReader) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "capacity " + capacity + ": a broadcast needs room for at least 1 item");
    }
    if (Objects.requireNonNull(slowReader, "slowReader") == Overflow.DROP_NEWEST) {
      throw new IllegalArgumentException(
          "DROP_NEWEST would drop an item for the fast readers too: use DROP_OLDEST, FAIL or"
              + " SUSPEND");
    }
    return new BroadcastImpl<>("broadcast", capacity, slowReader);
  }

  // Sending

  @Override
  public void send(T item) {
    var _ = ChannelImpl.check(item);
    Party me = Party.current();
    me.enter();
    boolean placed;
    List<Waiter> woken;
    guard();
    try {
      placed = place(item);
      woken = takeServed();
      if (!placed) {
        queue(senders, me, item);
      }
    } finally {
      unguard();
    }
    Inlet.wake(woken);
    if (placed) {
      me.passed();
    } else {
      ChannelImpl.checkSent(await(senders, me));
    }
  }

  @Override
  public boolean trySend(T item) {
    var _ = ChannelImpl.check(item);
    boolean placed;
    List<Waiter> woken;
    guard();
    try {
      placed = place(item);
      woken = takeServed();
    } finally {
      unguard();
    }
    Inlet.wake(woken);
    return placed;
  }

  /// Puts an item before all readers if there is room or the policy makes some. Under the guard.
  boolean place(T item) {
    checkOpen();
    if (tail - head >= ring.length && !makeRoom()) {
      return false;
    }
    append(item);
    return true;
  }

  /// Under the guard.
  void checkOpen() {
    End known = end;
    if (known != null) {
      throw known.forSender();
    }
  }

  private boolean makeRoom() {
    switch (slowReader) {
      case DROP_OLDEST -> {
        for (Subscription<T> reader : readers) {
          if (reader.next == head) {
            reader.next++;
            reader.missed++;
          }
        }
      }
      case FAIL -> {
        for (Subscription<T> reader : List.copyOf(readers)) {
          if (reader.next == head) {
            readers.remove(reader);
            reader.end =
                new End(
                    reader.toString(),
                    "out",
                    new ChannelFullException(
                        reader + " was " + ring.length + " items behind, and is out"));
          }
        }
      }
      default -> {
        return false;
      }
    }
    moveHead();
    return true;
  }

  private void append(T item) {
    ring[index(tail)] = item;
    tail++;
    for (Subscription<T> reader : readers) {
      reader.replay = null;
      Waiter waiter = reader.receivers.poll();
      if (waiter != null) {
        reader.next = tail;
        waiter.hand(item);
        serve(waiter);
      }
    }
    moveHead();
  }

  private int index(long number) {
    return (int) (number % ring.length);
  }

  private void moveHead() {
    long oldest = tail;
    for (Subscription<T> reader : readers) {
      oldest = Math.min(oldest, reader.next);
    }
    for (; head < oldest; head++) {
      ring[index(head)] = null;
    }
  }

  private void serve(Waiter waiter) {
    List<Waiter> all = served;
    if (all == null) {
      all = new ArrayList<>();
      served = all;
    }
    all.add(waiter);
  }

  @Nullable List<Waiter> takeServed() {
    List<Waiter> all = served;
    served = null;
    return all;
  }

  // Receiving

  @Nullable Object takeFor(Subscription<T> reader) {
    if (reader.replay != null) {
      T item = reader.replay;
      reader.replay = null;
      return item;
    }
    if (reader.end != null) {
      return reader.end;
    }
    if (reader.next == tail) {
      return end;
    }
    Object item = ring[index(reader.next)];
    boolean last = reader.next == head;
    reader.next++;
    if (last) {
      moveHead();
      admitSenders();
    }
    return item;
  }

  @SuppressWarnings("unchecked") // what senders bring
  private void admitSenders() {
    while (tail - head < ring.length) {
      Waiter sender = senders.isEmpty() ? null : senders.poll();
      if (sender == null) {
        return;
      }
      append((T) Objects.requireNonNull(sender.item()));
      sender.hand(null);
      serve(sender);
    }
  }

  int sizeFor(Subscription<T> reader) {
    guard();
    try {
      return reader.end != null ? 0 : (int) (tail - reader.next) + (reader.replay == null ? 0 : 1);
    } finally {
      unguard();
    }
  }

  @Override
  public Reader<T> subscribe() {
    Subscription<T> reader;
    guard();
    try {
      checkOpen();
      reader = subscribe(null);
    } finally {
      unguard();
    }
    // One that has read everything holds up nobody.
    reader.noted = LeftOpen.unlessClosed(reader, () -> !isClosed() && reader.size() > 0);
    return reader;
  }

  /// A reader that gets an item from before it first. Under the guard.
  Subscription<T> subscribe(@Nullable T replay) {
    Subscription<T> reader = new Subscription<>(this);
    reader.next = tail;
    reader.replay = replay;
    readers.add(reader);
    return reader;
  }

  void leave(Subscription<T> reader) {
    List<Waiter> woken;
    guard();
    try {
      if (!readers.remove(reader) && reader.end != null) {
        return;
      }
      reader.end = new End(reader.toString(), "cancelled", null);
      reader.replay = null;
      reader.receivers.handAll(reader.end).forEach(this::serve);
      moveHead();
      admitSenders();
      woken = takeServed();
    } finally {
      unguard();
    }
    Inlet.wake(woken);
  }

  @Override
  public int readers() {
    guard();
    try {
      return readers.size();
    } finally {
      unguard();
    }
  }

  // The end

  @Override
  public void close() {
    end("closed", null);
  }

  @Override
  public void close(Throwable error) {
    end("closed with an error", Objects.requireNonNull(error, "error"));
  }

  private void end(String how, @Nullable Throwable error) {
    List<Waiter> woken = new ArrayList<>();
    guard();
    try {
      if (end != null) {
        throw new IllegalStateException(
            this + " is closed already: let the one who sends last close it");
      }
      End now = new End(toString(), how, error);
      end = now;
      woken.addAll(senders.handAll(now));
      for (Subscription<T> reader : readers) {
        woken.addAll(reader.receivers.handAll(now));
      }
    } finally {
      unguard();
    }
    Inlet.wake(woken);
  }

  @Override
  public boolean isClosed() {
    look();
    return end != null;
  }

  @Override
  public String toString() {
    look();
    return kind + "@" + number();
  }
}
