package dev.thrum.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The script `thrum` in a folder of the test's own, started as users start it.
final class Script {
  private static final long SECONDS = 60;
  private static final Path ROOT = Path.of(System.getProperty("thrum.root")).normalize();

  private final Path script;
  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private String input = "";

  /// @param script where it is
  /// @param folder where it is started, and where its caches and outputs go
  private Script(Path script, Path folder) {
    this.script = script;
    this.folder = folder;
    with("XDG_CACHE_HOME", folder.resolve("cache").toString());
    with("JAVA_HOME", System.getProperty("java.home"));
  }

  static Script at(Path script, Path folder) {
    return new Script(script, folder);
  }

  /// Copies the scripts, as they are in a checkout and in a release.
  static Path copyTo(Path home) throws IOException {
    Files.createDirectories(home.resolve("scripts"));
    try (var scripts = Files.list(ROOT.resolve("scripts"))) {
      for (Path file : scripts.toList()) {
        Files.copy(file, home.resolve("scripts").resolve(file.getFileName()));
      }
    }
    return Files.copy(ROOT.resolve("thrum"), home.resolve("thrum"));
  }

  /// Unpacks a release.
  ///
  /// @return its `thrum`
  static Path releaseIn(Path home) throws IOException {
    copyJarsTo(home.resolve("lib"));
    return copyTo(home);
  }

  /// Copies the command's jars.
  static void copyJarsTo(Path lib) throws IOException {
    Files.createDirectories(lib);
    Path jar = Path.of(System.getProperty("thrum.jar"));
    Files.copy(jar, lib.resolve(jar.getFileName()));
    try (var jars = Files.list(Path.of(System.getProperty("thrum.lib")))) {
      for (Path file : jars.toList()) {
        Files.copy(file, lib.resolve(file.getFileName()));
      }
    }
  }

  Script with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Script input(String text) {
    input = text;
    return this;
  }

  Result run(String... arguments) throws Exception {
    return start(arguments).end();
  }

  Running start(String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return startCommand(command);
  }

  /// What a terminal shows, as one text.
  Result runOnTerminal(String... arguments) throws Exception {
    return startOnTerminal("'" + script + "' " + String.join(" ", arguments)).end();
  }

  /// Starts a line of the shell on a terminal.
  Running startOnTerminal(String line) throws IOException {
    return startCommand(List.of("script", "--quiet", "--return", "--command", line, "/dev/null"));
  }

  /// Runs it as a user who may do less.
  Result runAs(String user, String... arguments) throws Exception {
    var command =
        new ArrayList<>(List.of("setpriv", "--reuid", user, "--clear-groups", script.toString()));
    command.addAll(List.of(arguments));
    return startCommand(command).end();
  }

  /// Perl lets Ctrl-C reach the process also if the tests run in the background of some script,
  /// where it is ignored.
  private Running startCommand(List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Path in = Files.writeString(Files.createTempFile(folder, "in", ".txt"), input);
    var all = new ArrayList<>(List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV"));
    all.addAll(command);
    var builder = new ProcessBuilder(all).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("THRUM_"));
    builder.environment().putAll(environment);
    Process process =
        builder
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new Running(process, out, err);
  }

  /// @param out standard output
  /// @param err standard error
  record Result(int status, String out, String err) {}

  /// A process whose output can be waited for.
  record Running(Process process, Path out, Path err) {

    /// Waits until its output has a word.
    Running until(String word) throws Exception {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (!read(out).contains(word) && !read(err).contains(word)) {
        assertTrue(process.isAlive() && System.nanoTime() < end, this::output);
        process.waitFor(5, TimeUnit.MILLISECONDS);
      }
      return this;
    }

    long pid() {
      return process.pid();
    }

    Result pressCtrlC() throws Exception {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      return end();
    }

    Result end() throws Exception {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("did not end; " + output());
      }
      return new Result(process.exitValue(), read(out), read(err));
    }

    private String output() {
      return "output: " + read(out) + read(err);
    }

    private static String read(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
