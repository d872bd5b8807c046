package dev.thrum;

import java.util.concurrent.atomic.AtomicBoolean;

/// Says once which engine is in use where a flag would give the better one.
final class EngineNote {
  static final String FLAG =
      EngineNote.class.getModule().isNamed()
          ? "--add-opens java.base/java.lang=" + EngineNote.class.getModule().getName()
          : "--add-opens java.base/java.lang=ALL-UNNAMED";

  private static final AtomicBoolean SAID = new AtomicBoolean();

  private EngineNote() {}

  static void sayOnce() {
    if (SAID.compareAndSet(false, true)) {
      Log.info(
          "Thrum uses its portable engine, on which a JDK call that blocks holds the loop; for the"
              + " confined one start java with "
              + FLAG);
    }
  }
}
