package dev.thrum.process;

import dev.thrum.CancelledException;
import dev.thrum.VoidBody;
import dev.thrum.internal.DebugStack;
import dev.thrum.internal.LeftOpen;
import dev.thrum.internal.process.Stacks;
import dev.thrum.internal.wait.Changing;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Calls in a queue and workers that take them.
///
/// A call goes to the idle worker that was busy last; without one it is queued, and a worker is
/// started if there may be one more and those that start already are fewer than the calls. Whoever
/// is ready first takes the first call, whichever it was started for. A worker takes its next call,
/// or becomes idle, before it completes the one it had: who calls again at once finds it.
///
/// Everything here is under the guard; the workers are told outside it.
final class ProcessesImpl extends Changing implements Processes {

  /// The pool of everybody.
  static final class Shared {
    static final ProcessesImpl POOL = new ProcessesImpl(Processes.builder(), true);

    private Shared() {}
  }

  final WorkerOptions options;

  private final int limit;
  private final boolean shared;
  private final ArrayDeque<Call> queue = new ArrayDeque<>();
  private final ArrayDeque<Worker> idle = new ArrayDeque<>();
  private final Set<Worker> workers = new LinkedHashSet<>();
  private final Runnable loopNeedNotClose;
  private final @Nullable DebugStack openedAt;

  /// How many workers serve or will.
  private int serving;

  private int starting;
  private int calls;
  private int warming;
  private @Nullable WorkerFailedException startFailure;
  private boolean closed;
  private boolean aborted;

  private ProcessesImpl(Builder builder, boolean shared) {
    super(true);
    this.options = WorkerOptions.of(builder);
    this.limit = builder.workers;
    this.shared = shared;
    this.openedAt = shared ? null : DebugStack.ofCaller("opened here");
    this.loopNeedNotClose = shared ? () -> {} : Party.current().atEndOfLoop(this::closeAtOnce);
  }

  static Processes create(Builder builder) {
    return new ProcessesImpl(builder, false);
  }

  // Callers

  @Override
  public <T extends @Nullable Object, X extends Throwable> T run(ProcessBody<T, X> body) throws X {
    return perform(body);
  }

