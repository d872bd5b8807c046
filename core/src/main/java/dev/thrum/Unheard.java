package dev.thrum;

import dev.thrum.internal.DebugStack;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The failure of a submitted task that nobody has asked for yet. When the task is garbage and
/// still nobody has, it is logged: no error is lost.
record Unheard(String task, Throwable failure, @Nullable DebugStack origin, AtomicBoolean wasHeard)
    implements Runnable {

  private static final class Lazy {
    static final Cleaner CLEANER = Cleaner.create();
  }

  static Unheard watch(TaskImpl<?> failed) {
    Unheard unheard =
        new Unheard(
            failed.name(),
            failed.failure(),
            failed.loop.debugging().origin(failed),
            new AtomicBoolean());
    var _ = Lazy.CLEANER.register(failed, unheard);
    return unheard;
  }

  void heard() {
    wasHeard.set(true);
  }

  @Override
  public void run() {
    if (!wasHeard.get()) {
      Log.warn(
          "submitted task "
              + task
              + " failed, and nobody asked for its result"
              + DebugStack.sentence("started", origin),
          failure);
    }
  }
}
