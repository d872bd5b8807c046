package dev.thrum.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// What a switch costs before anybody adds anything to it: two continuations of the JDK that are
/// run in turns, and two virtual threads that are woken and run in turns, by one thread that does
/// nothing else. No loop that is made of either can switch faster.
final class SwitchFloor {
  private static final int TIMES = 3_000_000;
  private static final int ROUNDS = 5;

  private SwitchFloor() {}

  /// The JDK's continuations, which its virtual threads stand on.
  private static final class Continuations {
    private static final MethodHandle NEW;
    private static final MethodHandle RUN;
    private static final MethodHandle YIELD;

    static {
      try {
        var type = Class.forName("jdk.internal.vm.Continuation");
        var scopeType = Class.forName("jdk.internal.vm.ContinuationScope");
        var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        var scope =
            lookup
                .findConstructor(scopeType, MethodType.methodType(void.class, String.class))
                .invoke("bench");
        NEW =
            lookup
                .findConstructor(type, MethodType.methodType(void.class, scopeType, Runnable.class))
                .bindTo(scope)
                .asType(MethodType.methodType(Object.class, Runnable.class));
        RUN =
            lookup
                .findVirtual(type, "run", MethodType.methodType(void.class))
                .asType(MethodType.methodType(void.class, Object.class));
        YIELD =
            lookup
                .findStatic(type, "yield", MethodType.methodType(boolean.class, scopeType))
                .bindTo(scope);
      } catch (Throwable e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Object[] two = {make(), make()};

    private static Object make() {
      try {
        return (Object) NEW.invokeExact((Runnable) Continuations::yieldForEver);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    private static void yieldForEver() {
      boolean yielded = true;
      while (yielded) {
        try {
          yielded = (boolean) YIELD.invokeExact();
        } catch (Throwable e) {
          throw new IllegalStateException(e);
        }
      }
    }

    void run(int which) {
      try {
        RUN.invokeExact(two[which]);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// Virtual threads whose scheduler keeps what it is given until it is asked.
  private static final class Parked implements Executor {
    private final Thread thread;
    private Runnable resume = () -> {};

    Parked() {
      thread = BareLoop.newVirtualThread(this, SwitchFloor::parkForEver);
      thread.start();
      resume.run();
    }

    @Override
    public void execute(Runnable continuation) {
      resume = continuation;
    }

    void run() {
      LockSupport.unpark(thread);
      resume.run();
    }
  }

  private static void parkForEver() {
    while (true) {
      LockSupport.park();
    }
  }

  static void main() {
    var continuations = new Continuations();
    System.out.printf("continuation: %.0f ns%n", best(i -> continuations.run(i & 1)));
    var threads = new Parked[] {new Parked(), new Parked()};
    System.out.printf("virtual thread: %.0f ns%n", best(i -> threads[i & 1].run()));
    System.exit(0);
  }

  private static double best(IntConsumer step) {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long began = System.nanoTime();
      for (int i = 0; i < TIMES; i++) {
        step.accept(i);
      }
      best = Math.min(best, (System.nanoTime() - began) / (double) TIMES);
    }
    return best;
  }
}
