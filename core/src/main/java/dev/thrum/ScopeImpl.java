package dev.thrum;

import dev.thrum.internal.Bodies;
import dev.thrum.internal.Hosting;
import dev.thrum.internal.Sneaky;
import dev.thrum.internal.Steering.Touch;
import dev.thrum.internal.Timer;
import dev.thrum.internal.wait.Cancellable;
import dev.thrum.internal.wait.Happening;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A scope: who its children are, whether it is cancelled, and what comes out of it. Subclasses
/// differ in what a child's failure does and in what an own cancellation becomes.
///
/// **Shape.** The scopes that are open in one task form a chain from the task's own scope
/// (`TaskImpl`) to its innermost one; each scope also owns child tasks, which are scopes again. All
/// of it is touched on the loop only.
///
/// **Cancellation.** `own` is the request made to this scope; `effective` is the first one that
/// reached it, its own or an outer one's, and what every suspension point inside looks at. A
/// request is spread over everything inside at once, so that the look is one field read; a shield
/// stops it. On leaving, `effective == own` tells whether the cancellation ends here (a timeout
/// becomes an exception) or belongs further out. As the first one stays, an outer cancellation that
/// came before the own one wins, and one that came later shows at the next suspension point
/// outside.
abstract sealed class ScopeImpl extends Timer implements Scope, Cancellable, Hosting
    permits TaskEnd, GroupScope, PlainScope, ShieldScope, TimeoutScope {

  /// How far it is.
  enum Phase {
    OPEN,
    DRAINING,
    ENDING,
    CLOSED
  }

  final LoopImpl loop;
  final TaskImpl<?> host;
  @Nullable ScopeImpl parent;
  @Nullable ScopeImpl inner;
  @Nullable Cancellation effective;

  private @Nullable Cancellation own;
  private @Nullable TaskImpl<?> firstChild;
  private @Nullable TaskImpl<?> lastChild;
  private @Nullable Throwable failure;
  private @Nullable Set<Throwable> failures;
  private @Nullable List<BooleanSupplier> onCancel;
  private int running;
  private int daemons;
  private Phase phase = Phase.OPEN;
  private boolean cutShort;

  /// A scope to be opened in a task.
  ScopeImpl(TaskImpl<?> host) {
    this.loop = host.loop;
    this.host = host;
  }

  /// The scope that a task is.
  ScopeImpl(LoopImpl loop, @Nullable ScopeImpl owner) {
    this.loop = loop;
    this.host = (TaskImpl<?>) this;
    this.parent = owner;
  }

  /// Runs a body inside. The caller is the host.
  final <A, T extends @Nullable Object, X extends Throwable> T run(
      A given, VoidBodyOf<? super A, X> body) throws X {
    open();
    T value;
    try {
      value = Bodies.run(body, given);
    } catch (Throwable thrown) {
      Throwable out = leave(thrown);
      if (out == null) {
        return Bodies.nothing();
      }
      throw Sneaky.sneak(out);
    }
    Throwable out = leave(null);
    if (out == null) {
      return value;
    }
    throw Sneaky.sneak(out);
  }

  /// Runs a body that does not ask for the scope.
  final <T extends @Nullable Object, X extends Throwable> T run(VoidBody<X> body) throws X {
    BodyOf<ScopeImpl, T, X> inside = _ -> Bodies.run(body);
    return run(this, inside);
  }

  @Override
  public final Scope innermostScope() {
    return host.innermost;
  }

  void open() {
    ScopeImpl outer = host.innermost;
    parent = outer;
    outer.inner = this;
    host.innermost = this;
    Cancellation pending = outer.effective;
    if (pending != null && admits()) {
      effective = pending;
    }
  }

  // Children

  @Override
  public final <T extends @Nullable Object> Task<T> async(Body<? extends T, ?> body) {
    return spawn(null, body, TaskImpl.Role.CHILD);
  }

  @Override
  public final Task<?> async(VoidBody<?> body) {
    return spawn(null, body, TaskImpl.Role.CHILD);
  }

  @Override
  public final <T extends @Nullable Object> Task<T> async(String name, Body<? extends T, ?> body) {
    return spawn(Objects.requireNonNull(name, "name"), body, TaskImpl.Role.CHILD);
  }

  @Override
  public final Task<?> async(String name, VoidBody<?> body) {
    return spawn(Objects.requireNonNull(name, "name"), body, TaskImpl.Role.CHILD);
  }

  @Override
  public final Task<?> background(VoidBody<?> body) {
    return spawn(null, body, TaskImpl.Role.DAEMON);
  }

  @Override
  public final Task<?> background(Restart restart, VoidBody<?> body) {
    Objects.requireNonNull(restart, "restart");
    Objects.requireNonNull(body, "body");
    return background(() -> restart.keepRunning(body));
  }

  @Override
  public final <T extends @Nullable Object> T start(VoidBodyOf<Started<T>, ?> body) {
    return new Start<T>(this).run(Objects.requireNonNull(body, "body"));
  }

  final <T extends @Nullable Object> TaskImpl<T> spawn(
      @Nullable String name, VoidBody<?> body, TaskImpl.Role role) {
    Objects.requireNonNull(body, "body");
    TaskImpl<?> creator = TaskImpl.currentOrNull();
    if (creator == null || creator.loop != loop) {
      throw new WrongThreadException(
          "a child can be started only by a task of the scope's own loop ("
              + loop.name()
              + "); from another thread use loop.submit(…)");
    }
    return adopt(new TaskImpl<>(this, creator, name, body, role));
  }

  /// Starts a child that no task starts, but the loop's poller.
  final TaskImpl<?> spawnByPoller(String name, VoidBody<?> body) {
    return adopt(new TaskImpl<>(this, host, name, body, TaskImpl.Role.CHILD));
  }

  /// Says, to who steers the loop, that the running step has used this. The scopes of a task count
  /// as one thing.
  final void touch(Touch how) {
    if (loop.steering != null && loop.isHere()) {
      loop.steering.touched(host, how);
    }
  }

  final <T extends @Nullable Object> TaskImpl<T> adopt(TaskImpl<T> child) {
    touch(Touch.CHILD);
    host.touch(Touch.READ);
    if (phase == Phase.CLOSED) {
      throw new IllegalStateException(
          "this scope has been left; a child would outlive it. Start it in a scope that is open,"
              + " or keep the work inside the scope's body");
    }
    // One that another thread submits may have been cancelled before it is here.
    if (child.effective == null) {
      child.effective = effective;
    }
    link(child);
    count(child, 1);
    try {
      child.start();
    } catch (Throwable e) {
      // Out of stack or memory: a child that never runs must not be waited for.
      count(child, -1);
      unlink(child);
      throw e;
    }
    return child;
  }

  /// Whether nothing has come of it so far: no child, no failure, no cancellation.
  final boolean isUntouched() {
    return firstChild == null && effective == null && failure == null && onCancel == null;
  }

  private void count(TaskImpl<?> child, int change) {
    if (child.role.isDaemon()) {
      daemons += change;
    } else {
      running += change;
    }
  }

  /// A child has ended: on the loop, in the child's own thread.
  final void childEnded(TaskImpl<?> child, boolean delivered) {
    boolean daemon = child.role.isDaemon();
    boolean keep = false;
    switch (child.state()) {
      case FAILED -> keep = failed(child, daemon, delivered);
      case CANCELLED -> cutShort |= phase == Phase.DRAINING && !daemon && child.endedByOwner();
      default -> {}
    }
    touch(keep || child.state() != Future.State.SUCCESS ? Touch.CHILD_FAILED : Touch.CHILD);
    if (!keep) {
      unlink(child);
    }
    count(child, -1);
    if (running == 0) {
      host.wakeFrom(this);
    }
  }

  private boolean failed(TaskImpl<?> child, boolean daemon, boolean delivered) {
    Throwable exception = child.failure();
    if (child.role == TaskImpl.Role.STARTING || child.role == TaskImpl.Role.SUBMITTED) {
      return false;
    }
    if (daemon && phase == Phase.ENDING && failure == null) {
      reportLate(child, exception);
      return false;
    }
    return childFailed(child, exception, daemon, delivered);
  }

  /// Tells of a background child that failed when it was told to end.
  void reportLate(TaskImpl<?> child, Throwable exception) {
    loop.report(child, exception);
  }

  /// What a failed child does to the scope.
  ///
  /// @return whether to keep the child until somebody awaits it or the scope is left
  boolean childFailed(TaskImpl<?> child, Throwable exception, boolean daemon, boolean delivered) {
    if (daemon || (phase != Phase.OPEN && !delivered)) {
      fail(exception, "child " + child.name());
      return false;
    }
    return !delivered;
  }

  /// Somebody has heard of a kept child's failure.
  final void observed(TaskImpl<?> child) {
    if (child.linked) {
      unlink(child);
    }
  }

  private void failUnobserved() {
    TaskImpl<?> child = firstChild;
    while (child != null) {
      TaskImpl<?> next = child.next;
      if (child.isDone()) {
        unlink(child);
        if (!child.observed) {
          fail(child.failure(), "child " + child.name());
        }
      }
      child = next;
    }
  }

  private void link(TaskImpl<?> child) {
    TaskImpl<?> last = lastChild;
    child.previous = last;
    if (last == null) {
      firstChild = child;
    } else {
      last.next = child;
    }
    lastChild = child;
    child.linked = true;
  }

  private void unlink(TaskImpl<?> child) {
    TaskImpl<?> before = child.previous;
    TaskImpl<?> after = child.next;
    if (before == null) {
      firstChild = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      lastChild = before;
    } else {
      after.previous = before;
    }
    child.previous = null;
    child.next = null;
    child.linked = false;
  }

  // Failure

  /// The first failure ends the scope and comes out of it; later ones are suppressed in it.
  final void fail(Throwable exception, String who) {
    Throwable first = failure;
    if (first == null) {
      failure = exception;
      cancelNow(Cancellation.failed(loop, who, exception));
    } else if (first != exception) {
      suppress(first, exception);
    }
  }

  private void suppress(Throwable first, Throwable later) {
    if (first instanceof StackOverflowError && later instanceof Error) {
      return; // it stands for those of the scopes around it, and takes no suppressed ones
    }
    Set<Throwable> known = failures;
    if (known == null) {
      known = Collections.newSetFromMap(new IdentityHashMap<>());
      failures = known;
    }
    if (known.add(later)) {
      int before = known.size() == 1 ? first.getSuppressed().length : -1;
      first.addSuppressed(later);
      if (before >= 0 && first.getSuppressed().length == before) {
        known.remove(later);
        loop.report(host, later);
      }
    }
  }

  // Cancellation

  @Override
  public boolean isCancelled() {
    host.touch(Touch.READ);
    return effective != null;
  }

  @Override
  public boolean cancel(String reason) {
    Objects.requireNonNull(reason, "reason");
    if (loop.isHere()) {
      return cancelNow(Cancellation.because(loop, reason));
    }
    Cancellation request = Cancellation.because(loop, reason);
    loop.post(() -> cancelNow(request));
    loop.interruptIfHeldBy(this);
    Cancellation known = own;
    return known == request || (known == null && phase != Phase.CLOSED);
  }

  final boolean cancelNow(Cancellation request) {
    host.touch(Touch.WRITE);
    if (own != null || phase == Phase.CLOSED) {
      return false;
    }
    own = request;
    if (effective == null) {
      spread(request);
    }
    return true;
  }

  /// An outer cancellation comes in: sets it here and in everything inside.
  final void spread(Cancellation request) {
    ArrayDeque<ScopeImpl> todo = null;
    for (ScopeImpl at = this; at != null; at = todo == null ? null : todo.poll()) {
      if (at.effective != null || at.phase == Phase.CLOSED) {
        continue;
      }
      at.effective = request;
      at.host.touch(Touch.WRITE);
      at.tellCancelled();
      if (at.host.innermost == at) {
        loop.instruments.cancelled(at.host);
        at.host.cancelArrived(request);
      }
      ScopeImpl in = at.inner;
      TaskImpl<?> child = at.firstChild;
      if (todo == null && (in != null || child != null)) {
        todo = new ArrayDeque<>();
      }
      if (todo != null) {
        if (in != null && in.admits()) {
          todo.add(in);
        }
        for (; child != null; child = child.next) {
          todo.add(child);
        }
      }
    }
  }

  private void tellCancelled() {
    List<BooleanSupplier> told = onCancel;
    onCancel = null;
    if (told != null) {
      for (BooleanSupplier listener : told) {
        var _ = listener.getAsBoolean();
      }
    }
  }

  @Override
  public final Happening cancellation() {
    return new Cancelling(this);
  }

  final void onCancel(BooleanSupplier listener) {
    if (effective != null) {
      var _ = listener.getAsBoolean();
    } else {
      List<BooleanSupplier> all = onCancel;
      if (all == null) {
        all = new ArrayList<>(1);
        onCancel = all;
      }
      all.add(listener);
    }
  }

  final void forgetOnCancel(BooleanSupplier listener) {
    List<BooleanSupplier> all = onCancel;
    if (all != null) {
      all.remove(listener);
    }
  }

  /// Whether an outer cancellation comes in. Asked when there is one.
  boolean admits() {
    return true;
  }

  final boolean isOwn(@Nullable Cancellation cancellation) {
    return cancellation != null && cancellation == own;
  }

  // Leaving

  /// Joins the children and tells what comes out.
  ///
  /// @param thrown what the body threw, or null if it returned
  /// @return the exception to throw, or null
  final @Nullable Throwable leave(@Nullable Throwable thrown) {
    Throwable end = thrown;
    while (host.innermost != this) {
      Throwable out = host.innermost.leave(end);
      end = end == null ? out : end;
    }
    inner = null;
    phase = Phase.DRAINING;
    boolean stopped = end != null && isCancellation(end);
    if (end != null && !stopped) {
      fail(end, "the body");
    }
    failUnobserved();
    join();
    return close(end, stopped);
  }

  private void join() {
    do {
      touch(Touch.JOIN);
      if (running == 0) {
        ending();
        phase = Phase.ENDING;
        endDaemons();
      }
      if (running > 0 || daemons > 0) {
        Waits.checkJoin(this);
        var _ = host.parkMasked(this);
      }
    } while (running > 0 || daemons > 0);
  }

  /// Whether every child must end before it is left; else one of them may end the others.
  boolean joinsAll() {
    return true;
  }

  /// It is about to end its background children and to wait only for them.
  void ending() {}

  private void endDaemons() {
    for (TaskImpl<?> child = firstChild; child != null; child = child.next) {
      if (child.role.isDaemon() && !child.isDone()) {
        boolean first = child.cancelNow(Cancellation.because(loop, "its owner has ended"));
        if (loop.debug()) {
          loop.debugging().toldToEnd(child, first);
        }
      }
    }
  }

  private @Nullable Throwable close(@Nullable Throwable end, boolean stopped) {
    phase = Phase.CLOSED;
    loop.timers.unset(this);
    if (host != this) {
      ScopeImpl outer = Objects.requireNonNull(parent);
      host.innermost = outer;
      outer.inner = null;
      if (outer.effective == null && effective != null) {
        host.forgetInterrupts();
      }
    }
    Throwable out = verdict(end, stopped);
    failure = null;
    failures = null;
    return out;
  }

  private @Nullable Throwable verdict(@Nullable Throwable end, boolean stopped) {
    Throwable failed = failure;
    Cancellation cancelled = effective;
    if (failed != null) {
      spliceInto(failed);
      return failed;
    }
    if (cancelled == null || (!stopped && !cutShort)) {
      return null;
    }
    CancelledException ended =
        end instanceof CancelledException same && same.isFor(cancelled)
            ? same
            : new CancelledException(cancelled).via(end);
    return isOwn(cancelled) ? endedByOwn(ended, stopped) : ended;
  }

  /// What comes out when the scope's own cancellation ended it.
  ///
  /// @param ended the cancellation as the body threw it
  /// @param bodyStopped false if the body returned and only children were cut short
  abstract @Nullable Throwable endedByOwn(CancelledException ended, boolean bodyStopped);

  /// For a scope that was cancelled by its caller: quiet if nothing is missing.
  static @Nullable Throwable endedOnRequest(
      CancelledException ended, boolean bodyStopped, boolean valued) {
    if (!bodyStopped || !valued) {
      return null;
    }
    CancellationException plain = new CancellationException(ended.reason());
    plain.initCause(ended);
    return plain;
  }

  /// A failure came out in the place of something else that a subclass knows of.
  void spliceInto(Throwable failed) {}

  /// Whether what the body threw is this scope's cancellation in one of its forms.
  private boolean isCancellation(Throwable thrown) {
    if (thrown instanceof CancelledException) {
      return effective != null;
    }
    if (!Interruptions.isBehind(thrown)) {
      return false;
    }
    if (effective == null) {
      loop.takeIn(); // another thread may have interrupted a call that held the loop
    }
    return effective != null;
  }

  final Phase phase() {
    return phase;
  }

  /// What opened it, for people.
  abstract String kind();

  final @Nullable TaskImpl<?> firstChild() {
    return firstChild;
  }

  @Override
  protected void fire() {
    throw new AssertionError("no timer was set");
  }
}
