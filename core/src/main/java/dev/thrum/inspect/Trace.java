package dev.thrum.inspect;

import dev.thrum.Instrument;
import dev.thrum.Loop;
import dev.thrum.Task;
import dev.thrum.internal.LeftOpen;
import dev.thrum.internal.PollerHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// A file that shows what every task did and when, for the [Perfetto
/// viewer](https://ui.perfetto.dev) or Chrome's `about:tracing`.
///
/// The system property `thrum.trace=FILE` traces all loops of a JVM from their first task on, and
/// so does `thrum run --trace FILE`. In a program, give a trace to the loops that it is to watch,
/// with [dev.thrum.Runner.Builder#instrument] or [Loop#attach]; one trace serves any number of
/// loops.
///
/// **What it shows.** A track for each loop, and on it a slice for each step of a task, named after
/// the task, which tells how the step ended and what the task then waits for. Arrows of the kinds
/// `spawn`, `wake` and `cancel` lead from the step in which that was done to the next step of the
/// task that it was done to. What timers, I/O and other threads wake has no arrow. A mark says how
/// a task ended.
///
/// **Guarantees.** The program never waits for the disk. The file is a JSON array in the [Trace
/// Event Format](https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU)
/// that is closed when the trace is or the JVM exits, also by Ctrl-C. If the JVM crashes or is
/// killed, only the last bracket and the last half second are missing, which the viewers accept.
///
/// **Non-guarantees.** If steps come faster than the disk takes them, at most 16 MB wait; then
/// whole steps are left out, with a note in their place and a warning at the end. The step that
/// runs when the trace ends is not in it. A file that has become too long takes no more, and says
/// so. Names are cut at 200 characters.
///
/// **Time** is the machine's clock; a loop with a clock of its own is shown with that, and each
/// event at least a nanosecond after the one before it.
public final class Trace implements Instrument, AutoCloseable {
  /// How long a file may become, in bytes: 512 MiB, about as much as a viewer can load.
  public static final long DEFAULT_LIMIT = 512L << 20;

  /// The system property that names the file of a trace of the whole JVM.
  public static final String PROPERTY = "thrum.trace";

  private final Map<Loop, TraceTrack> tracks = new ConcurrentHashMap<>();
  private final TraceFile file;
  private final Thread atExit;
  private final Path path;
  private Runnable noted = () -> {};
  private int numbers;

  private Trace(Path path, long limit) throws IOException {
    this.path = path;
    file = TraceFile.create(path, limit, this::takeAll);
    atExit = new Thread(file::close, "thrum-trace-end");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// Begins a trace of at most [#DEFAULT_LIMIT].
  ///
  /// @param path the file, which is overwritten
  /// @return the trace, to be closed
  /// @throws IOException if the file cannot be written; the message says why
  public static Trace to(Path path) throws IOException {
    return to(path, DEFAULT_LIMIT);
  }

  /// Begins a trace.
  ///
  /// @param path the file, which is overwritten
  /// @param limit after how many bytes the file takes no more
  /// @return the trace, to be closed
  /// @throws IOException if the file cannot be written; the message says why
  public static Trace to(Path path, long limit) throws IOException {
    Trace trace = new Trace(Objects.requireNonNull(path, "path"), limit);
    trace.noted = LeftOpen.unlessClosed(trace, () -> true);
    return trace;
  }

  /// The trace that the system property `thrum.trace` asks for, which is closed when the JVM exits.
  /// Loops ask for it when they begin.
  ///
  /// @return the trace, begun by the first call; empty without the property
  /// @throws IllegalStateException if its file cannot be written
  public static Optional<Trace> configured() {
    String file = System.getProperty(PROPERTY);
    return file == null ? Optional.empty() : Optional.of(Configured.trace(file));
  }

  /// Apart, so that who does not trace loads no more than this.
  private static final class Configured {
    private static Optional<Trace> begun = Optional.empty();

    static synchronized Trace trace(String file) {
      if (begun.isEmpty()) {
        try {
          if (file.isBlank()) {
            throw new IOException("system property thrum.trace names no file");
          }
          begun = Optional.of(new Trace(Path.of(file), DEFAULT_LIMIT));
        } catch (IOException e) {
          throw new IllegalStateException(e.getMessage(), e);
        }
      }
      return begun.get();
    }
  }

  // What happens, in a thread of the loop

  private TraceTrack track(Task<?> task) {
    TraceTrack known = tracks.get(task.loop());
    return known == null ? tracks.computeIfAbsent(task.loop(), this::newTrack) : known;
  }

  private synchronized TraceTrack newTrack(Loop loop) {
    long origin = file.now() - ((PollerHost) loop).nanos();
    return new TraceTrack(file, ++numbers, loop.name() + " (" + loop.engineName() + ")", origin);
  }

  @Override
  public void spawned(Task<?> task, long nanos) {
    if (!file.isFull()) {
      track(task).caused("spawn", task, nanos);
    }
  }

  @Override
  public void ready(Task<?> task, long nanos) {
    if (!file.isFull()) {
      track(task).caused("wake", task, nanos);
    }
  }

  @Override
  public void cancelled(Task<?> task, long nanos) {
    if (!file.isFull()) {
      track(task).caused("cancel", task, nanos);
    }
  }

  @Override
  public void stepBegin(Task<?> task, long nanos) {
    if (!file.isFull()) {
      track(task).begin(task, nanos);
    }
  }

  @Override
  public void stepEnd(Task<?> task, long nanos) {
    if (!file.isFull()) {
      track(task).end(task, nanos);
    }
  }

  @Override
  public void blocked(Task<?> task, Object on, long nanos) {
    if (!file.isFull()) {
      track(task).blocked(task, on);
    }
  }

  @Override
  public void done(Task<?> task, long nanos) {
    if (!file.isFull()) {
      track(task).done(task, nanos);
    }
  }

  // The end

  private void takeAll(Consumer<StringBuilder> to) {
    tracks
        .values()
        .removeIf(track -> {
          boolean over = track.isOver();
          StringBuilder rest = track.take();
          if (rest != null) {
            to.accept(rest);
          }
          return over;
        });
  }

  /// Writes what is left and closes the file. What loops do later is not traced. From any thread; a
  /// second call does nothing.
  @Override
  public void close() {
    noted.run();
    file.close();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The JVM exits, and has closed it.
    }
  }

  @Override
  public String toString() {
    return "trace " + path;
  }
}
