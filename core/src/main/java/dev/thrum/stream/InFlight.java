package dev.thrum.stream;

import dev.thrum.BodyOf;
import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.internal.wait.Party;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Gatherer.Downstream;
import org.jspecify.annotations.Nullable;

/// The elements of one stream that are in flight, each in a background child.
///
/// The children put results and the first failure down here; who pushes to here takes them when it
/// comes by. A child that fails cancels the others itself. If nobody comes by again, because the
/// upstream failed, the child stays with its failure until the scope is left, and fails there.
final class InFlight<T extends @Nullable Object, R extends @Nullable Object> {

  /// The place of one element's result.
  private static final class Slot<R extends @Nullable Object> {
    private boolean done;
    private @Nullable R value;
  }

  private final Host host;
  private final int limit;
  private final boolean ordered;
  private final BodyOf<? super T, ? extends R, ?> step;
  private final Set<Task<?>> running = new LinkedHashSet<>();
  private final Turn progress = new Turn("one of the elements in flight", null);
  private final KeptFailure failure = new KeptFailure();

  /// In the order of pushing; in order of completion there are only done ones here.
  private final ArrayDeque<Slot<R>> slots = new ArrayDeque<>();

  /// How many elements have begun and are not pushed.
  private int begun;

  private boolean stopped;

  InFlight(Host host, int limit, boolean ordered, BodyOf<? super T, ? extends R, ?> step) {
    this.host = host;
    this.limit = limit;
    this.ordered = ordered;
    this.step = step;
  }

  // Who pushes: the host, or a helper in its place

  boolean integrate(T element, Downstream<? super R> downstream) {
    Party pusher = host.pusher();
    try {
      pusher.enter();
      boolean open = pushDone(pusher, downstream);
      if (begun < limit) {
        pusher.passed();
      }
      while (open && begun == limit) {
        awaitProgress(pusher);
        open = pushDone(pusher, downstream);
      }
      if (open) {
        start(element);
      } else {
        stop(pusher, "the stream wants no more");
      }
      return open;
    } catch (Throwable e) {
      throw Failures.<RuntimeException>sneak(abandon(pusher, e));
    }
  }

  void finish(Downstream<? super R> downstream) {
    if (stopped) {
      return;
    }
    Party pusher = host.pusher();
    try {
      pusher.enter();
      while (pushDone(pusher, downstream) && begun > 0) {
        awaitProgress(pusher);
      }
      stop(pusher, "the stream wants no more");
    } catch (Throwable e) {
      throw Failures.<RuntimeException>sneak(abandon(pusher, e));
    }
  }

  @SuppressWarnings("NullAway") // the value is what the function gave, null only if R allows it
  private boolean pushDone(Party pusher, Downstream<? super R> downstream) {
    raiseFailure(pusher);
    for (Slot<R> next = slots.peek(); next != null && next.done; next = slots.peek()) {
      slots.remove();
      begun--;
      if (!downstream.push(next.value)) {
        return false;
      }
      raiseFailure(pusher);
    }
    return !downstream.isRejecting();
  }

  private void awaitProgress(Party pusher) {
    if (!progress.await(pusher)) {
      throw pusher.cancelled();
    }
  }

  private void raiseFailure(Party pusher) {
    if (failure.isThere()) {
      join(pusher);
      failure.raise(pusher);
    }
  }

  private void stop(Party pusher, String reason) {
    stopped = true;
    List.copyOf(running).forEach(task -> task.cancel(reason));
    join(pusher);
  }

  private void join(Party pusher) {
    while (!running.isEmpty()) {
      progress.awaitMasked(pusher);
    }
  }

  /// Ends everything after an exception in who pushes.
  ///
  /// @return what is to be thrown
  private Throwable abandon(Party pusher, Throwable thrown) {
    stop(pusher, "the stream failed: " + thrown);
    return failure.mergedWith(thrown);
  }

  // The children

  private void start(T element) {
    Slot<R> slot = new Slot<>();
    begun++;
    if (ordered) {
      slots.add(slot);
    }
    running.add(host.background(() -> work(slot, element)));
  }

  private void work(Slot<R> slot, T element) throws Throwable {
    Party me = Party.current();
    CancelledException cancelled = null;
    boolean first = false;
    try {
      slot.value = OwnScope.run(() -> step.call(element));
      slot.done = true;
      if (!ordered) {
        slots.add(slot);
      }
    } catch (Throwable e) {
      if (e instanceof CancelledException own && me.mustLeave()) {
        cancelled = own;
        cancelled(me, own);
      } else if (stopped && !failure.isThere()) {
        Failures.tellHandler(e);
      } else {
        first = !failure.isThere();
        failed(me, e);
      }
    }
    running.remove(me);
    boolean awaited = progress.isAwaited();
    progress.pass();
    if (first && !awaited) {
      failure.stay(me);
    }
    if (cancelled != null) {
      throw cancelled;
    }
  }

  /// By who pushes, by another element, or together with the stream's task: they know. Else by
  /// itself: then there is no result.
  private void cancelled(Party me, CancelledException ended) {
    if (!stopped && !failure.isThere() && !host.isCancelled()) {
      CancellationException plain =
          new CancellationException("the task of an element was cancelled: " + ended.reason());
      plain.initCause(ended);
      failed(me, plain);
    }
  }

  private void failed(Party me, Throwable thrown) {
    if (!failure.isThere()) {
      String reason = "another element failed: " + thrown;
      for (Task<?> task : List.copyOf(running)) {
        if (task != me) {
          task.cancel(reason);
        }
      }
    }
    failure.add(thrown);
  }
}
