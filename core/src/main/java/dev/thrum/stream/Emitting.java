package dev.thrum.stream;

import java.util.Iterator;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What every emitter does in the same way.
final class Emitting {
  private Emitting() {}

  static <T> void all(Emitter<T> emitter, Iterable<? extends T> items) {
    Iterator<? extends T> iterator = items.iterator();
    if (iterator instanceof AutoCloseable begun && begun != items) {
      closing(begun, () -> each(emitter, iterator));
    } else {
      each(emitter, iterator);
    }
  }

  @SuppressWarnings("try") // what it throws comes out as it is
  private static void closing(AutoCloseable resource, Runnable body) {
    try (resource) {
      body.run();
    } catch (Exception e) {
      throw Failures.<RuntimeException>sneak(e);
    }
  }

  private static <T> void each(Emitter<T> emitter, Iterator<? extends T> items) {
    while (items.hasNext()) {
      emitter.emit(items.next());
    }
  }

  /// What a body that was told to end has thrown beside that.
  ///
  /// @return the first failure with the later ones suppressed, or null
  static @Nullable Throwable ofCleanup(@Nullable GeneratorClosedException closed) {
    Throwable first = null;
    Throwable[] all = closed == null ? new Throwable[0] : closed.getSuppressed();
    for (Throwable one : all) {
      if (isAnExpiredScope(one)) {
        continue;
      }
      if (first == null) {
        first = one;
      } else if (one != first) {
        first.addSuppressed(one);
      }
    }
    return first;
  }

  /// A timeout around `emit` that is over when its body has been closed adds itself; that is no
  /// failure of the cleanup.
  private static boolean isAnExpiredScope(Throwable suppressed) {
    StackTraceElement[] stack = suppressed.getStackTrace();
    return suppressed instanceof TimeoutException
        && stack.length > 0
        && stack[0].getClassName().equals("dev.thrum.TimeoutScope");
  }
}
