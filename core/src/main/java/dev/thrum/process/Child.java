package dev.thrum.process;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.Warnings;
import dev.thrum.internal.process.ChildCommand;
import dev.thrum.internal.process.Content;
import dev.thrum.internal.process.Frame;
import dev.thrum.internal.process.Rendezvous;
import dev.thrum.internal.process.Settings;
import dev.thrum.internal.process.Stacks;
import dev.thrum.internal.process.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A child JVM as its parent has it: the process and the socket. Used by one thread, which others
/// may only wake, and whose child they may kill.
final class Child implements Wire.Readiness {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);
  private static final long KILL_PATIENCE = TimeUnit.SECONDS.toNanos(5);
  private static final long NO_DEADLINE = Long.MAX_VALUE;

  private final WorkerOptions options;
  private volatile @Nullable Selector selector;
  private volatile @Nullable Process process;
  private volatile boolean killed;
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  private @Nullable Wire wire;
  private final List<ForwardedOutput> outputs = new ArrayList<>();
  private @Nullable ForwardedOutput errors;
  private long begin;
  private long limit = NO_DEADLINE;

  Child(WorkerOptions options) {
    this.options = options;
  }

  // From any thread

  void wake() {
    Selector known = selector;
    if (known != null) {
      known.wakeup();
    }
  }

  void kill(Runnable onceGone) {
    killed = true;
    Process known = process;
    if (known != null) {
      known.destroyForcibly();
      var _ = known.onExit().thenRun(onceGone);
    }
    wake();
  }

  Stream<ProcessHandle> handle() {
    Process known = process;
    return known == null || !known.isAlive() ? Stream.of() : Stream.of(known.toHandle());
  }

  // Starting

  void start() throws IOException {
    Selector opened = Selector.open();
    selector = opened;
    setDeadline(options.startNanos());
    try (Rendezvous meeting = Rendezvous.open()) {
      launch(meeting.socket().toString());
      channel = accept(meeting.server(), opened);
    }
    channel.configureBlocking(false);
    key = channel.register(opened, SelectionKey.OP_READ);
    wire = new Wire(channel, this);
    send(Frame.Kind.SETTINGS, Settings.ofThisJvm());
    Frame ready = receive();
    if (ready.kind() != Frame.Kind.READY) {
      throw new IOException("a child does not begin with " + ready.kind());
    }
    limit = NO_DEADLINE;
  }

  private void launch(String socket) throws IOException {
    List<String> command = new ArrayList<>(ChildCommand.of(options.jvmArgs(), options.classPath()));
    command.add(socket);
    Process started =
        new ProcessBuilder(command)
            .redirectOutput(options.stdout())
            .redirectError(options.stderr())
            .start();
    process = started;
    if (killed) {
      started.destroyForcibly();
    }
    var _ = started.onExit().thenRun(this::wake);
    started.getOutputStream().close();
    if (options.stdout() == ProcessBuilder.Redirect.PIPE) {
      outputs.add(ForwardedOutput.start(started, 1, line -> System.out.println(line)));
    }
    if (options.stderr() == ProcessBuilder.Redirect.PIPE) {
      errors = ForwardedOutput.start(started, 2, line -> System.err.println(line));
      outputs.add(errors);
    }
  }

  private SocketChannel accept(ServerSocketChannel server, Selector waiting) throws IOException {
    server.register(waiting, SelectionKey.OP_ACCEPT);
    while (true) {
      SocketChannel accepted = server.accept();
      if (accepted != null) {
        return accepted;
      }
      if (!running().isAlive()) {
        throw new EOFException("it ended before it was ready");
      }
      select();
    }
  }

  private Process running() {
    return Objects.requireNonNull(process);
  }

  // Talking

  void send(Frame.Kind kind, Content... contents) throws IOException {
    Objects.requireNonNull(wire).send(kind, contents);
  }

  Frame receive() throws IOException {
    return Objects.requireNonNull(wire).receive();
  }

  /// Receives a frame that has begun to come, so that the rest of it must follow at once.
  Frame receiveRest() throws IOException {
    setDeadline(PATIENCE);
    try {
      return receive();
    } finally {
      limit = NO_DEADLINE;
    }
  }

  /// Waits for word from the child, for a wake-up, or for a time to pass.
  ///
  /// @return true if there is something to receive
  boolean hear(long nanos) throws IOException {
    if (Objects.requireNonNull(wire).hasReceived()) {
      return true;
    }
    Objects.requireNonNull(key).interestOps(SelectionKey.OP_READ);
    return select(Math.max(nanos, 0));
  }

  @Override
  public void await(int operations) throws IOException {
    Objects.requireNonNull(key).interestOps(operations);
    select();
  }

  private void select() throws IOException {
    long left = limit == NO_DEADLINE ? limit : limit - (System.nanoTime() - begin);
    if (left <= 0) {
      throw new IOException("it took too long");
    }
    var _ = select(left);
  }

  private boolean select(long nanos) throws IOException {
    Selector known = Objects.requireNonNull(selector);
    if (killed) {
      throw new IOException("it was killed");
    }
    boolean isReady = known.select(nanos == NO_DEADLINE ? 0 : nanos / 1_000_000 + 1) > 0;
    known.selectedKeys().clear();
    if (killed) {
      throw new IOException("it was killed");
    }
    return isReady;
  }

  private void setDeadline(long nanos) {
    begin = System.nanoTime();
    limit = nanos;
  }

  // Ending

  long pid() {
    Process known = process;
    return known == null ? 0 : known.pid();
  }

  /// Sees it end after it was killed.
  ///
  /// @param call what it was doing, if anything
  void awaitKilled(@Nullable Call call) {
    if (!hasEndedWithin(KILL_PATIENCE)) {
      Warnings.warn(
          "child JVM "
              + pid()
              + " still runs 5 s after it was killed; it is left alone. The system may keep"
              + " it in a call that cannot be interrupted"
              + (call == null ? "" : call.calledBy()),
          call == null ? null : DebugStack.shown(call.calledAt()));
    }
  }

  /// Asks it to end, and makes it end.
  void end() {
    try {
      if (wire != null && !killed) {
        setDeadline(PATIENCE);
        send(Frame.Kind.EXIT);
      }
    } catch (IOException _) {
      // it has gone
    }
    if (process != null) {
      if (killed || wire == null || !hasEndedWithin(PATIENCE)) {
        running().destroyForcibly();
        awaitKilled(null);
      }
    }
    outputs.forEach(ForwardedOutput::end);
    closeSocket();
  }

  private boolean hasEndedWithin(long nanos) {
    try {
      return running().waitFor(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
  }

  private void closeSocket() {
    try {
      if (channel != null) {
        channel.close();
      }
      Selector known = selector;
      if (known != null) {
        known.close();
      }
    } catch (IOException _) {
      // nothing of it is used any more
    }
  }

  // What went wrong

  /// Why it is of no use any more.
  ///
  /// @param noticed what the socket said
  WorkerFailedException failure(IOException noticed) {
    boolean ended = noticed instanceof EOFException && hasEndedWithin(PATIENCE);
    if (!ended && !hasEndedWithin(0)) {
      kill(() -> {});
      awaitKilled(null);
      return Stacks.without(
          new WorkerFailedException(
              "child JVM "
                  + pid()
                  + " could not be understood, and was killed: "
                  + noticed.getMessage(),
              pid(),
              -1,
              noticed));
    }
    int status = running().exitValue();
    return Stacks.without(
        new WorkerFailedException(
            "child JVM "
                + pid()
                + " ended before the body did: "
                + ExitStatus.explain(status, pid())
                + tail(),
            pid(),
            status,
            null));
  }

  /// What is told of it if this JVM fails at it.
  WorkerFailedException givenUp(Throwable why) {
    return Stacks.without(
        new WorkerFailedException(
            "child JVM " + pid() + " was given up, since this JVM failed at it: " + why,
            pid(),
            -1,
            why));
  }

  WorkerFailedException startFailure(Throwable why) {
    if (process == null) {
      return Stacks.without(
          new WorkerFailedException(
              "a child JVM cannot be started: " + why.getMessage(), 0, -1, why));
    }
    int status =
        why instanceof EOFException && hasEndedWithin(PATIENCE) ? running().exitValue() : -1;
    return Stacks.without(
        new WorkerFailedException(
            "child JVM "
                + pid()
                + " did not become ready: "
                + (status == -1 ? why.getMessage() : "it ended with status " + status)
                + ". Its flags are "
                + options.jvmArgs()
                + tail(),
            pid(),
            status,
            why));
  }

  private String tail() {
    return errors == null ? "" : errors.tail();
  }
}
