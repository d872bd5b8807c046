package dev.thrum.internal.inspect;

import java.lang.management.ManagementFactory;
import java.util.List;

/// The program that is looked at.
public final class Program {
  private static final List<String> LAUNCHERS =
      List.of(
          "dev.thrum.cli.Main run ",
          "dev.thrum.cli.Main serve ",
          "jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher ");

  private Program() {}

  /// The main class or jar and what it was given, or the source file of `thrum run`.
  ///
  /// @return what to call the process
  public static String name() {
    String command = System.getProperty("sun.java.command", "");
    for (String launcher : LAUNCHERS) {
      if (command.startsWith(launcher)) {
        return command.substring(launcher.length());
      }
    }
    return command;
  }

  static long uptimeMillis() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }
}
