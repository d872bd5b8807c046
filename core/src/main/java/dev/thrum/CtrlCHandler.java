package dev.thrum;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/// Ctrl-C for the time of one run: the first cancels the main task, the second halts the JVM.
///
/// The JDK's only way to a signal is `sun.misc.Signal` of the module `jdk.unsupported`, which an
/// image may lack; so it is looked up, and without it Ctrl-C does what it always did.
final class CtrlCHandler implements InvocationHandler, AutoCloseable {
  private static final int HALTED = 130;

  private final LoopImpl loop;
  private @Nullable Object before;
  private boolean pressed;

  private CtrlCHandler(LoopImpl loop) {
    this.loop = loop;
  }

  static CtrlCHandler install(Runner.CtrlC choice, LoopImpl loop) {
    CtrlCHandler handler = new CtrlCHandler(loop);
    boolean wanted =
        switch (choice) {
          case ALWAYS -> true;
          case NEVER -> false;
          case ON_MAIN_THREAD -> isMainThread(Thread.currentThread());
        };
    if (wanted) {
      handler.before = handler.register();
    }
    return handler;
  }

  private static boolean isMainThread(Thread caller) {
    ThreadGroup group = caller.getThreadGroup();
    return caller.getName().equals("main") && group != null && group.getName().equals("main");
  }

  private @Nullable Object register() {
    try {
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      return setHandler(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
    } catch (ReflectiveOperationException _) {
      // Not in this image, or the JVM was told to leave signals alone (-Xrs).
      return null;
    }
  }

  private static Object setHandler(Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    Object interrupt = signal.getConstructor(String.class).newInstance("INT");
    return signal.getMethod("handle", signal, type).invoke(null, interrupt, handler);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "handle" -> {
        pressed();
        yield null;
      }
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> arguments != null && proxy == arguments[0];
      default -> "Ctrl-C of " + loop;
    };
  }

  private synchronized void pressed() {
    if (pressed) {
      Runtime.getRuntime().halt(HALTED);
    }
    pressed = true;
    loop.cancelMain(Runner.CTRL_C_REASON);
  }

  @Override
  public void close() {
    Object restored = before;
    if (restored != null) {
      try {
        setHandler(restored);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("the handler of Ctrl-C could not be put back", e);
      }
    }
  }
}
