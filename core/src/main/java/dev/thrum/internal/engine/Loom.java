package dev.thrum.internal.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
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
  private static final MethodHandle GET_LOCALS;
  private static final MethodHandle SET_LOCALS;
  private static final MethodHandle GET_INHERITABLE;

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
      GET_LOCALS = none;
      SET_LOCALS = none;
      GET_INHERITABLE = none;
    } else {
      DEFAULT_SCHEDULER = found.defaultScheduler;
      NEW_VIRTUAL_THREAD = found.newVirtualThread;
      SCHEDULER = found.scheduler;
      GET_BINDINGS = found.getBindings;
      SET_BINDINGS = found.setBindings;
      PARK = found.park;
      GET_LOCALS = found.getLocals;
      SET_LOCALS = found.setLocals;
      GET_INHERITABLE = found.getInheritable;
    }
  }

  private record Handles(
      Executor defaultScheduler,
      MethodHandle newVirtualThread,
      MethodHandle scheduler,
      MethodHandle getBindings,
      MethodHandle setBindings,
      MethodHandle park,
      MethodHandle getLocals,
      MethodHandle setLocals,
      MethodHandle getInheritable) {

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
        Field locals = open(Thread.class.getDeclaredField("threadLocals"));
        Field inheritable = open(Thread.class.getDeclaredField("inheritableThreadLocals"));
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
                getter(lookup, locals),
                lookup
                    .unreflectSetter(locals)
                    .asType(MethodType.methodType(void.class, Thread.class, Object.class)),
                getter(lookup, inheritable));
        Executor probe = Runnable::run;
        Thread thread = (Thread) handles.newVirtualThread.invoke(probe, "", 0, (Runnable) () -> {});
        return (Executor) handles.scheduler.invokeExact(thread) == probe ? handles : null;
      } catch (ReflectiveOperationException | RuntimeException _) {
        return null;
      } catch (Throwable e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private static MethodHandle getter(MethodHandles.Lookup lookup, Field field)
        throws IllegalAccessException {
      return lookup
          .unreflectGetter(field)
          .asType(MethodType.methodType(Object.class, Thread.class));
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

  /// Whether a body cannot tell the running thread from one that has not been started, but for
  /// ordinary thread locals: both have the same scoped values, the same class loader, and no
  /// inheritable locals.
  static boolean looksAlike(Thread running, Thread fresh) {
    try {
      return (Object) GET_BINDINGS.invokeExact(running) == (Object) GET_BINDINGS.invokeExact(fresh)
          && (@Nullable Object) GET_INHERITABLE.invokeExact(running) == null
          && (@Nullable Object) GET_INHERITABLE.invokeExact(fresh) == null
          && running.getContextClassLoader() == fresh.getContextClassLoader();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Leaves a thread without thread locals, as a new one is.
  static @Nullable Object takeThreadLocals(Thread thread) {
    try {
      Object locals = (@Nullable Object) GET_LOCALS.invokeExact(thread);
      SET_LOCALS.invokeExact(thread, (@Nullable Object) null);
      return locals;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Gives a thread back what [#takeThreadLocals] took.
  static void putThreadLocals(Thread thread, @Nullable Object locals) {
    try {
      SET_LOCALS.invokeExact(thread, locals);
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
