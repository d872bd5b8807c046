package dev.thrum.internal;

import dev.thrum.internal.engine.Engine;
import dev.thrum.internal.wait.Changing;
import dev.thrum.internal.wait.Party;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A call of the operating system that blocks, made by another thread for a party that waits for
/// it.
///
/// The threads are platform threads: a call that blocks in the system would hold a carrier of the
/// JDK's virtual threads, and a pipe can block for ever. So many calls of a kind are made at a
/// time: see [Lane]. If the caller is cancelled, a call that has not begun is dropped. One that
/// runs is interrupted, if [OnCancel] says so, and waited for; what it returns is returned. After a
/// grace it is left alone and named in the log.
///
/// @param <T> the type of its value
public final class Offload<T extends @Nullable Object> extends Changing {

  /// What blocks.
  ///
  /// @param <T> the type of its value
  @FunctionalInterface
  public interface Call<T extends @Nullable Object> {

    /// Runs in another thread.
    ///
    /// @return the value
    /// @throws IOException if it fails
    T call() throws IOException;
  }

  /// What blocks and has no value.
  @FunctionalInterface
  public interface Action {

    /// Runs in another thread.
    ///
    /// @throws IOException if it fails
    void run() throws IOException;
  }

  /// What becomes of a call that runs when its caller is cancelled.
  public enum OnCancel {
    /// It is interrupted: a channel it uses is closed by that.
    INTERRUPT,
    /// It is left to end by itself, and waited for.
    WAIT,
    /// It is left to end by itself, and nobody waits for it; what it returns is dropped.
    ABANDON
  }

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final StackWalker WALKER = StackWalker.getInstance();

  private enum Stage {
    QUEUED,
    RUNNING,
    DONE,
    DROPPED,
    LEFT_ALONE
  }

  private final Lane lane;
  private final String what;
  private final Call<? extends T> body;
  private final Consumer<? super T> late;
  private final Duration grace;
  private Stage stage = Stage.QUEUED;
  private boolean lost;
  private volatile @Nullable DebugStack calledAt;
  private @Nullable Thread thread;
  private @Nullable T value;
  private @Nullable Throwable failure;

  private Offload(Lane lane, String what, Call<? extends T> body, Consumer<? super T> late) {
    this(lane, what, body, late, GRACE);
  }

  Offload(
      Lane lane, String what, Call<? extends T> body, Consumer<? super T> late, Duration grace) {
    super(true);
    this.lane = lane;
    this.what = what;
    this.body = body;
    this.late = late;
    this.grace = grace;
  }

  /// Makes a call and waits for it.
  ///
  /// @param what the call, for people
  /// @param onCancel what becomes of it if the caller is cancelled
  /// @param body what blocks
  /// @param <T> the type of its value
  /// @return the value
  /// @throws IOException if it fails
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled
  public static <T extends @Nullable Object> T call(
      String what, OnCancel onCancel, Call<? extends T> body) throws IOException {
    return call(Lane.FILES, what, onCancel, body);
  }

  /// Makes a call and waits for it.
  ///
  /// @param lane where it waits until it is made
  /// @param what the call, for people
  /// @param onCancel what becomes of it if the caller is cancelled
  /// @param body what blocks
  /// @param <T> the type of its value
  /// @return the value
  /// @throws IOException if it fails
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled
  public static <T extends @Nullable Object> T call(
      Lane lane, String what, OnCancel onCancel, Call<? extends T> body) throws IOException {
    Party.current().enter();
    return new Offload<T>(lane, what, body, _ -> {}).start().await(onCancel);
  }

  /// Makes a call that opens something, and waits for it.
  ///
  /// @param what the call, for people
  /// @param body what blocks
  /// @param late gets a value that comes when the caller waits no more
  /// @param <T> the type of its value
  /// @return the value
  /// @throws IOException if it fails
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled
  public static <T extends @Nullable Object> T open(
      String what, Call<? extends T> body, Consumer<? super T> late) throws IOException {
    return open(Lane.FILES, what, body, late);
  }

