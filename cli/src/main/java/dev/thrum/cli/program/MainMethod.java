package dev.thrum.cli.program;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/// The method that a program begins with: `main(String[])` before `main()`, static or not, its own
/// or inherited, as the Java Language Specification has it (§12.1.4).
final class MainMethod {
  private final Class<?> type;
  private final Method method;

  private MainMethod(Class<?> type, Method method) {
    this.type = type;
    this.method = method;
  }

  static MainMethod of(Class<?> type) throws NoSuchMethodException {
    Method found = find(type, String[].class);
    if (found == null) {
      found = find(type);
    }
    if (found == null) {
      throw new NoSuchMethodException(type.getName() + ".main");
    }
    return new MainMethod(type, found);
  }

  private static @Nullable Method find(Class<?> type, Class<?>... parameters) {
    for (Class<?> declarer = type; declarer != null; declarer = declarer.getSuperclass()) {
      try {
        Method method = declarer.getDeclaredMethod("main", parameters);
        if (!Modifier.isPrivate(method.getModifiers()) && method.getReturnType() == void.class) {
          return method;
        }
      } catch (NoSuchMethodException _) {
        // Perhaps its superclass has it.
      }
    }
    return null;
  }

  void call(String[] arguments) throws Throwable {
    method.setAccessible(true);
    try {
      Object receiver = Modifier.isStatic(method.getModifiers()) ? null : newInstance(type);
      if (method.getParameterCount() == 0) {
        method.invoke(receiver);
      } else {
        method.invoke(receiver, (Object) arguments);
      }
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  static Object newInstance(Class<?> type) throws ReflectiveOperationException {
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }
}
