package dev.thrum.channel;

import dev.thrum.VoidBodyOf;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A channel and a count of what is not done. An item counts before it is in the channel, so that
/// whoever takes it at once finds it counted.
final class WorkQueueImpl<T> extends Guarded implements WorkQueue<T> {
  private static final String SHUT_DOWN = "shut down";

  private final ChannelImpl<T> channel;
  private final WaitQueue joining = new WaitQueue();
  private int unfinished;

  WorkQueueImpl(UnaryOperator<Channel.Builder<T>> kind) {
    ChannelBuilder<T> builder = new ChannelBuilder<>("work queue");
    var _ = kind.apply(builder).onDiscard(_ -> done());
    this.channel = builder.build();
  }

  @Override
  public void put(T item) {
    var _ = ChannelImpl.check(item);
    count();
    boolean sent = false;
    try {
      channel.send(item);
      sent = true;
    } finally {
      if (!sent) {
        done();
      }
    }
  }

  @Override
  public boolean tryPut(T item) {
    var _ = ChannelImpl.check(item);
    count();
    boolean sent = false;
    try {
      sent = channel.trySend(item);
      return sent;
    } finally {
      if (!sent) {
        done();
      }
    }
  }

  private void count() {
    guard();
    try {
      unfinished++;
    } finally {
      unguard();
    }
  }

  @Override
  public T take() {
    return item(channel.receiveOrEnd());
  }

  @Override
  public Optional<T> tryTake() {
    return Optional.ofNullable(channel.takeNowAndWake()).map(this::item);
  }

  private T item(Object got) {
    if (got instanceof End) {
      throw new ChannelClosedException(
          channel.describe() + " is shut down and empty: work(body) ends there quietly", null);
    }
    return channel.item(got);
  }

  @Override
  public void done() {
    List<Waiter> woken = List.of();
    guard();
    try {
      if (unfinished == 0) {
        throw new IllegalStateException(
            "done() was called more often than items were put: call it once for each item taken,"
                + " or let work(body) call it");
      }
      unfinished--;
      if (unfinished == 0) {
        woken = joining.handAll(null);
      }
    } finally {
      unguard();
    }
    woken.forEach(Waiter::wake);
  }

  @Override
  public <X extends Throwable> void work(VoidBodyOf<? super T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    for (T item : channel) {
      try {
        body.run(item);
      } finally {
        done();
      }
    }
  }

  @Override
  public void join() {
    Party me = Party.current();
    me.enter();
    boolean waits;
    guard();
    try {
      waits = unfinished > 0;
      if (waits) {
        queue(joining, me, null);
      }
    } finally {
      unguard();
    }
    if (waits) {
      var _ = await(joining, me);
    } else {
      me.passed();
    }
  }

  @Override
  public int unfinished() {
    guard();
    try {
      return unfinished;
    } finally {
      unguard();
    }
  }

  @Override
  public int size() {
    return channel.size();
  }

  @Override
  public void shutdown() {
    if (!channel.close(SHUT_DOWN, null)) {
      throw new IllegalStateException(
          this + " is shut down already: let the one who puts last shut it down");
    }
  }

  @Override
  public boolean isShutdown() {
    return channel.isClosed();
  }

  @Override
  public void shutdownNow() {
    channel.cancel(SHUT_DOWN);
  }

  @Override
  public String toString() {
    return channel.describe() + " (" + unfinished + " not done)";
  }
}
