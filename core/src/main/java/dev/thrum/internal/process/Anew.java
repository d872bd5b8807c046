package dev.thrum.internal.process;

import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

/// Stands for the object that a compact source file's methods belong to. It has no fields, so that
/// one is as good as another, and the other side makes its own.
record Anew(Class<?> type) implements Serializable {

  static boolean isEnoughFor(Object object) {
    Class<?> type = object.getClass();
    return !(object instanceof Serializable)
        && Modifier.isFinal(type.getModifiers())
        && type.getPackageName().isEmpty()
        && type.getEnclosingClass() == null
        && type.getSuperclass() == Object.class
        && isMadeWithNothing(type)
        && isEmpty(type);
  }

  private static boolean isMadeWithNothing(Class<?> type) {
    Constructor<?>[] constructors = type.getDeclaredConstructors();
    return constructors.length == 1 && constructors[0].getParameterCount() == 0;
  }

  private static boolean isEmpty(Class<?> type) {
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        return false;
      }
    }
    return true;
  }

  private Object readResolve() throws ObjectStreamException {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException | RuntimeException e) {
      InvalidObjectException failed =
          new InvalidObjectException("the program's object could not be made anew");
      failed.initCause(e);
      throw failed;
    }
  }
}
