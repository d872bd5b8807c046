package dev.thrum.process;

import dev.thrum.internal.LeftOpen;
import dev.thrum.internal.Warnings;
import dev.thrum.internal.engine.Engine;
import dev.thrum.internal.wait.Changing;
import dev.thrum.sync.Mutex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A process, the threads of its pipes, and one that waits for its exit.
///
/// It has *exited* when the system has said so, and *settled* when its pipes have been read to what
/// is taken for the end. Signals go through the `ProcessHandle`: `Process.destroy()` would also
/// close the pipes, and drop what is in them.
final class SubprocessImpl extends Changing implements Subprocess {
  private static final byte[] NOTHING = {};

  private final Command command;
  private final Process process;
  private final @Nullable PipeWriterImpl stdin;
  private final @Nullable Pump stdout;
  private final @Nullable Pump stderr;
  private final List<Pump> pumps = new ArrayList<>();
  private final Mutex turn;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Runnable noted = () -> {};
  private boolean exited;
  private boolean settled;
  private int exitCode;
  private byte @Nullable [] written;
  private byte @Nullable [] complained;
  private @Nullable Completed completed;

  SubprocessImpl(Command command, Process process, boolean isFirst, boolean isLast) {
    super(true);
    this.command = command;
    this.process = process;
    this.turn = Mutex.create("communicating with " + this);
    this.stdin =
        isFirst && command.pipesStdin()
            ? new PipeWriterImpl("stdin of " + this, command.charset(), process)
            : null;
    this.stdout =
        isLast && command.pipesStdout()
            ? new Pump("stdout of " + this, command.charset(), process.getInputStream())
            : null;
    this.stderr =
        command.pipesStderr()
            ? new Pump("stderr of " + this, command.charset(), process.getErrorStream())
            : null;
    if (stdout != null) {
      pumps.add(stdout);
    }
    if (stderr != null) {
      pumps.add(stderr);
    }
  }

  void begin() {
    pumps.forEach(Pump::start);
    Engine.outsideThread("thrum-exit of " + this, this::watch).start();
  }

  /// Its caller has to close it. One that has exited leaves nothing behind.
  void mustBeClosed() {
    noted = LeftOpen.unlessClosed(this, this::isAlive);
  }

  // In a thread of its own

  private void watch() {
    try {
      int code = process.waitFor();
      change(() -> {
        exitCode = code;
        exited = true;
      });
      if (stdin != null) {
        stdin.sever(new IOException(this + " has exited"));
      }
      Pump.settle(pumps);
      change(() -> settled = true);
      pumps.forEach(Pump::close);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody knows this thread", e);
    }
  }

  private void killInTime() {
    try {
      if (!process.waitFor(command.grace())) {
        Warnings.warn(
            this
                + " did not end within "
                + command.grace().toMillis()
                + " ms after it was asked to terminate; it is killed",
            null);
        kill();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody knows this thread", e);
    }
  }

  // The process

  @Override
  public Command command() {
    return command;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public boolean isAlive() {
    return see(() -> !exited);
  }

  @Override
  public OptionalInt exitCode() {
    return isAlive() ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }

  @Override
  public int waitFor() {
    awaitUntil(() -> exited);
    return exitCode;
  }

  @Override
  public void terminate() {
    if (process.isAlive()) {
      boolean _ = process.toHandle().destroy();
    }
  }

  @Override
  public void kill() {
    if (process.isAlive()) {
      boolean _ = process.toHandle().destroyForcibly();
    }
  }

  @Override
  public void close() {
    beginClose();
    awaitMasked(() -> settled);
  }

  /// The part of closing that does not wait. The pipes are read on, so that a program that wants to
  /// say something before it ends can.
  void beginClose() {
    noted.run();
    if (stdin != null) {
      stdin.discard();
    }
    pumps.forEach(pump -> pump.chunks().discard());
    if (process.isAlive() && stopping.compareAndSet(false, true)) {
      if (command.grace().isZero()) {
        kill();
      } else {
        terminate();
        Engine.outsideThread("thrum-stop of " + this, this::killInTime).start();
      }
    }
  }

  // Its pipes

  @Override
  public PipeWriter stdin() {
    return input();
  }

  private PipeWriterImpl input() {
    if (stdin == null) {
      throw new IllegalStateException(
          "stdin of " + this + " is no pipe here: " + elsewhere(command.pipesStdin()));
    }
    return stdin;
  }

  @Override
  public PipeReader stdout() {
    if (stdout == null) {
      throw new IllegalStateException(
          "stdout of " + this + " is no pipe here: " + elsewhere(command.pipesStdout()));
    }
    return stdout.reader();
  }

  @Override
  public PipeReader stderr() {
    if (stderr == null) {
      throw new IllegalStateException(
          "stderr of "
              + this
              + " is no pipe here: "
              + (command.mergesStderr()
                  ? "it is merged into stdout, read it there"
                  : elsewhere(false)));
    }
    return stderr.reader();
  }

  private static String elsewhere(boolean isPipe) {
    return isPipe
        ? "it is joined to its neighbour in the pipeline"
        : "the command redirects it; without that redirect it is one";
  }

  @Override
  public Completed communicate() throws IOException {
    return communicateWith(null);
  }

  @Override
  public Completed communicate(byte[] input) throws IOException {
    return communicateWith(input.clone());
  }

  @Override
  public Completed communicate(String input) throws IOException {
    return communicateWith(input.getBytes(command.charset()));
  }

  private Completed communicateWith(byte @Nullable [] input) throws IOException {
    return turn.withLock(() -> {
      feed(input);
      return gather();
    });
  }

  /// Communicates without a say in the input.
  Completed collect() throws IOException {
    return turn.withLock(this::gather);
  }

  /// Hands over the input without waiting.
  void feed(byte @Nullable [] input) {
    if (input != null) {
      PipeWriterImpl writer = input();
      if (writer.isClosed()) {
        throw new IllegalStateException(
            "stdin of "
                + this
                + " has been closed, or its input was given in an earlier call: give all of it in"
                + " the first communicate(input), and go on with communicate()");
      }
      writer.writeLast(input);
    } else if (stdin != null) {
      stdin.close();
    }
  }

  private Completed gather() throws IOException {
    limit(false);
    try {
      awaitUntil(() -> settled);
    } finally {
      limit(true);
    }
    // One after the other, so that a cancellation in between loses nothing.
    if (written == null) {
      written = stdout == null ? NOTHING : stdout.reader().readAll();
    }
    if (complained == null) {
      complained = stderr == null ? NOTHING : stderr.reader().readAll();
    }
    if (completed == null) {
      completed = new Completed(command, exitCode, written, complained);
    }
    return completed;
  }

  void limit(boolean limited) {
    pumps.forEach(pump -> pump.chunks().limit(limited));
  }

  @Override
  public String toString() {
    return command.program() + " (pid " + process.pid() + ")";
  }
}
