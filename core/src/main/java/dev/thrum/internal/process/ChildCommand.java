package dev.thrum.internal.process;

import dev.thrum.internal.engine.Engine;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The command line of a child: this JVM's own program, class path and module path, with
/// [ChildMain] as the main class.
public final class ChildCommand {
  private ChildCommand() {}

  /// The whole command but for the socket, which is its last argument.
  ///
  /// @param flags flags for the JVM
  /// @param classPath its class path, or null for that of this JVM
  /// @return the command
  /// @throws IOException if this JVM has nothing that a child could be started from
  public static List<String> of(List<String> flags, @Nullable String classPath) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java().toString());
    Module own = ChildCommand.class.getModule();
    if (Engine.confinedIsAvailable()) {
      String reader = own.isNamed() ? own.getName() : "ALL-UNNAMED";
      command.add("--add-opens=java.base/java.lang=" + reader);
    }
    if (ChildCommand.class.desiredAssertionStatus()) {
      command.add("-ea");
    }
    Settings.addFlags(command);
    command.addAll(flags);
    addProgram(command, own, classPath);
    return command;
  }

  private static void addProgram(List<String> command, Module own, @Nullable String given)
      throws IOException {
    String classPath = given == null ? System.getProperty("java.class.path", "") : given;
    if (own.isNamed()) {
      command.add("--module-path=" + System.getProperty("jdk.module.path", ""));
      command.add("--add-modules=" + modules());
      if (!classPath.isEmpty()) {
        command.add("--class-path=" + classPath);
      }
      command.add("--module=" + own.getName() + "/" + ChildMain.class.getName());
      return;
    }
    command.add("--class-path");
    command.add(
        given == null && ChildMain.class.getClassLoader() == ClassLoader.getSystemClassLoader()
            ? classPath
            : withThrum(classPath));
    command.add(ChildMain.class.getName());
  }

  private static String modules() {
    return ModuleLayer.boot().modules().stream()
        .map(Module::getName)
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static String withThrum(String classPath) throws IOException {
    String own = placeOfThrum().toString();
    return classPath.isEmpty() ? own : classPath + File.pathSeparator + own;
  }

  private static Path placeOfThrum() throws IOException {
    CodeSource source = ChildMain.class.getProtectionDomain().getCodeSource();
    URL url = source == null ? null : source.getLocation();
    try {
      if (url != null && url.getProtocol().equals("file")) {
        return Path.of(url.toURI());
      }
    } catch (URISyntaxException _) {
      // said below
    }
    throw new IOException(
        "Thrum was loaded from "
            + url
            + ", and a child JVM can load it only from a jar or folder of its own: unpack the"
            + " application, or name a jar with Processes.builder().classPath(…)");
  }

  private static Path java() throws IOException {
    String home = System.getProperty("java.home");
    String name = File.separatorChar == '\\' ? "java.exe" : "java";
    if (home != null) {
      Path java = Path.of(home, "bin", name);
      if (Files.isExecutable(java)) {
        return java;
      }
    }
    throw new IOException(
        "a child JVM needs the program java, and this JVM's home, " + home + ", has none in bin");
  }
}
