package dev.thrum.inspect;

import dev.thrum.internal.inspect.InspectorBean;

/// Looks into the program that asks.
///
/// {@snippet :
/// IO.println(Inspector.local().text("dump", ""));
/// }
public final class Inspector {
  private Inspector() {}

  /// What tools see of this JVM. Works in every thread, in tasks too.
  ///
  /// @return the inspector
  public static ThrumMXBean local() {
    return InspectorBean.INSTANCE;
  }
}
