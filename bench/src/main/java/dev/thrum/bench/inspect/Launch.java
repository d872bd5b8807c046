package dev.thrum.bench.inspect;

import dev.thrum.bench.echo.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How the process of a program is started in one variant.
///
/// @param engine the engine of its loops
/// @param variant who looks into it
/// @param pinning where it runs
/// @param classPath its jars
/// @param folder for its files, which go when it has ended
record Launch(Engine engine, Variant variant, List<String> pinning, String classPath, Path folder) {

  /// The command, which ends with the main class and its arguments.
  List<String> command(String... mainAndArguments) {
    var command = new ArrayList<>(pinning);
    command.add(java());
    command.addAll(Server.JVM_FLAGS);
    command.addAll(engine.flags());
    command.addAll(variant.flags(folder));
    command.addAll(List.of("-cp", classPath));
    command.addAll(List.of(mainAndArguments));
    return command;
  }

  Map<String, String> environment() {
    return variant.environment();
  }

  /// The JDK's launcher.
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
