package dev.thrum.internal.process;

import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the object that kept another one from being serialized, and the way to it, to tell people.
final class Unserializable {
  private static final int FAR = 100_000;
  private static final String RECEIVER = "this";

  /// An object, how it was reached, and from where.
  private record Place(Object object, String how, @Nullable Place from) {}

  private final Queue<Place> todo = new ArrayDeque<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private Unserializable() {}

  /// Says where the first object of a class is, and what to do about it.
  static String find(@Nullable Object root, String className) {
    try {
      return new Unserializable().search(root, className);
    } catch (RuntimeException _) { // from a collection that it looks into
      return unfound(className);
    }
  }

  private static String unfound(String className) {
    return "it has a " + className + ", which is not serializable";
  }

  private String search(@Nullable Object root, String className) {
    look(root, "", null);
    for (Place at = todo.poll(); at != null; at = todo.poll()) {
      if (at.object.getClass().getName().equals(className)) {
        return describe(at, className);
      }
      lookInside(at);
    }
    return unfound(className);
  }

  private static String describe(Place found, String className) {
    List<String> path = new ArrayList<>();
    for (Place at = found; at != null; at = at.from) {
      if (!at.how.isEmpty()) {
        path.add(at.how);
      }
    }
    if (path.equals(List.of(RECEIVER))) {
      return "it calls an instance method or uses a field of "
          + className
          + ", so it takes the whole object along, which is not serializable. Make what it calls"
          + " static, or read the field into a local variable before";
    }
    return (path.isEmpty() ? "it is a " : "it has a ")
        + className
        + (path.isEmpty() ? "" : " (" + String.join(" of ", path) + ")")
        + ", which is not serializable. Leave it out, or make it where it is used"
        + otherRemedy(className);
  }

  private static String otherRemedy(String className) {
    if (className.contains("$$Lambda")) {
      return ", or let its type be one that is Serializable, as a ProcessBody is";
    }
    return className.startsWith("java.") ? "" : ", or let its class implement Serializable";
  }

  private void look(@Nullable Object object, String how, @Nullable Place from) {
    if (object != null && seen.size() < FAR && seen.add(object)) {
      todo.add(new Place(object, how, from));
    }
  }

  private void lookInside(Place at) {
    switch (at.object) {
      case SerializedLambda lambda -> lookIntoCaptured(lambda, at);
      case Object[] array -> {
        for (int i = 0; i < array.length; i++) {
          look(array[i], "element " + i, at);
        }
      }
      case Collection<?> collection -> {
        for (Object element : collection) {
          look(element, "an element", at);
        }
      }
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          look(entry.getKey(), "a key", at);
          look(entry.getValue(), "a value", at);
        }
      }
      default -> lookIntoFields(at);
    }
  }

  private void lookIntoCaptured(SerializedLambda lambda, Place at) {
    boolean bound = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
    for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
      look(lambda.getCapturedArg(i), bound && i == 0 ? RECEIVER : "which it captures", at);
    }
  }

  private void lookIntoFields(Place at) {
    Class<?> type = at.object.getClass();
    while (type != null && (Serializable.class.isAssignableFrom(type) || type.isRecord())) {
      for (Field field : type.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (!Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers)) {
          look(read(field, at.object), "field " + field.getName() + " of " + type.getName(), at);
        }
      }
      type = type.getSuperclass();
    }
  }

  private static @Nullable Object read(Field field, Object object) {
    try {
      return !field.getType().isPrimitive() && field.trySetAccessible() ? field.get(object) : null;
    } catch (IllegalAccessException _) {
      return null;
    }
  }
}
