package dev.thrum.channel;

import dev.thrum.VoidBody;
import dev.thrum.VoidBodyOf;
import dev.thrum.internal.Bodies;
import dev.thrum.internal.Durations;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Happening;
import dev.thrum.internal.wait.Selectable;
import dev.thrum.internal.wait.Waiter;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What a select has to know of a clause. Those with a guard are looked at and queued under it.
abstract sealed class ClauseImpl<R extends @Nullable Object, X extends Throwable>
    implements Clause<R, X> {
  /// Stands for a value where none is handed over.
  static final Object READY = new Object();

  private boolean used;

  void use() {
    if (used) {
      throw new IllegalStateException(
          "a clause serves one select: make new ones where the select is called");
    }
    used = true;
  }

  /// Whether it wins if no other clause is ready now.
  boolean winsAtOnce() {
    return false;
  }

  /// What guards it, or null.
  @Nullable Guarded guarded() {
    return null;
  }

  /// Whether [#poll()] is worth a try. A look without the guard, which sees all that happened
  /// before.
  boolean mayBeReady() {
    return true;
  }

  /// Does what the clause is for if that is possible now. Under the guard.
  ///
  /// @return what is handed to the action, or null if it has to wait
  abstract @Nullable Object poll();

  /// Who was served by that, to be woken outside the guard.
  @Nullable Object takeServed() {
    return null;
  }

  /// What it brings with it into the queue.
  @Nullable Object offered() {
    return null;
  }

  void register(Waiter waiter) {}

  void unregister(Waiter waiter) {}

  /// Runs the action once the select is over.
  abstract R finish(@Nullable Object handed) throws X;

  /// An item of a channel.
  static final class Receive<T, R extends @Nullable Object, X extends Throwable>
      extends ClauseImpl<R, X> {
    private final Inlet<T> inlet;
    private final VoidBodyOf<? super T, ? extends X> action;
    private final @Nullable VoidBody<? extends X> atEnd;

    Receive(
        Receiver<T> receiver,
        VoidBodyOf<? super T, ? extends X> action,
        @Nullable VoidBody<? extends X> atEnd) {
      this.inlet = (Inlet<T>) Objects.requireNonNull(receiver, "channel");
      this.action = Objects.requireNonNull(action, "action");
      this.atEnd = atEnd;
    }

    @Override
    Guarded guarded() {
      return inlet.lock();
    }

    @Override
    boolean mayBeReady() {
      return inlet.mayHaveSome();
    }

    @Override
    @Nullable Object poll() {
      return inlet.takeNow();
    }

    @Override
    @Nullable Object takeServed() {
      return inlet.takeServed();
    }

    @Override
    void register(Waiter waiter) {
      inlet.receivers.add(waiter);
    }

    @Override
    void unregister(Waiter waiter) {
      inlet.receivers.remove(waiter);
    }

    @Override
    @SuppressWarnings("unchecked")
    R finish(@Nullable Object handed) throws X {
      if (handed instanceof End end) {
        if (atEnd == null || end.error() != null) {
          throw end.forReceiver();
        }
        return Bodies.run(atEnd);
      }
      return Bodies.run(action, (T) Objects.requireNonNull(handed));
    }

    @Override
    public String toString() {
      return "receive from " + inlet;
    }
  }

  /// Room in a channel.
  static final class Send<T, R extends @Nullable Object, X extends Throwable>
      extends ClauseImpl<R, X> {
    private final Sender<? super T> via;
    private final ChannelImpl<T> channel;
    private final T item;
    private final VoidBody<? extends X> action;
    private @Nullable T dropped;

    Send(Sender<? super T> via, T item, VoidBody<? extends X> action) {
      this.via = via;
      this.channel = ChannelImpl.behind(via);
      this.item = ChannelImpl.check(item);
      this.action = Objects.requireNonNull(action, "action");
    }

    @Override
    Guarded guarded() {
      return channel;
    }

    @Override
    boolean mayBeReady() {
      return channel.mayPlace(via);
    }

    @Override
    @Nullable Object poll() {
      End known = channel.endFor(via);
      if (known != null) {
        return known;
      }
      boolean placed = channel.place(item, via, false);
      dropped = channel.takeDropped();
      return placed ? READY : null;
    }

    @Override
    @Nullable Object takeServed() {
      return channel.takeServed();
    }

    @Override
    Object offered() {
      return item;
    }

    @Override
    void register(Waiter waiter) {
      channel.senders().add(waiter);
    }

    @Override
    void unregister(Waiter waiter) {
      channel.senders().remove(waiter);
    }

    @Override
    R finish(@Nullable Object handed) throws X {
      channel.discard(dropped);
      ChannelImpl.checkSent(handed);
      return Bodies.run(action);
    }

    boolean isVia(SenderHandle<?> handle) {
      return via == handle;
    }

    @Override
    public String toString() {
      return "send to " + via;
    }
  }

  /// Something of the kind of an event.
  static final class Signal<R extends @Nullable Object, X extends Throwable>
      extends ClauseImpl<R, X> {
    private final Selectable thing;
    private final VoidBody<? extends X> action;

    Signal(Selectable thing, VoidBody<? extends X> action) {
      this.thing = thing;
      this.action = Objects.requireNonNull(action, "action");
    }

    @Override
    Guarded guarded() {
      return (Guarded) thing;
    }

    @Override
    @Nullable Object poll() {
      return thing.isReady() ? READY : null;
    }

    @Override
    void register(Waiter waiter) {
      thing.register(waiter);
    }

    @Override
    void unregister(Waiter waiter) {
      thing.unregister(waiter);
    }

    @Override
    R finish(@Nullable Object handed) throws X {
      return Bodies.run(action);
    }

    @Override
    public String toString() {
      return thing.toString();
    }
  }

  /// The end of a task, or the cancellation of a scope.
  static final class Happened<
          T extends @Nullable Object, R extends @Nullable Object, X extends Throwable>
      extends ClauseImpl<R, X> {
    private final Happening happening;
    private final VoidBodyOf<? super T, ? extends X> action;
    private @Nullable BooleanSupplier listener;

    Happened(Happening happening, VoidBodyOf<? super T, ? extends X> action) {
      this.happening = happening;
      this.action = Objects.requireNonNull(action, "action");
    }

    @Override
    @Nullable Object poll() {
      return happening.hasHappened() ? READY : null;
    }

    @Override
    void register(Waiter waiter) {
      BooleanSupplier told = () -> waiter.serve(READY);
      listener = told;
      happening.tell(told);
    }

    @Override
    void unregister(Waiter waiter) {
      BooleanSupplier told = listener;
      if (told != null) {
        happening.forget(told);
      }
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the value is what the task gave
    R finish(@Nullable Object handed) throws X {
      return Bodies.run(action, (T) happening.result());
    }

    @Override
    public String toString() {
      return happening.toString();
    }
  }

  /// Some time.
  static final class After<R extends @Nullable Object, X extends Throwable>
      extends ClauseImpl<R, X> {
    final long nanos;
    private final VoidBody<? extends X> action;

    After(long nanos, VoidBody<? extends X> action) {
      this.nanos = nanos;
      this.action = Objects.requireNonNull(action, "action");
    }

    @Override
    boolean winsAtOnce() {
      return nanos == 0;
    }

    @Override
    boolean mayBeReady() {
      return false;
    }

    @Override
    @Nullable Object poll() {
      return null;
    }

    @Override
    R finish(@Nullable Object handed) throws X {
      return Bodies.run(action);
    }

    @Override
    public String toString() {
      return "after " + Durations.readable(Duration.ofNanos(nanos));
    }
  }

  /// Nothing else being ready.
  static final class Otherwise<R extends @Nullable Object, X extends Throwable>
      extends ClauseImpl<R, X> {
    private final VoidBody<? extends X> action;

    Otherwise(VoidBody<? extends X> action) {
      this.action = Objects.requireNonNull(action, "action");
    }

    @Override
    boolean winsAtOnce() {
      return true;
    }

    @Override
    boolean mayBeReady() {
      return false;
    }

    @Override
    @Nullable Object poll() {
      return null;
    }

    @Override
    R finish(@Nullable Object handed) throws X {
      return Bodies.run(action);
    }
  }
}
