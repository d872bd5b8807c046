package dev.thrum.net;

import dev.thrum.internal.wait.OpenWait;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.Waiter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What one task waits for and the poller brings, once. It belongs to one loop. Unless it says that
/// nothing outside the loop is needed for it, virtual time stands still meanwhile.
final class Reply<T> implements OpenWait {

  /// What to do with a value that comes when nobody waits any more.
  ///
  /// @param <T> the type of the value
  interface Late<T> {
    /// Undoes it.
    void undo(T value);
  }

  private final String what;
  private final Late<? super T> late;
  private final boolean outside;
  private @Nullable T value;
  private @Nullable Throwable failure;
  private @Nullable Waiter waiter;
  private boolean abandoned;

  private Reply(String what, Late<? super T> late, boolean outside) {
    this.what = what;
    this.late = late;
    this.outside = outside;
  }

  Reply(String what, Late<? super T> late) {
    this(what, late, true);
  }

  Reply(String what, boolean outside) {
    this(what, _ -> {}, outside);
  }

  Reply(String what) {
    this(what, true);
  }

  boolean isDone() {
    return value != null || failure != null;
  }

  boolean isAbandoned() {
    return abandoned;
  }

  void succeed(T result) {
    if (abandoned) {
      late.undo(result);
    } else if (!isDone()) {
      value = result;
      wake();
    }
  }

  void fail(Throwable why) {
    if (!isDone()) {
      failure = why;
      wake();
    }
  }

  private void wake() {
    Waiter known = waiter;
    if (known != null) {
      known.serve(this);
    }
  }

  /// Waits for it. What has come beats a cancellation.
  ///
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled first
  T await() throws IOException {
    Party me = Party.current();
    if (!isDone()) {
      awaitBy(me);
    } else {
      me.passed();
    }
    Throwable thrown = failure;
    T result = value;
    if (result != null) {
      return result;
    }
    throw Failures.asIo(thrown, what);
  }

  /// Waits for it.
  ///
  /// @param undo what to do if it does not come to a good end
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled first
  T awaitOrUndo(Runnable undo) throws IOException {
    boolean good = false;
    try {
      T came = await();
      good = true;
      return came;
    } finally {
      if (!good) {
        undo.run();
      }
    }
  }

  /// Waits for it. If the caller is cancelled it is told to end, and waited for all the same. What
  /// has come beats a cancellation.
  ///
  /// @throws java.util.concurrent.CancellationException if it has failed because of that
  T awaitOr(Runnable end) throws IOException {
    Party me = Party.current();
    if (!isDone() && isEndedBy(me, end) && value == null) {
      throw me.cancelled();
    }
    return await();
  }

  private boolean isEndedBy(Party me, Runnable end) {
    Waiter own = me.begin(this, null);
    waiter = own;
    boolean ended = false;
    begin(me);
    try {
      if (!me.await(own) && !isDone()) {
        ended = true;
        end.run();
        me.awaitMasked(own);
      }
    } finally {
      end(me);
      waiter = null;
    }
    var _ = own.take();
    return ended;
  }

  private void awaitBy(Party me) {
    Waiter own = me.begin(this, null);
    waiter = own;
    begin(me);
    try {
      var _ = me.await(own);
    } finally {
      end(me);
      waiter = null;
      abandoned = !isDone();
    }
    var _ = own.take();
    if (abandoned) {
      throw me.cancelled();
    }
  }

  private void begin(Party me) {
    if (outside) {
      me.outsideBegins();
    }
  }

  private void end(Party me) {
    if (outside) {
      me.outsideEnds();
    }
  }

  @Override
  public String toString() {
    return what;
  }
}
