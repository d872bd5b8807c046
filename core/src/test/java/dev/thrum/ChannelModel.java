package dev.thrum;

import dev.thrum.Lockstep.Waiting;
import dev.thrum.channel.Overflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A channel as its documentation describes it, without tasks: for [Lockstep].
final class ChannelModel {
  static final Object SENT = Lockstep.mark("sent");
  static final Object CLOSED = Lockstep.mark("closed");
  static final Object FULL = Lockstep.mark("full");

  /// In what order items come.
  enum Order {
    FIRST_IN_FIRST_OUT,
    LAST_IN_FIRST_OUT,
    PRIORITY
  }

  /// Which of two items comes first.
  static final Comparator<Integer> PRIORITY = Comparator.comparingInt(item -> item % 4);

  /// What a select comes to: which of its clauses won, and with what.
  record Won(int clause, Object with) {}

  private record Entry(Waiting who, int clause, @Nullable Integer item) {
    void serve(Object with) {
      boolean plain = clause < 0 || (with == CLOSED && item != null);
      who.serve(plain ? with : new Won(clause, with));
    }
  }

  final List<Integer> items = new ArrayList<>();
  final List<Integer> discarded = new ArrayList<>();
  private final int capacity;
  private final Overflow overflow;
  private final Order order;
  private final ArrayDeque<Entry> senders = new ArrayDeque<>();
  private final ArrayDeque<Entry> receivers = new ArrayDeque<>();
  boolean closed;

  ChannelModel(int capacity, Overflow overflow, Order order) {
    this.capacity = capacity;
    this.overflow = overflow;
    this.order = order;
  }

  /// What comes of sending, or null if it has to wait.
  @Nullable Object send(int item) {
    if (closed) {
      return CLOSED;
    }
    Entry receiver = next(receivers);
    if (receiver != null) {
      receiver.serve(item);
      return SENT;
    }
    if (items.size() < capacity) {
      items.add(item);
      return SENT;
    }
    return switch (overflow) {
      case SUSPEND -> null;
      case FAIL -> FULL;
      case DROP_NEWEST -> {
        discarded.add(item);
        yield SENT;
      }
      case DROP_OLDEST -> {
        discarded.add(items.removeFirst());
        items.add(item);
        yield SENT;
      }
    };
  }

  /// An item, [#CLOSED], or null if it has to wait.
  @Nullable Object receive() {
    Integer item = poll();
    Entry sender = next(senders);
    if (sender == null) {
      return item == null && closed ? CLOSED : item;
    }
    sender.serve(SENT);
    if (item == null) {
      return sender.item;
    }
    items.add(sender.item);
    return item;
  }

  void awaitSending(Waiting who, int clause, int item) {
    senders.add(new Entry(who, clause, item));
  }

  void awaitReceiving(Waiting who, int clause) {
    receivers.add(new Entry(who, clause, null));
  }

  void close() {
    closed = true;
    Stream.concat(senders.stream(), receivers.stream())
        .filter(entry -> !entry.who.isServed())
        .forEach(entry -> entry.serve(CLOSED));
  }

  void cancel() {
    close();
    for (Integer item = poll(); item != null; item = poll()) {
      discarded.add(item);
    }
  }

  int waitingSenders() {
    return waiting(senders);
  }

  int waitingReceivers() {
    return waiting(receivers);
  }

  private static int waiting(ArrayDeque<Entry> queue) {
    queue.removeIf(entry -> entry.who.isServed());
    return queue.size();
  }

  private static @Nullable Entry next(ArrayDeque<Entry> queue) {
    Entry entry = queue.poll();
    while (entry != null && entry.who.isServed()) {
      entry = queue.poll();
    }
    return entry;
  }

  private @Nullable Integer poll() {
    if (items.isEmpty()) {
      return null;
    }
    return switch (order) {
      case FIRST_IN_FIRST_OUT -> items.removeFirst();
      case LAST_IN_FIRST_OUT -> items.removeLast();
      case PRIORITY -> {
        Integer least = items.stream().min(PRIORITY).orElseThrow();
        items.remove((Object) least);
        yield least;
      }
    };
  }
}