  /// Makes a call that opens something, and waits for it.
  ///
  /// @param lane where it waits until it is made
  /// @param what the call, for people
  /// @param body what blocks
  /// @param late gets a value that comes when the caller waits no more
  /// @param <T> the type of its value
  /// @return the value
  /// @throws IOException if it fails
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled
  public static <T extends @Nullable Object> T open(
      Lane lane, String what, Call<? extends T> body, Consumer<? super T> late) throws IOException {
    Party.current().enter();
    return new Offload<T>(lane, what, body, late).start().await(OnCancel.WAIT);
  }

  /// Makes a call that cleans up and waits for it, whatever cancellation comes.
  ///
  /// @param what the call, for people
  /// @param action what blocks
  /// @throws IOException if it fails
  public static void cleanUp(String what, Action action) throws IOException {
    Offload<?> made = new Offload<>(Lane.CLEANUPS, what, valued(action), _ -> {}).start();
    made.settle();
    var _ = made.result(Party.current());
  }

  /// An action as a call with a value that says nothing.
  ///
  /// @param action the action
  /// @return the call
  public static Call<Boolean> valued(Action action) {
    return () -> {
      action.run();
      return true;
    };
  }

  /// Makes a call, to be waited for later.
  ///
  /// @param what the call, for people
  /// @param body what blocks
  /// @param <T> the type of its value
  /// @return the call
  public static <T extends @Nullable Object> Offload<T> start(String what, Call<? extends T> body) {
    return new Offload<T>(Lane.FILES, what, body, _ -> {}).start();
  }

  Offload<T> start() {
    lane.add(this);
    return this;
  }

  /// Waits for its end.
  ///
  /// @param onCancel what becomes of it if the caller is cancelled
  /// @return its value
  /// @throws IOException if it fails
  /// @throws java.util.concurrent.CancellationException if the caller is cancelled
  public T await(OnCancel onCancel) throws IOException {
    Party me = Party.current();
    if (!awaitOrLeave(this::isOver) && !endsAllTheSame(onCancel)) {
      throw me.cancelled();
    }
    return result(me);
  }

  /// What becomes of it once its caller is cancelled.
  private boolean endsAllTheSame(OnCancel onCancel) {
    if (drop() || (onCancel == OnCancel.ABANDON && abandon())) {
      return false;
    }
    if (onCancel == OnCancel.INTERRUPT) {
      interrupt();
    }
    settle();
    return see(() -> stage == Stage.DONE && !isInterruption(failure));
  }

  /// Waits for its end whatever cancellation comes, but not for ever.
  public void settle() {
    if (see(this::isOver)) {
      return;
    }
    calledAt = DebugStack.ofCaller("it was called here");
    Thread timer = Engine.outsideThread("thrum-grace of " + what, this::leaveAloneInTime);
    timer.start();
    awaitMasked(this::isOver);
    LockSupport.unpark(timer);
  }

  /// Drops it if it has not begun, and interrupts it if it runs.
  public void stop() {
    if (!drop()) {
      interrupt();
    }
  }

  private synchronized void interrupt() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  // In the thread that makes it

  /// Makes it, unless it was dropped.
  ///
  /// @return false if it was left alone meanwhile, and the thread with it
  boolean make() {
    if (!begin()) {
      return true;
    }
    T got = null;
    Throwable thrown = null;
    try {
      got = body.call();
    } catch (Throwable e) {
      thrown = e;
    }
    finish();
    end(got, thrown);
    return see(() -> !lost);
  }

  private void end(@Nullable T got, @Nullable Throwable thrown) {
    change(() -> {
      if (stage == Stage.RUNNING) {
        stage = Stage.DONE;
        value = got;
        failure = thrown;
      }
    });
    if (thrown == null && see(() -> stage == Stage.LEFT_ALONE)) {
      deliverLate(got);
    }
  }

  @SuppressWarnings("NullAway") // null only if T allows it
  private void deliverLate(@Nullable T got) {
    try {
      late.accept(got);
    } catch (RuntimeException | Error e) {
      Warnings.warn(what + " ended late and could not be undone", e);
    }
  }

