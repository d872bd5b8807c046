package dev.thrum.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who hears of a signal of the operating system: the handler that was added last and has not been
/// removed. Without one, whoever heard of it before the first was added.
///
/// The JDK's only way to a signal is `sun.misc.Signal` of the module `jdk.unsupported`, which an
/// image may lack; so it is looked up by name.
public final class SignalHandlers implements InvocationHandler {

  /// A handler that has been added.
  public static final class Registration implements AutoCloseable {
    private final SignalHandlers signal;
    private final Runnable handler;

    private Registration(SignalHandlers signal, Runnable handler) {
      this.signal = signal;
      this.handler = handler;
    }

    /// Removes the handler, in whatever order others are. Removing it twice does nothing.
    @Override
    public void close() {
      signal.remove(this);
    }
  }

  private static final Map<String, SignalHandlers> ALL = new HashMap<>();

  private final String name;
  private final List<Registration> added = new ArrayList<>();
  private @Nullable Object own;
  private @Nullable Object before;
  private boolean replaced;

  private SignalHandlers(String name) {
    this.name = name;
  }

  /// Adds a handler.
  ///
  /// @param name the signal's name, without `SIG`
  /// @param handler runs in a thread of its own for each signal
  /// @return what removes it
  /// @throws IllegalArgumentException if there is no such signal, or the JVM keeps it for itself
  /// @throws UnsupportedOperationException if this JVM has no signals
  public static Registration add(String name, Runnable handler) {
    synchronized (ALL) {
      SignalHandlers signal = ALL.computeIfAbsent(name, SignalHandlers::new);
      if (signal.added.isEmpty()) {
        signal.install();
      }
      Registration registration = new Registration(signal, handler);
      signal.added.add(registration);
      return registration;
    }
  }

  /// Sends a signal to this JVM.
  ///
  /// @param name the signal's name, without `SIG`
  public static void raise(String name) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      var _ = type.getMethod("raise", type).invoke(null, signal(name));
    } catch (ReflectiveOperationException e) {
      throw refused(name, e);
    }
  }

  private void install() {
    try {
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      own = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this);
      before = handle(own);
    } catch (ReflectiveOperationException e) {
      throw refused(name, e);
    }
  }

  private void remove(Registration registration) {
    synchronized (ALL) {
      if (!added.remove(registration) || !added.isEmpty()) {
        return;
      }
      try {
        Object removed = handle(before);
        replaced = removed != own;
        if (replaced) {
          // Somebody has set a handler of its own since; it stays.
          var _ = handle(removed);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("the handler of SIG" + name + " could not be put back", e);
      }
    }
  }

  private @Nullable Object handle(@Nullable Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    return signal.getMethod("handle", signal, type).invoke(null, signal(name), handler);
  }

  private static Object signal(String name) throws ReflectiveOperationException {
    return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
  }

  private static RuntimeException refused(String name, ReflectiveOperationException failure) {
    if (!(failure instanceof InvocationTargetException thrown)) {
      return new UnsupportedOperationException(
          "signals need the module jdk.unsupported, which this JVM lacks; add it to the image",
          failure);
    }
    Throwable cause = thrown.getCause();
    String message = cause == null ? "" : String.valueOf(cause.getMessage());
    return new IllegalArgumentException(
        message.startsWith("Unknown")
            ? "there is no signal " + name + " on this system: names are TERM, HUP, USR1 and such"
            : "signal "
                + name
                + " cannot be received: it is for the JVM or the system alone, or the JVM was"
                + " started with -Xrs",
        cause);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "handle" -> {
        dispatch();
        yield null;
      }
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> arguments != null && proxy == arguments[0];
      default -> "Thrum's handler of SIG" + name;
    };
  }

  private void dispatch() {
    Runnable handler;
    synchronized (ALL) {
      if (!added.isEmpty()) {
        handler = added.getLast().handler;
      } else if (replaced) {
        return; // whoever passes this on has heard of it
      } else {
        // The last one was removed after the JVM chose this: it is for who was there before.
        handler = () -> raise(name);
      }
    }
    handler.run();
  }
}
