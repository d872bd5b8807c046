package dev.thrum.process;

import dev.thrum.internal.process.Frame;
import dev.thrum.internal.process.Lenders;
import dev.thrum.internal.process.Stacks;
import java.io.IOException;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A child JVM at work, in a thread of its own: starts it, gives it one call after the other, and
/// sees it end.
///
/// The thread waits in the child's selector, from which a call, the child's words, its end, the
/// time and whoever wants to kill it all wake it; and in code of the program, which lends classes
/// or unpacks an answer and may take any time. If the child is killed meanwhile, the pool does
/// without this worker.
final class Worker implements Runnable {

  /// What came of a call, and whether the child is of no use any more.
  record Result(@Nullable Object value, @Nullable Throwable failure, boolean isLast) {}

  /// What it is to take next. Under the pool's guard.
  @Nullable Call assigned;

  /// What it is doing. Under the pool's guard.
  @Nullable Call taken;

  /// Whether it is in code of the program. Under the pool's guard.
  boolean away;

  /// Whether it is to be killed. Written under the pool's guard.
  volatile boolean doomed;

  /// Whether it takes no more calls. Written under the pool's guard.
  volatile boolean ending;

  private final ProcessesImpl pool;
  private final WorkerOptions options;
  private final Child child;
  private final Set<ClassLoader> lenders = Collections.newSetFromMap(new WeakHashMap<>());
  private int tasks;
  private @Nullable IOException lost;
  private long idleSince;

  Worker(ProcessesImpl pool) {
    this.pool = pool;
    this.options = pool.options;
    this.child = new Child(options);
  }

  void start() {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .inheritInheritableThreadLocals(false)
            .name("thrum-process")
            .unstarted(this);
    thread.setContextClassLoader(null);
    thread.start();
  }

  // From any thread

  /// Lets it look at its state again.
  void wake() {
    child.wake();
  }

  /// To be called once it is doomed.
  void kill() {
    child.kill(() -> pool.killed(this));
  }

  Stream<ProcessHandle> process() {
    return child.handle();
  }

  WorkerFailedException startFailure(Throwable why) {
    return child.startFailure(why);
  }

  // In its thread

  @Override
  public void run() {
    try {
      if (connect()) {
        serve();
      }
    } catch (Throwable e) { // out of memory, or a log that throws: nobody may wait for this worker
      pool.giveUp(this, child.givenUp(e));
    } finally {
      end();
    }
  }

  private void end() {
    try {
      child.end();
    } finally {
      pool.gone(this);
    }
  }

  private boolean connect() {
    try {
      child.start();
    } catch (Throwable e) {
      pool.startFailed(child.startFailure(e));
      return false;
    }
    pool.started();
    return true;
  }

  private void serve() {
    pool.free(this);
    idleSince = System.nanoTime();
    while (!ending) {
      Call call = pool.take(this, lost != null || idleLeft() <= 0);
      if (call == null) {
        listen();
      } else if (lost != null) {
        lost(call, false, lost);
      } else {
        perform(call);
        idleSince = System.nanoTime();
      }
    }
  }

  private long idleLeft() {
    return options.idleNanos() - (System.nanoTime() - idleSince);
  }

  /// Without a call there is little to hear: threads that bodies have left behind may want classes.
  private void listen() {
    try {
      if (!ending && child.hear(idleLeft())) {
        answer(child.receiveRest());
      }
    } catch (IOException e) {
      lost = e;
    }
  }

  private void answer(Frame frame) throws IOException {
    if (frame.kind() != Frame.Kind.WANTED) {
      throw new IOException("an idle child does not send " + frame.kind());
    }
    child.send(Frame.Kind.RESOURCE, away(() -> Lenders.answer(frame.read(), lenders)));
  }

  /// Code of the program.
  private interface Code<T> {
    T run() throws IOException;
  }

  private <T> T away(Code<T> code) throws IOException {
    if (!pool.leaves(this)) {
      throw new IOException("it is killed");
    }
    try {
      return code.run();
    } finally {
      pool.returned(this);
    }
  }

  private void perform(Call call) {
    tasks++;
    lenders.add(call.loader);
    boolean begun = false;
    Frame frame;
    try {
      child.send(Frame.Kind.BODY, call.head, call.bytes);
      frame = child.receive();
      while (true) {
        if (frame.kind() == Frame.Kind.BEGUN) {
          begun = true;
        } else if (frame.kind() == Frame.Kind.WANTED) {
          answer(frame);
        } else {
          break;
        }
        frame = child.receive();
      }
    } catch (IOException e) {
      lost(call, begun, e);
      return;
    } catch (RuntimeException | Error e) {
      pool.done(this, call, new Result(null, e, true));
      return;
    }
    Result result = result(call, frame);
    if (doomed) {
      child.awaitKilled(call);
    }
    pool.done(this, call, result);
  }

  private Result result(Call call, Frame frame) {
    boolean isLast = tasks >= options.maxTasks() || frame.kind() == Frame.Kind.OUT_OF_MEMORY;
    Thread.currentThread().setContextClassLoader(call.loader);
    try {
      return away(() -> new Answers(call, child.pid()).read(frame, isLast));
    } catch (IOException e) {
      Throwable failure =
          doomed
              ? ProcessesImpl.closedMeanwhile()
              : Stacks.without(new TransferException("the child's answer makes no sense", e));
      return new Result(null, failure, true);
    } catch (RuntimeException | Error e) {
      return new Result(null, e, isLast);
    } finally {
      Thread.currentThread().setContextClassLoader(null);
    }
  }

  private void lost(Call call, boolean begun, IOException noticed) {
    if (!begun && !doomed && call.mayTryAgain() && pool.passOn(this, call)) {
      return;
    }
    Throwable failure;
    if (doomed) {
      child.awaitKilled(call);
      failure = ProcessesImpl.closedMeanwhile();
    } else {
      failure = child.failure(noticed);
    }
    pool.done(this, call, new Result(null, failure, true));
  }
}