  private boolean begin() {
    synchronized (this) {
      thread = Thread.currentThread();
    }
    boolean begins =
        see(() -> {
          if (stage == Stage.QUEUED) {
            stage = Stage.RUNNING;
          }
          return stage != Stage.DROPPED; // a cleanup is made even if nobody waits for it any more
        });
    if (!begins) {
      finish();
    }
    return begins;
  }

  /// From here on no interrupt reaches the thread, which goes on to somebody else's call.
  private synchronized void finish() {
    thread = null;
    boolean _ = Thread.interrupted();
  }

  // How far it is

  private boolean isOver() {
    return stage != Stage.QUEUED && stage != Stage.RUNNING;
  }

  private boolean drop() {
    boolean dropped =
        see(() -> {
          if (stage == Stage.QUEUED) {
            stage = Stage.DROPPED;
          }
          return stage == Stage.DROPPED;
        });
    if (dropped) {
      boolean _ = lane.remove(this);
    }
    return dropped;
  }

  private static boolean isInterruption(@Nullable Throwable failure) {
    return failure instanceof ClosedByInterruptException
        || failure instanceof InterruptedIOException;
  }

  /// In a thread of its own, and by the machine's clock: the caller's may stand still.
  private void leaveAloneInTime() {
    long end = System.nanoTime() + grace.toNanos();
    while (!see(this::isOver)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        leaveAlone();
        return;
      }
      LockSupport.parkNanos(this, left);
    }
  }

  /// It goes on, and counts in its lane until it ends.
  ///
  /// @return false if it has ended
  private boolean abandon() {
    change(() -> {
      if (!isOver()) {
        stage = Stage.LEFT_ALONE;
      }
    });
    return see(() -> stage == Stage.LEFT_ALONE);
  }

  private void leaveAlone() {
    boolean[] left = {false};
    change(() -> {
      if (!isOver()) {
        left[0] = true;
        lost = stage == Stage.RUNNING;
        stage = Stage.LEFT_ALONE;
      }
    });
    if (left[0]) {
      if (lost) {
        lane.leaveAlone();
      }
      DebugStack place = calledAt;
      Warnings.warn(
          what
              + " still runs "
              + grace.toSeconds()
              + " s after it was cancelled; it is left alone"
              + DebugStack.sentence("called", place),
          DebugStack.shown(place));
    }
  }

  @SuppressWarnings("NullAway") // null only if T allows it
  private T result(Party me) throws IOException {
    // Both were written before the stage that the caller has seen.
    Throwable thrown =
        see(() -> stage == Stage.LEFT_ALONE)
            ? new IOException(what + " did not end within " + grace.toSeconds() + " s")
            : failure;
    return switch (thrown) {
      case null -> value;
      case IOException e -> throw traced(e, me);
      case RuntimeException e -> throw traced(e, me);
      case Error e -> throw traced(e, me);
      default -> throw new IllegalStateException(what + " failed", thrown);
    };
  }

  /// The other thread knows nothing of the caller; whoever reads the trace wants to.
  private static <X extends Throwable> X traced(X thrown, Party me) {
    StackTraceElement[] own = thrown.getStackTrace();
    if (own.length > 0) {
      List<StackTraceElement> joined = new ArrayList<>();
      for (StackTraceElement frame : own) {
        if (!isPlumbing(frame.getClassName())) {
          joined.add(frame);
        }
      }
      joined.add(new StackTraceElement("awaited by " + me.name(), "await", "Thrum", -1));
      WALKER.forEach(frame -> {
        if (!isPlumbing(frame.getClassName())) {
          joined.add(frame.toStackTraceElement());
        }
      });
      thrown.setStackTrace(joined.toArray(StackTraceElement[]::new));
    }
    return thrown;
  }

  private static boolean isPlumbing(String className) {
    return className.startsWith("dev.thrum.internal.")
        || className.startsWith("java.util.concurrent.ThreadPoolExecutor")
        || className.equals("java.lang.Thread")
        || className.startsWith("java.lang.VirtualThread");
  }

  @Override
  public String toString() {
    return what;
  }
}
