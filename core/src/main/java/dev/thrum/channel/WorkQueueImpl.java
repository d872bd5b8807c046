package dev.thrum.channel;

import dev.thrum.VoidBodyOf;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A channel and a count of what is not done. An item counts before it is in the channel, so that
/// whoever takes it at once finds it counted.
final class WorkQueueImpl<T> extends Guarded implements WorkQueue<T> {
  private final Channel<T> channel;
  private final WaitQueue joining = new WaitQueue();
  private int unfinished;

  WorkQueueImpl(Channel.Builder<T> builder) {
    this.channel = builder.onDiscard(_ -> done()).build();
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
    return channel.receive();
  }

  @Override
  public void done() {
    List<Waiter> woken = new ArrayList<>();
    guard();
    try {
      if (unfinished == 0) {
        throw new IllegalStateException(
            "done() was called more often than items were put: call it once for each item taken,"
                + " or let work(body) call it");
      }
      unfinished--;
      if (unfinished == 0) {
        joining.pollAll(_ -> true, null, woken);
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
    try {
      channel.close();
    } catch (IllegalStateException _) {
      throw new IllegalStateException(
          this + " is shut down already: let the one who puts last shut it down");
    }
  }

  @Override
  public void shutdownNow() {
    channel.cancel();
  }

  @Override
  public String toString() {
    return "work queue@" + number() + " (" + unfinished + " not done)";
  }
}
