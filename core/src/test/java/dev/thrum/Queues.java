package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.internal.wait.WaitQueue;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/// What a lock or channel keeps to itself: who waits for it, and who was served and not yet woken.
final class Queues {
  private Queues() {}

  /// After all have left, nobody stands in a queue and nobody is still to be woken.
  static void checkNobodyIsLeft(Object... shared) throws ReflectiveOperationException {
    for (Object thing : shared) {
      for (Field field : fields(thing)) {
        if (field.get(thing) instanceof WaitQueue queue) {
          assertTrue(queue.isEmpty(), () -> "somebody is left in " + name(thing, field));
        }
      }
      checkNobodyIsToBeWoken(thing);
    }
  }

  /// Outside its guard a thing keeps nobody whom it has served.
  static void checkNobodyIsToBeWoken(Object thing) throws ReflectiveOperationException {
    for (Field field : fields(thing)) {
      if (field.getName().equals("served")) {
        assertNull(field.get(thing), () -> "somebody was served and not woken by " + thing);
      }
    }
  }

  /// How many wait, for people.
  static String describe(Object... shared) {
    List<String> lines = new ArrayList<>();
    try {
      for (Object thing : shared) {
        StringBuilder line = new StringBuilder().append(thing);
        for (Field field : fields(thing)) {
          if (field.get(thing) instanceof WaitQueue queue) {
            line.append(", ").append(field.getName()).append(": ").append(queue.size());
          }
        }
        lines.add(line.toString());
      }
    } catch (ReflectiveOperationException e) {
      lines.add(e.toString());
    }
    return String.join("\n", lines);
  }

  /// How many stand in the queue with that name.
  static int waiting(Object thing, String queue) throws ReflectiveOperationException {
    for (Field field : fields(thing)) {
      if (field.getName().equals(queue)) {
        return ((WaitQueue) field.get(thing)).size();
      }
    }
    throw new NoSuchFieldException(name(thing, null) + queue);
  }

  private static List<Field> fields(Object thing) {
    List<Field> found = new ArrayList<>();
    for (Class<?> type = thing.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().startsWith("dev.thrum.")) {
        for (Field field : type.getDeclaredFields()) {
          field.setAccessible(true);
          found.add(field);
        }
      }
    }
    return found;
  }

  private static String name(Object thing, Field field) {
    return (field == null ? "" : field.getName() + " of ") + thing;
  }
}
