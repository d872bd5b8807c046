package dev.thrum.channel;

import dev.thrum.internal.Sneaky;
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
  private static final String WITH_ERROR = "closed with an error";

  private final String kind;
  private final @Nullable String name;
  private final Buffer<T> buffer;
  private final int capacity;
  private final Overflow overflow;
  private final @Nullable Consumer<? super T> listener;
  private final WaitQueue senders = new WaitQueue();
  private volatile @Nullable End end;
  private @Nullable Object served;
  private @Nullable T dropped;
  private int handles;
  private boolean closed;

  ChannelImpl(
      String kind,
      @Nullable String name,
      Buffer<T> buffer,
      int capacity,
      Overflow overflow,
      @Nullable Consumer<? super T> listener) {
    this.kind = kind;
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
    Object woken;
    T refused;
    guard();
    try {
      placed = place(item, via, false);
      woken = takeServed();
      refused = takeDropped();
      if (!placed) {
        senders.add(me.begin(via, item));
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
      case Throwable refused -> throw Sneaky.sneak(refused);
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
    return trySend(item, this);
  }

  boolean trySend(T item, Object via) {
    var _ = check(item);
    boolean placed;
    Object woken;
    T refused;
    guard();
    try {
      placed = place(item, via, true);
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
  boolean place(T item, Object via, boolean trying) {
    End known = endFor(via);
    if (known != null) {
      throw known.forSender();
    }
    Waiter receiver = receivers.poll();
    if (receiver != null) {
      receiver.hand(item);
      serve(receiver);
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
  boolean mayHaveSome() {
    return buffer.size() > 0 || !senders.isEmpty() || end != null;
  }

  @Override
  @Nullable Object takeNow() {
    T item = buffer.poll();
    if (senders.isEmpty()) {
      return item == null ? end : item;
    }
    if (item != null) {
      admitSender();
      return item;
    }
    Waiter sender = senders.poll();
    if (sender == null) {
      return end;
    }
    T brought = itemOf(sender);
    sender.hand(null);
    serve(sender);
    return brought;
  }

  /// Gives the place that came free to who has waited longest, but for those whose item the order
  /// cannot compare.
  private void admitSender() {
    for (Waiter sender = senders.poll(); sender != null; sender = senders.poll()) {
      serve(sender);
      try {
        buffer.add(itemOf(sender));
        sender.hand(null);
        return;
      } catch (Throwable incomparable) {
        sender.hand(incomparable);
      }
    }
  }

  @SuppressWarnings("unchecked") // what senders bring
  private T itemOf(Waiter sender) {
    return (T) Objects.requireNonNull(sender.item());
  }

  private void serve(Waiter waiter) {
    served = and(served, waiter);
  }

  @Override
  @Nullable Object takeServed() {
    Object all = served;
    served = null;
    return all;
  }

  /// Whether placing an item is worth a try; see [#mayHaveSome()].
  boolean mayPlace(Object via) {
    return !receivers.isEmpty()
        || buffer.size() < capacity
        || overflow != Overflow.SUSPEND
        || endFor(via) != null;
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

  /// Tells of each; the first exception comes out at the end, with the later ones.
  private void discardAll(List<T> items) {
    Throwable first = null;
    for (T item : items) {
      try {
        discard(item);
      } catch (Throwable failed) {
        if (first == null) {
          first = failed;
        } else if (first != failed) {
          first.addSuppressed(failed);
        }
      }
    }
    if (first != null) {
      throw Sneaky.sneak(first);
    }
  }

  /// How it ended for who sends through the channel itself or through a handle. Under the guard.
  @Nullable End endFor(Object via) {
    return via instanceof SenderHandle<?> handle && handle.isShut() ? handle.shut() : end;
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
    List<Waiter> woken;
    boolean last;
    guard();
    try {
      last = --handles == 0;
      closed |= last;
      woken = senders.handAllIf(waiter -> isVia(waiter, handle), handle.shut());
    } finally {
      unguard();
    }
    wake(woken);
    if (last) {
      end("closed", null, false);
    }
  }

  private static boolean isVia(Waiter waiter, SenderHandle<?> handle) {
    return waiter.on() == handle
        || (waiter.on() instanceof Selecting<?, ?> select && select.sendsVia(waiter, handle));
  }

  /// A handle of which there may be others was closed with an error: the first one counts.
  void handleFailed(Throwable error) {
    var _ = close(WITH_ERROR, error);
  }

  @Override
  public void close() {
    checkFirst(close("closed", null));
  }

  @Override
  public void close(Throwable error) {
    checkFirst(close(WITH_ERROR, Objects.requireNonNull(error, "error")));
  }

  private void checkFirst(boolean first) {
    if (!first) {
      throw new IllegalStateException(
          this
              + " is closed already: let the one who sends last close it, or give each sender its"
              + " own handle with sender()");
    }
  }

  /// Closes it, unless its receiver has cancelled it.
  ///
  /// @return false if it was closed before
  boolean close(String how, @Nullable Throwable error) {
    boolean first;
    guard();
    try {
      first = !closed;
      closed = true;
    } finally {
      unguard();
    }
    if (first) {
      end(how, error, false);
    }
    return first;
  }

  @Override
  public void cancel() {
    cancel("cancelled by its receiver");
  }

  void cancel(String how) {
    end(how, null, true);
  }

  /// Ends it if it has not ended; what is in it is discarded all the same.
  private void end(String how, @Nullable Throwable error, boolean discarding) {
    List<Waiter> woken = new ArrayList<>();
    List<T> discarded = List.of();
    guard();
    try {
      End now = end == null ? new End(describe(), how, error) : end;
      end = now;
      woken.addAll(senders.handAll(now));
      if (discarding) {
        discarded = buffer.drain();
      }
      woken.addAll(receivers.handAll(now));
    } finally {
      unguard();
    }
    wake(woken);
    discardAll(discarded);
  }

  @Override
  public boolean isClosed() {
    look();
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

  String describe() {
    return kind + (name == null ? "@" + number() : " " + name);
  }

  @Override
  public String toString() {
    look();
    String room =
        switch (capacity) {
          case 0 -> "rendezvous";
          case Integer.MAX_VALUE -> buffer.size() + " items";
          default -> buffer.size() + " of " + capacity + " items";
        };
    return describe() + " (" + room + (end == null ? ")" : ", closed)");
  }
}
