package dev.thrum.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The least a scheduler of virtual threads can do: one platform thread that drains a queue.
///
/// Wake-ups by the loop's own thread go through a plain queue; those of other threads, the JDK's
/// timer among them, through a concurrent one that is looked at when the plain one is empty and
/// every [#BURST] runs.
final class BareLoop {
  private static final int BURST = 64;
  private static final MethodHandle NEW_VIRTUAL_THREAD = newVirtualThread();

  private final ArrayDeque<Fiber> ready = new ArrayDeque<>(1024);
  private final ConcurrentLinkedQueue<Fiber> foreign = new ConcurrentLinkedQueue<>();
  private final Thread carrier;
  private @Nullable Thread running;
  private volatile boolean idle;

  private BareLoop() {
    carrier = Thread.ofPlatform().daemon().name("bare-loop").unstarted(this::drain);
  }

  static BareLoop start() {
    var loop = new BareLoop();
    loop.carrier.start();
    return loop;
  }

  Thread startVirtualThread(Runnable body) {
    var fiber = new Fiber(body);
    fiber.thread.start();
    return fiber.thread;
  }

  private void drain() {
    while (true) {
      for (int i = 0; i < BURST; i++) {
        var fiber = ready.poll();
        if (fiber == null) {
          break;
        }
        running = fiber.thread;
        fiber.resume.run();
        running = null;
      }
      if (!takeForeign() && ready.isEmpty()) {
        idle = true;
        if (foreign.isEmpty()) {
          LockSupport.park(this);
        }
        idle = false;
      }
    }
  }

  private boolean takeForeign() {
    boolean any = false;
    for (var fiber = foreign.poll(); fiber != null; fiber = foreign.poll()) {
      ready.add(fiber);
      any = true;
    }
    return any;
  }

  @SuppressWarnings("ReferenceEquality")
  private void schedule(Fiber fiber) {
    var caller = Thread.currentThread();
    if (caller == carrier || caller == running) {
      ready.add(fiber);
      return;
    }
    foreign.add(fiber);
    if (idle) {
      LockSupport.unpark(carrier);
    }
  }

  /// A virtual thread that is its own scheduler, so that a wake-up names it.
  private final class Fiber implements Executor {
    private final Thread thread;
    private Runnable resume = () -> {};

    Fiber(Runnable body) {
      thread = newVirtualThread(this, body);
    }

    @Override
    public void execute(Runnable continuation) {
      resume = continuation;
      schedule(this);
    }
  }

  /// A virtual thread with a scheduler of its own.
  static Thread newVirtualThread(Executor scheduler, Runnable body) {
    try {
      return (Thread) NEW_VIRTUAL_THREAD.invokeExact(scheduler, "", 0, body);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle newVirtualThread() {
    try {
      var method =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      method.setAccessible(true);
      return MethodHandles.lookup()
          .unreflect(method)
          .asType(
              MethodType.methodType(
                  Thread.class, Executor.class, String.class, int.class, Runnable.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
