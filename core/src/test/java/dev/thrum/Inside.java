package dev.thrum;

import dev.thrum.internal.wait.WaitQueue;
import java.lang.reflect.Field;

/// Looks into what nobody outside needs to see: who stands in the queues of a channel.
final class Inside {
  private Inside() {}

  /// How many wait to receive, with those that have left and not yet gone.
  static int receivers(Object receiver) {
    return ((WaitQueue) field(receiver, "receivers")).size();
  }

  /// How many wait to send, with those that have left and not yet gone.
  static int senders(Object sender) {
    return ((WaitQueue) field(sender, "senders")).size();
  }

  /// How many wait for the end of a work queue's items.
  static int joining(Object queue) {
    return ((WaitQueue) field(queue, "joining")).size();
  }

  /// The value of a private field.
  static Object field(Object object, String name) {
    for (Class<?> at = object.getClass(); at != null; at = at.getSuperclass()) {
      try {
        Field field = at.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
      } catch (NoSuchFieldException _) {
        // It may be its superclass's.
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    throw new AssertionError(object.getClass() + " has no field " + name);
  }
}