  @Override
  public <X extends Throwable> void run(VoidProcessBody<X> body) throws X {
    var _ = perform(body);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the value is what the body returned
  private <T extends @Nullable Object> T perform(VoidBody<?> body) {
    Objects.requireNonNull(body, "body");
    Party me = Party.current();
    me.enter();
    Call call = Call.of(body, options.allowed());
    submit(call);
    if (!call.await()) {
      if (!withdraw(call)) {
        call.awaitMasked();
      }
      throw me.cancelled();
    }
    Throwable thrown = call.failure();
    if (thrown == null) {
      return (T) call.value();
    }
    Throwable own = thrown instanceof CancelledException cancelled ? plain(cancelled) : thrown;
    Stacks.awaitedBy(own, me.name());
    throw Stacks.sneak(own);
  }

  /// A cancellation in another JVM is none of the caller.
  private static CancellationException plain(CancelledException cancelled) {
    CancellationException plain =
        new CancellationException("the body ended as cancelled: " + cancelled.getMessage());
    plain.setStackTrace(cancelled.getStackTrace());
    plain.initCause(cancelled);
    return plain;
  }

  private void submit(Call call) {
    Worker free;
    Worker fresh = null;
    guard();
    try {
      checkOpen();
      calls++;
      free = idle.pollLast();
      if (free == null) {
        queue.add(call);
        fresh = oneMore();
      } else {
        assign(free, call);
      }
    } finally {
      unguard();
    }
    if (free != null) {
      free.wake();
    }
    start(fresh);
  }

  private void checkOpen() {
    if (closed) {
      throw new RejectedExecutionException(
          "the pool of child JVMs has been closed; keep it open as long as there are bodies");
    }
  }

  /// Takes back a call whose caller is cancelled.
  ///
  /// @return false if a worker has it, which is killed and will complete it
  private boolean withdraw(Call call) {
    Worker having;
    Worker doomed = null;
    List<Waiter> told = List.of();
    guard();
    try {
      having = call.worker;
      if (having != null && having.assigned != call) {
        having.doomed = true;
        doomed = having;
      } else {
        if (having != null) {
          having.assigned = null;
          supply(having);
        } else if (!queue.remove(call)) {
          return false; // about to be completed
        }
        calls--;
        told = changed();
      }
    } finally {
      unguard();
    }
    told.forEach(Waiter::wake);
    if (doomed != null) {
      doomed.kill();
      return false;
    }
    if (having != null) {
      having.wake();
    }
    return true;
  }

  // Starting workers

  /// One more worker if there is need of it. Under the guard; to be started outside.
  private @Nullable Worker oneMore() {
    return starting < queue.size() ? another() : null;
  }

  private @Nullable Worker another() {
    if (serving >= limit || aborted) {
      return null;
    }
    Worker worker = new Worker(this);
    workers.add(worker);
    serving++;
    starting++;
    return worker;
  }

  private void start(@Nullable Worker worker) {
    if (worker == null) {
      return;
    }
    try {
      worker.start();
    } catch (Throwable e) { // out of threads or memory: whoever waits for it must hear of it
      gone(worker);
      startFailed(worker.startFailure(e));
    }
  }

  @Override
  public void warmUp() {
    Party me = Party.current();
    me.enter();
    List<Worker> fresh = new ArrayList<>();
    guard();
    try {
      checkOpen();
      if (warming++ == 0) {
        startFailure = null;
      }
      for (Worker one = another(); one != null; one = another()) {
        fresh.add(one);
      }
    } finally {
      unguard();
    }
    fresh.forEach(this::start);
    boolean ready = awaitOrLeave(() -> starting == 0 || startFailure != null);
    WorkerFailedException failed;
    guard();
    try {
      warming--;
      failed = startFailure;
    } finally {
      unguard();
    }
    if (!ready) {
      throw me.cancelled();
    }
    if (failed != null) {
      throw new WorkerFailedException(
          String.valueOf(failed.getMessage()), failed.pid(), failed.exitStatus(), failed);
    }
  }

  /// A worker is ready for its first call.
  void started() {
    change(() -> starting--);
  }

  /// A worker could not be started: the call that has waited longest gets to know.
  void startFailed(WorkerFailedException failed) {
    List<Waiter> told;
    Call first;
    Worker fresh;
    guard();
    try {
      starting--;
      serving--;
      startFailure = failed;
      first = queue.poll();
      if (first != null) {
        calls--;
      }
      fresh = oneMore();
      told = changed();
    } finally {
      unguard();
    }
    if (first != null) {
      first.complete(null, failed);
    }
    told.forEach(Waiter::wake);
    start(fresh);
  }

  // Workers

  /// Gives a call to a worker. Under the guard.
  private static void assign(Worker worker, Call call) {
    call.worker = worker;
    worker.assigned = call;
  }

  /// Gives a free worker the next call, or lets it wait for one. Under the guard.
  private void supply(Worker worker) {
    Call next = queue.poll();
    if (next == null) {
      idle.add(worker);
    } else {
      assign(worker, next);
    }
  }

  /// A worker can take a call.
  void free(Worker worker) {
    guard();
    try {
      supply(worker);
    } finally {
      unguard();
    }
  }

  /// The call that a worker is to do now.
  ///
  /// @param worker a worker that is idle or has an assigned call
  /// @param atEnd whether it would rather end than wait on
  /// @return the call; null to wait on, or to end if [Worker#ending] is set
  @Nullable Call take(Worker worker, boolean atEnd) {
    guard();
    try {
      Call next = worker.assigned;
      if (next != null) {
        worker.assigned = null;
        worker.taken = next;
      } else if (atEnd || closed || worker.doomed) {
        idle.remove(worker);
        serving--;
        worker.ending = true;
      }
      return next;
    } finally {
      unguard();
    }
  }

  /// A worker has done a call, or failed at it. Unless it ends now, it has the next call or is idle
  /// from here on.
  void done(Worker worker, Call call, Worker.Result result) {
    List<Waiter> told;
    Worker fresh = null;
    guard();
    try {
      if (worker.taken != call) {
        return; // it was given up
      }
      worker.taken = null;
      call.worker = null;
      calls--;
      worker.ending |= worker.doomed || result.isLast();
      if (worker.ending) {
        serving--;
        fresh = oneMore();
      } else {
        supply(worker);
      }
      told = changed();
    } finally {
      unguard();
    }
    call.complete(result.value(), result.failure());
    told.forEach(Waiter::wake);
    start(fresh);
  }

  /// A worker was lost before it began with a call: another one is to do it, as the next.
  ///
  /// @return false if nobody wants it any more
  boolean passOn(Worker worker, Call call) {
    Worker free;
    Worker fresh = null;
    guard();
    try {
      if (worker.doomed) {
        return false;
      }
      worker.taken = null;
      worker.ending = true;
      serving--;
      free = idle.pollLast();
      if (free != null) {
        assign(free, call);
      } else {
        call.worker = null;
        queue.addFirst(call);
        fresh = oneMore();
      }
    } finally {
      unguard();
    }
    if (free != null) {
      free.wake();
    }
    start(fresh);
    return true;
  }

  /// Lets a worker run code of the program, such as that of a class loader, which may take any time
  /// and during which it sees nothing of its child.
  ///
  /// @return false if its child is killed, so that nobody waits for what that code does
  boolean leaves(Worker worker) {
    return see(() -> worker.away = !worker.doomed);
  }

  /// A worker has come back from there.
  void returned(Worker worker) {
    boolean _ = see(() -> worker.away = false);
  }

  /// The child of a worker was killed and is gone. The worker sees that by itself and tells whoever
  /// waits, unless it is away: then nobody waits for it any more.
  void killed(Worker worker) {
    if (see(() -> worker.away)) {
      giveUp(worker, closedMeanwhile());
      gone(worker);
    }
  }

  /// A worker takes no more calls, and the one that it had comes to nothing.
  void giveUp(Worker worker, Throwable why) {
    Call lost;
    Worker fresh;
    List<Waiter> told;
    guard();
    try {
      lost = worker.taken == null ? worker.assigned : worker.taken;
      worker.taken = null;
      worker.assigned = null;
      if (lost != null) {
        lost.worker = null;
        calls--;
      }
      if (!worker.ending) {
        worker.ending = true;
        idle.remove(worker);
        serving--;
      }
      fresh = oneMore();
      told = changed();
    } finally {
      unguard();
    }
    if (lost != null) {
      lost.complete(null, why);
    }
    told.forEach(Waiter::wake);
    start(fresh);
  }

  /// Nothing of a worker is left that anybody would wait for.
  void gone(Worker worker) {
    change(() -> workers.remove(worker));
  }

  @Override
  public List<ProcessHandle> workers() {
    List<Worker> all;
    guard();
    try {
      all = List.copyOf(workers);
    } finally {
      unguard();
    }
    return all.stream().flatMap(Worker::process).toList();
  }

  // Closing

  @Override
  public void close() {
    if (shared) {
      return;
    }
    refuseCalls().forEach(Worker::wake);
    if (!awaitOrLeave(() -> calls == 0 && workers.isEmpty())) {
      abort();
    }
    awaitMasked(workers::isEmpty);
    loopNeedNotClose.run();
  }

  private List<Worker> refuseCalls() {
    guard();
    try {
      closed = true;
      return List.copyOf(workers);
    } finally {
      unguard();
    }
  }

  /// By the thread that ran the loop in which it was made.
  private void closeAtOnce() {
    if (openedAt != null) {
      LeftOpen.report(this, openedAt);
    }
    abort();
    awaitMasked(workers::isEmpty);
  }

  private void abort() {
    List<Call> dropped;
    List<Worker> killed;
    List<Waiter> told;
    guard();
    try {
      closed = true;
      aborted = true;
      dropped = List.copyOf(queue);
      queue.clear();
      calls -= dropped.size();
      killed = List.copyOf(workers);
      killed.forEach(worker -> worker.doomed = true);
      told = changed();
    } finally {
      unguard();
    }
    killed.forEach(Worker::kill);
    dropped.forEach(call -> call.complete(null, closedMeanwhile()));
    told.forEach(Waiter::wake);
  }

  static CancellationException closedMeanwhile() {
    return Stacks.without(
        new CancellationException(
            "the pool of child JVMs was closed at once, and the body was dropped or killed"));
  }

  @Override
  public String toString() {
    return "pool of up to " + limit + " child JVMs";
  }
}
