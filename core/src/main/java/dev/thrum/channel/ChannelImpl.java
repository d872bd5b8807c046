package dev.thrum.channel;

import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A buffer between two queues of waiters.
///
/// Under the guard, one of three things holds: receivers wait and there is nothing; senders wait
/// and there is no room; or nobody waits. A sender therefore gives its item to the first receiver,
/// else to the buffer, else waits with it; a receiver takes from the buffer, where the first
/// sender's item then gets the place, else from the first sender, else waits. Once it has ended, no
/// sender waits, and receivers find what is left and then the end.
final class ChannelImpl<T> extends Inlet<T> implements Channel<T> {
  private final @Nullable String name;
  private final Buffer<T> buffer;
  private final int capacity;
  private final Overflow overflow;
  private final @Nullable Consumer<? super T> listener;
  private final WaitQueue senders = new WaitQueue();
  private volatile @Nullable End end;
  private @Nullable Waiter served;
  private @Nullable T dropped;
  private int handles;

  ChannelImpl(
      @Nullable String name,
      Buffer<T> buffer,
      int capacity,
      Overflow overflow,
      @Nullable Consumer<? super T> listener) {
    this.name = name;
    this.buffer = buffer;
    this.capacity = capacity;
    this.overflow = overflow;
    this.listener = listener;
  }

  @Override
  Guarded lock() {
    return this;
  }

  // Sending

  @Override
  public void send(T item) {
    send(item, this);
  }

  void send(T item, Object via) {
    var _ = check(item);
    Party me = Party.current();
    me.enter();
    boolean placed;
    Waiter woken;
    T refused;
    guard();
    try {
      placed = place(item, false);
      woken = takeServed();
      refused = takeDropped();
      if (!placed) {
        Waiter waiter = me.waiter();
        waiter.begin(via, item);
        senders.add(waiter);
      }
    } finally {
      unguard();
    }
    if (placed) {
      wake(woken);
      discard(refused);
      me.passed();
    } else {
      checkSent(await(senders, me));
    }
  }

  static void checkSent(@Nullable Object handed) {
    switch (handed) {
      case End closed -> throw closed.forSender();
      case RuntimeException refused -> throw refused;
      case null, default -> {}
    }
  }

  /// The channel that a sender of any kind sends into.
  @SuppressWarnings("unchecked") // it takes more than the caller asks for
  static <T> ChannelImpl<T> behind(Sender<? super T> sender) {
    return switch (Objects.requireNonNull(sender, "channel")) {
      case ChannelImpl<? super T> channel -> (ChannelImpl<T>) channel;
      case SenderHandle<? super T> handle -> (ChannelImpl<T>) handle.channel();
    };
  }

  @Override
  public boolean trySend(T item) {
    var _ = check(item);
    boolean placed;
    Waiter woken;
    T refused;
    guard();
    try {
      placed = place(item, true);
      woken = takeServed();
      refused = takeDropped();
    } finally {
      unguard();
    }
    wake(woken);
    discard(refused);
    return placed;
  }

  static <I> I check(I item) {
    return Objects.requireNonNull(
        item,
        "item: a channel carries no null; send an Optional, or a record that says what null meant");
  }

  /// Puts an item where it goes now, if it goes anywhere. Under the guard.
  boolean place(T item, boolean trying) {
    End known = end;
    if (known != null) {
      throw known.forSender();
    }
    Waiter receiver = receivers.poll();
    if (receiver != null) {
      receiver.hand(item);
      served = receiver;
      return true;
    }
    if (buffer.size() < capacity) {
      buffer.add(item);
      return true;
    }
    return switch (overflow) {
      case SUSPEND -> false;
      case DROP_OLDEST -> {
        dropped = buffer.pollOldest();
        buffer.add(item);
        yield true;
      }
      case DROP_NEWEST -> {
        dropped = item;
        yield true;
      }
      case FAIL -> {
        if (trying) {
          yield false;
        }
        throw new ChannelFullException(
            this + " is full: give it more room, receive faster, or let senders wait");
      }
    };
  }

  // Receiving

  @Override
  @SuppressWarnings("unchecked") // what senders bring
  @Nullable Object takeNow() {
    T item = buffer.poll();
    Waiter sender = senders.isEmpty() ? null : senders.poll();
    if (sender == null) {
      return item == null ? end : item;
    }
    served = sender;
    T brought = (T) Objects.requireNonNull(sender.item());
    if (item == null) {
      sender.hand(null);
      return brought;
    }
    try {
      buffer.add(brought);
      sender.hand(null);
    } catch (RuntimeException incomparable) {
      sender.hand(incomparable);
    }
    return item;
  }

  @Override
  @Nullable Waiter takeServed() {
    Waiter waiter = served;
    served = null;
    return waiter;
  }

  @Nullable T takeDropped() {
    T item = dropped;
    dropped = null;
    return item;
  }

  void discard(@Nullable T item) {
    if (item != null && listener != null) {
      listener.accept(item);
    }
  }

  @Nullable End end() {
    return end;
  }

  WaitQueue senders() {
    return senders;
  }

  // The end

  @Override
  public Sender<T> sender() {
    guard();
    try {
      End known = end;
      if (known != null) {
        throw known.forSender();
      }
      handles++;
      return new SenderHandle<>(this);
    } finally {
      unguard();
    }
  }

  void handleClosed(SenderHandle<T> handle) {
    List<Waiter> woken = new ArrayList<>();
    boolean last;
    guard();
    try {
      last = --handles == 0 && end == null;
      senders.pollAll(waiter -> waiter.on() == handle, handle.closed(), woken);
    } finally {
      unguard();
    }
    wake(woken);
    if (last) {
      var _ = end("closed", null, false);
    }
  }

  @Override
  public void close() {
    close("closed", null);
  }

  @Override
  public void close(Throwable error) {
    close("closed with an error", Objects.requireNonNull(error, "error"));
  }

  private void close(String how, @Nullable Throwable error) {
    if (!end(how, error, false)) {
      throw new IllegalStateException(
          this
              + " is closed already: let the one who sends last close it, or give each sender its"
              + " own handle with sender()");
    }
  }

  @Override
  public void cancel() {
    var _ = end("cancelled by its receiver", null, true);
  }

  private boolean end(String how, @Nullable Throwable error, boolean discarding) {
    List<Waiter> woken = new ArrayList<>();
    List<T> discarded = new ArrayList<>();
    guard();
    try {
      if (end != null && !discarding) {
        return false;
      }
      End now = end == null ? new End(describe(), how, error) : end;
      end = now;
      senders.pollAll(_ -> true, now, woken);
      if (discarding) {
        for (T item = buffer.poll(); item != null; item = buffer.poll()) {
          discarded.add(item);
        }
      }
      receivers.pollAll(_ -> true, now, woken);
    } finally {
      unguard();
    }
    wake(woken);
    discarded.forEach(this::discard);
    return true;
  }

  @Override
  public boolean isClosed() {
    return end != null;
  }

  @Override
  public int size() {
    guard();
    try {
      return buffer.size();
    } finally {
      unguard();
    }
  }

  private String describe() {
    return name == null ? "channel@" + number() : "channel " + name;
  }

  @Override
  public String toString() {
    String room =
        switch (capacity) {
          case 0 -> "rendezvous";
          case Integer.MAX_VALUE -> buffer.size() + " items";
          default -> buffer.size() + " of " + capacity + " items";
        };
    return describe() + " (" + room + (end == null ? ")" : ", closed)");
  }
}
