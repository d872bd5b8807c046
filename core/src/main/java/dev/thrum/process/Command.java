package dev.thrum.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A program, its arguments, and how it is to be started. Every method returns a new command, so
/// that one can be kept, varied, and started any number of times, from any thread.
///
/// ```java
/// Command git = Subprocess.command("git").directory(repository).env("LC_ALL", "C");
/// String head = git.with("rev-parse", "HEAD").run().check().stdout().strip();
/// ```
///
/// No shell reads the arguments: none needs quotes, and none is expanded. Unless chosen otherwise
/// all three streams are pipes, the environment and the working directory are the JVM's, text is
/// UTF-8, and the grace is 5 s.
public final class Command {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private List<String> words;
  private Map<String, String> variables = Map.of();
  private boolean clean;
  private @Nullable Path directory;
  private Redirect stdin = Redirect.PIPE;
  private Redirect stdout = Redirect.PIPE;
  private Redirect stderr = Redirect.PIPE;
  private boolean merged;
  private Charset charset = StandardCharsets.UTF_8;
  private Duration grace = GRACE;

  private Command(List<String> words) {
    this.words = words;
  }

  private Command(Command other) {
    words = other.words;
    variables = other.variables;
    clean = other.clean;
    directory = other.directory;
    stdin = other.stdin;
    stdout = other.stdout;
    stderr = other.stderr;
    merged = other.merged;
    charset = other.charset;
    grace = other.grace;
  }

  static Command of(String program, List<String> arguments) {
    if (program.isEmpty()) {
      throw new IllegalArgumentException("a command needs a program; its name is empty");
    }
    return new Command(List.of(program)).with(arguments.toArray(String[]::new));
  }

  /// Appends arguments.
  ///
  /// @param arguments more arguments
  /// @return the longer command
  public Command with(String... arguments) {
    List<String> longer = new ArrayList<>(words);
    longer.addAll(List.of(arguments));
    for (String word : longer) {
      if (word.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "an argument of " + longer.getFirst() + " contains the character 0, which ends it");
      }
    }
    Command command = new Command(this);
    command.words = List.copyOf(longer);
    return command;
  }

  /// Sets a variable of the environment.
  ///
  /// @param name its name
  /// @param value its value
  /// @return the changed command
  public Command env(String name, String value) {
    return env(Map.of(name, value));
  }

  /// Sets variables of the environment.
  ///
  /// @param more their names and values
  /// @return the changed command
  public Command env(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(variables);
    all.putAll(more);
    Command command = new Command(this);
    command.variables = Map.copyOf(all);
    return command;
  }

  /// Leaves out all variables of the JVM's environment and all that were set before.
  ///
  /// @return the changed command
  public Command clearEnv() {
    Command command = new Command(this);
    command.clean = true;
    command.variables = Map.of();
    return command;
  }

  /// Sets the working directory.
  ///
  /// @param path the directory
  /// @return the changed command
  public Command directory(Path path) {
    Command command = new Command(this);
    command.directory = Objects.requireNonNull(path, "directory");
    return command;
  }

  /// Sets where the input comes from: a pipe, a file, or the JVM's own input.
  ///
  /// @param from `Redirect.PIPE`, `INHERIT` or `from(file)`
  /// @return the changed command
  public Command stdin(Redirect from) {
    Command command = new Command(this);
    command.stdin = Objects.requireNonNull(from, "stdin");
    return command;
  }

  /// Sets where the output goes: a pipe, a file, nowhere, or to the JVM's own output.
  ///
  /// @param to `Redirect.PIPE`, `INHERIT`, `DISCARD`, `to(file)` or `appendTo(file)`
  /// @return the changed command
  public Command stdout(Redirect to) {
    Command command = new Command(this);
    command.stdout = Objects.requireNonNull(to, "stdout");
    return command;
  }

  /// Sets where the error output goes.
  ///
  /// @param to `Redirect.PIPE`, `INHERIT`, `DISCARD`, `to(file)` or `appendTo(file)`
  /// @return the changed command
  public Command stderr(Redirect to) {
    Command command = new Command(this);
    command.stderr = Objects.requireNonNull(to, "stderr");
    command.merged = false;
    return command;
  }

  /// Sends the error output where the output goes, in the order in which the program writes.
  ///
  /// @return the changed command
  public Command mergeStderr() {
    Command command = new Command(this);
    command.merged = true;
    return command;
  }

  /// Sets the charset of text that is written and read.
  ///
  /// @param name the charset
  /// @return the changed command
  public Command charset(Charset name) {
    Command command = new Command(this);
    command.charset = Objects.requireNonNull(name, "charset");
    return command;
  }

  /// Sets how long a program that is closed may take to end by itself before it is killed.
  ///
  /// @param time the time after it was asked to terminate; zero kills it at once
  /// @return the changed command
  public Command grace(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("the grace must not be negative: " + time);
    }
    Command command = new Command(this);
    command.grace = time;
    return command;
  }

  /// Starts it.
  ///
  /// @return the running program, which the caller has to close
  /// @throws IOException if it cannot be started: see [Subprocess#start]
  public Subprocess start() throws IOException {
    return Launch.one(this);
  }

  /// Starts it, gives it no input, and waits for its end: see [Subprocess#communicate()]. If that
  /// is cancelled, the program is closed.
  ///
  /// @return how it ended and what it wrote
  /// @throws IOException if it cannot be started
  public Completed run() throws IOException {
    try (Subprocess process = start()) {
      return process.communicate();
    }
  }

  /// As [#run()], with input.
  ///
  /// @param input what it reads
  /// @return how it ended and what it wrote
  /// @throws IOException if it cannot be started
  public Completed run(byte[] input) throws IOException {
    try (Subprocess process = start()) {
      return process.communicate(input);
    }
  }

  /// As [#run()], with text as input.
  ///
  /// @param input what it reads
  /// @return how it ended and what it wrote
  /// @throws IOException if it cannot be started
  public Completed run(String input) throws IOException {
    return run(input.getBytes(charset));
  }

  /// The program and its arguments.
  ///
  /// @return the words
  public List<String> words() {
    return words;
  }

  String program() {
    return words.getFirst();
  }

  Charset charset() {
    return charset;
  }

  Duration grace() {
    return grace;
  }

  @Nullable Path directory() {
    return directory;
  }

  boolean pipesStdin() {
    return stdin == Redirect.PIPE;
  }

  boolean pipesStdout() {
    return stdout == Redirect.PIPE;
  }

  boolean pipesStderr() {
    return stderr == Redirect.PIPE && !merged;
  }

  boolean mergesStderr() {
    return merged;
  }

  ProcessBuilder builder() {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectInput(stdin)
            .redirectOutput(stdout)
            .redirectError(stderr)
            .redirectErrorStream(merged);
    if (clean) {
      builder.environment().clear();
    }
    builder.environment().putAll(variables);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    return builder;
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
