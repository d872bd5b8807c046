package dev.thrum.stream;

import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.internal.wait.Party;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Gatherer.Downstream;
import org.jspecify.annotations.Nullable;

/// The open batch of one stream, which the host fills, and which the host or the helper pushes. In
/// the place of the host may come the helper of a gatherer further up.
///
/// The helper is made with the first batch that stays open. It waits for a batch to begin, then
/// until that one's time has come, and looks whether it is still open. A failure of its push is
/// kept for the host, as [InFlight] does it.
final class Batches<T extends @Nullable Object> {
  private final Host host;
  private final int size;
  private final long longest;
  private final Turn begin = new Turn("the first element of a batch", null);
  private final Turn pushed = new Turn("the push of a batch", null);

  private final KeptFailure failure = new KeptFailure();
  private List<T> open = new ArrayList<>();
  private long due;
  private boolean pushing;
  private boolean proceed = true;
  private boolean over;
  private boolean helperIdle;
  private @Nullable Task<?> helper;

  Batches(Host host, int size, long longest) {
    this.host = host;
    this.size = size;
    this.longest = longest;
  }

  // Who fills: the host, or a helper of another gatherer in its place

  boolean integrate(T element, Downstream<? super List<T>> downstream) {
    Party pusher = host.pusher();
    try {
      pusher.enter();
      failure.raise(pusher);
      if (proceed) {
        add(pusher, element, downstream);
      }
      return proceed;
    } catch (Throwable e) {
      throw Failures.<RuntimeException>sneak(abandon(pusher, e));
    }
  }

  private void add(Party pusher, T element, Downstream<? super List<T>> downstream) {
    open.add(element);
    if (open.size() == size) {
      awaitPush(pusher);
      failure.raise(pusher);
      push(downstream);
    } else {
      if (open.size() == 1) {
        due = pusher.nanoTime() + longest;
        callHelper(downstream);
      }
      pusher.passed();
    }
  }

  void finish(Downstream<? super List<T>> downstream) {
    Party pusher = host.pusher();
    try {
      pusher.enter();
      awaitPush(pusher);
      failure.raise(pusher);
      push(downstream);
    } catch (Throwable e) {
      throw Failures.<RuntimeException>sneak(abandon(pusher, e));
    }
    endHelper(pusher);
  }

  /// Waits until the helper does not push.
  private void awaitPush(Party pusher) {
    while (pushing) {
      if (!pushed.await(pusher)) {
        throw pusher.cancelled();
      }
    }
  }

  /// Ends the helper after an exception in who pushes.
  ///
  /// @return what is to be thrown
  private Throwable abandon(Party pusher, Throwable thrown) {
    Throwable out = failure.mergedWith(thrown);
    endHelper(pusher);
    return failure.mergedWith(out);
  }

  private void endHelper(Party pusher) {
    over = true;
    Task<?> known = helper;
    if (known != null) {
      known.cancel("the stream has ended");
      while (helper != null) {
        pushed.awaitMasked(pusher);
      }
    }
  }

  private void push(Downstream<? super List<T>> downstream) {
    if (!proceed || open.isEmpty()) {
      return;
    }
    List<T> batch = Collections.unmodifiableList(open);
    open = new ArrayList<>();
    pushing = true;
    try {
      proceed = downstream.push(batch) && proceed;
    } finally {
      pushing = false;
      pushed.pass();
    }
  }

  // The helper

  private void callHelper(Downstream<? super List<T>> downstream) {
    if (helper == null) {
      helper = host.helper(() -> help(downstream));
    } else if (helperIdle) {
      begin.pass();
    }
  }

  private void help(Downstream<? super List<T>> downstream) throws Throwable {
    Party me = Party.current();
    try {
      while (proceed && !over) {
        long left = open.isEmpty() ? 0 : due - me.nanoTime();
        if (open.isEmpty() || pushing) {
          awaitBatch(me);
        } else if (left > 0) {
          awaitDue(me, left);
        } else {
          push(downstream);
        }
      }
    } catch (Throwable e) {
      proceed = false;
      if (e instanceof CancelledException && me.mustLeave()) {
        throw e;
      }
      failure.set(e);
      if (!over && !pushed.isAwaited()) {
        failure.stay(me);
      }
    } finally {
      helper = null;
      pushed.pass();
    }
  }

  private void awaitBatch(Party me) {
    helperIdle = true;
    boolean woken = begin.await(me);
    helperIdle = false;
    if (!woken) {
      throw me.cancelled();
    }
  }

  private void awaitDue(Party me, long left) {
    if (!begin.await(me, left) && me.mustLeave()) {
      throw me.cancelled();
    }
  }
}
