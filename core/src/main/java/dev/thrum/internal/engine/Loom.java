package dev.thrum.internal.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The parts of `java.lang` that are not public and that the confined engine stands on, found once.
/// They are there if the JVM runs with `--add-opens java.base/java.lang=ALL-UNNAMED` (or, on the
/// module path, `=dev.thrum.core`).
final class Loom {
  static final boolean AVAILABLE;
  static final Executor DEFAULT_SCHEDULER;

  private static final MethodHandle NEW_VIRTUAL_THREAD;
  private static final MethodHandle SCHEDULER;
  private static final MethodHandle GET_BINDINGS;
  private static final MethodHandle SET_BINDINGS;
  private static final MethodHandle PARK;
  private static final MethodHandle CHANGE_STATE;
  private static final int PARKED;
  private static final int UNPARKED;

  static {
    Handles found = Handles.find();
    AVAILABLE = found != null;
    if (found == null) {
      MethodHandle none = MethodHandles.throwException(void.class, IllegalStateException.class);
      DEFAULT_SCHEDULER = Runnable::run;
      NEW_VIRTUAL_THREAD = none;
      SCHEDULER = none;
      GET_BINDINGS = none;
      SET_BINDINGS = none;
      PARK = none;
      CHANGE_STATE = none;
      PARKED = 0;
      UNPARKED = 0;
    } else {
      DEFAULT_SCHEDULER = found.defaultScheduler;
      NEW_VIRTUAL_THREAD = found.newVirtualThread;
      SCHEDULER = found.scheduler;
      GET_BINDINGS = found.getBindings;
      SET_BINDINGS = found.setBindings;
      PARK = found.park;
      CHANGE_STATE = found.changeState;
      PARKED = found.parked;
      UNPARKED = found.unparked;
    }
  }

  private record Handles(
      Executor defaultScheduler,
      MethodHandle newVirtualThread,
      MethodHandle scheduler,
      MethodHandle getBindings,
      MethodHandle setBindings,
      MethodHandle park,
      MethodHandle changeState,
      int parked,
      int unparked) {

    static @Nullable Handles find() {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Class<?> virtualThread = Class.forName("java.lang.VirtualThread");
        Method create =
            open(
                Class.forName("java.lang.ThreadBuilders")
                    .getDeclaredMethod(
                        "newVirtualThread",
                        Executor.class,
                        String.class,
                        int.class,
                        Runnable.class));
        Field scheduler = open(virtualThread.getDeclaredField("scheduler"));
        Field defaultScheduler = open(virtualThread.getDeclaredField("DEFAULT_SCHEDULER"));
        Field bindings = open(Thread.class.getDeclaredField("scopedValueBindings"));
        Handles handles =
            new Handles(
                (Executor) defaultScheduler.get(null),
                lookup.unreflect(create),
                lookup
                    .unreflectGetter(scheduler)
                    .asType(MethodType.methodType(Executor.class, Thread.class)),
                lookup.unreflectGetter(bindings),
                lookup.unreflectSetter(bindings),
                lookup
                    .unreflect(open(virtualThread.getDeclaredMethod("park")))
                    .asType(MethodType.methodType(void.class, Thread.class)),
                MethodHandles.privateLookupIn(virtualThread, lookup)
                    .findVarHandle(virtualThread, "state", int.class)
                    .toMethodHandle(VarHandle.AccessMode.COMPARE_AND_SET)
                    .asType(
                        MethodType.methodType(boolean.class, Thread.class, int.class, int.class)),
                open(virtualThread.getDeclaredField("PARKED")).getInt(null),
                open(virtualThread.getDeclaredField("UNPARKED")).getInt(null));
        Executor probe = Runnable::run;
        Thread thread = (Thread) handles.newVirtualThread.invoke(probe, "", 0, (Runnable) () -> {});
        return (Executor) handles.scheduler.invokeExact(thread) == probe ? handles : null;
      } catch (ReflectiveOperationException | RuntimeException _) {
        return null;
      } catch (Throwable e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private static <M extends java.lang.reflect.AccessibleObject> M open(M member) {
      member.setAccessible(true);
      return member;
    }
  }

  private Loom() {}

  static Thread newVirtualThread(Executor scheduler, @Nullable String name, Runnable body) {
    try {
      return (Thread) NEW_VIRTUAL_THREAD.invokeExact(scheduler, name, 0, body);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// As `LockSupport.park`, with fewer frames: what a task's stack holds while it waits is memory.
  static void park(Thread virtualThread) {
    try {
      PARK.invokeExact(virtualThread);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// As `LockSupport.unpark` for a thread that is parked, but without a permit and without telling
  /// its scheduler, which the caller does.
  ///
  /// @return false if it is not parked: then nothing has changed
  static boolean unpark(Thread virtualThread) {
    try {
      return (boolean) CHANGE_STATE.invokeExact(virtualThread, PARKED, UNPARKED);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static Executor schedulerOf(Thread virtualThread) {
    try {
      return (Executor) SCHEDULER.invokeExact(virtualThread);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Copies the scoped values of the calling thread to a thread that is not started. A new thread's
  /// mark and a binding that the JDK has to search the stack for are left alone.
  static void inheritScopedValues(Thread child) {
    try {
      Object bindings = (Object) GET_BINDINGS.invokeExact(Thread.currentThread());
      if (bindings != null && bindings != Thread.class) {
        SET_BINDINGS.invokeExact(child, bindings);
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      return runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }
}
