package dev.thrum.stream;

import dev.thrum.Async;
import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.internal.wait.Party;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Gatherer.Downstream;
import org.jspecify.annotations.Nullable;

/// The open batch of one stream, which the host fills, and which the host or the helper pushes.
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

  // The host

  boolean integrate(T element, Downstream<? super List<T>> downstream) {
    host.check();
    try {
      host.task().enter();
      failure.raise(host.task());
      if (proceed) {
        add(element, downstream);
      }
      return proceed;
    } catch (Throwable e) {
      throw Failures.<RuntimeException>sneak(abandon(e));
    }
  }

  private void add(T element, Downstream<? super List<T>> downstream) {
    open.add(element);
    if (open.size() == size) {
      awaitPush();
      failure.raise(host.task());
      push(downstream);
    } else {
      if (open.size() == 1) {
        due = host.task().nanoTime() + longest;
        callHelper(downstream);
      }
      host.task().passed();
    }
  }

  void finish(Downstream<? super List<T>> downstream) {
    host.check();
    try {
      host.task().enter();
      awaitPush();
      failure.raise(host.task());
      push(downstream);
    } catch (Throwable e) {
      throw Failures.<RuntimeException>sneak(abandon(e));
    }
    endHelper();
  }

  /// Waits until the helper does not push.
  private void awaitPush() {
    while (pushing) {
      if (!pushed.await(host.task())) {
        throw host.task().cancelled();
      }
    }
  }

  /// Ends the helper after an exception in the host.
  ///
  /// @return what is to be thrown
  private Throwable abandon(Throwable thrown) {
    Throwable out = failure.mergedWith(thrown);
    endHelper();
    return failure.mergedWith(out);
  }

  private void endHelper() {
    over = true;
    Task<?> known = helper;
    if (known != null) {
      known.cancel("the stream has ended");
      while (helper != null) {
        pushed.awaitMasked(host.task());
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
      helper = Async.background(() -> help(downstream));
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
