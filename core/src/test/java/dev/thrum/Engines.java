package dev.thrum;

import dev.thrum.internal.engine.Engine;
import java.util.Locale;

/// Which engine the tests of this JVM run on.
final class Engines {
  private Engines() {}

  /// Whether a wait of the JDK is a suspension point.
  static boolean confined() {
    return name().equals("confined");
  }

  /// As the loops of this JVM call their engine.
  static String name() {
    String byDefault = Engine.confinedIsAvailable() ? "confined" : "portable";
    return System.getProperty("thrum.engine", byDefault).toLowerCase(Locale.ROOT);
  }
}
