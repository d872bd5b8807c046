package dev.thrum.inspect;

import dev.thrum.internal.Warnings;
import dev.thrum.internal.inspect.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// The file of a trace, and the thread that writes it.
///
/// The array in it is closed at the end; until then, and after a crash, it lacks its last bracket,
/// which those who read traces do not mind.
final class TraceFile implements Runnable {
  /// How many chunks may wait to be written.
  private static final int MOST_WAITING = 128;

  private static final long FLUSH_MILLIS = 500;
  private static final int NOTES = 0;

  private final Path path;
  private final OutputStream out;
  private final long limit;
  private final Consumer<Consumer<StringBuilder>> unfinished;
  private final long process = ProcessHandle.current().pid();
  private final long start = System.nanoTime();
  private final AtomicLong arrows = new AtomicLong();
  private final LongAdder leftOut = new LongAdder();
  private final BlockingQueue<StringBuilder> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread writer;
  private long written;
  private volatile boolean closing;
  private volatile boolean shut;
  private volatile boolean full;

  /// @param unfinished gives what has not been offered yet
  private TraceFile(
      Path path, OutputStream out, long limit, Consumer<Consumer<StringBuilder>> unfinished) {
    this.path = path;
    this.out = out;
    this.limit = limit;
    this.unfinished = unfinished;
    this.writer = Thread.ofPlatform().daemon().name("thrum-trace").unstarted(this);
  }

  /// Begins the file, in the place of one that may be there.
  static TraceFile create(Path path, long limit, Consumer<Consumer<StringBuilder>> unfinished)
      throws IOException {
    TraceFile file;
    try {
      file = new TraceFile(path, Files.newOutputStream(path), limit, unfinished);
      file.writeHead();
    } catch (FileSystemException e) {
      throw new IOException("cannot write the trace " + path + ": " + reason(path, e), e);
    }
    file.writer.start();
    return file;
  }

  private static String reason(Path path, FileSystemException e) {
    if (Files.isDirectory(path)) {
      return "it is a folder";
    }
    String reason = e.getReason();
    return switch (e) {
      case NoSuchFileException _ -> "there is no folder " + path.toAbsolutePath().getParent();
      case AccessDeniedException _ -> "no permission";
      default -> reason == null ? e.getClass().getSimpleName() : reason;
    };
  }

  private void writeHead() throws IOException {
    String program = Program.name().split(" ", 2)[0]; // without arguments: files are passed on
    TraceText text = new TraceText();
    note(text, "M").text("name", "process_name").args().text("name", program).endWithArgs();
    note(text, "M").text("name", "thread_name").args().text("name", "notes").endWithArgs();
    note(text, "M").text("name", "thread_sort_index").args();
    text.number("sort_index", Integer.MAX_VALUE).endWithArgs();
    writeBytes("[" + text.content().substring(1)); // without the comma
  }

  private TraceText note(TraceText text, String phase) {
    return text.event(phase, process, NOTES);
  }

  long process() {
    return process;
  }

  /// The time on the clock of the trace.
  long now() {
    return System.nanoTime() - start;
  }

  long nextArrow() {
    return arrows.incrementAndGet();
  }

  void leftOut() {
    leftOut.increment();
  }

  /// Whether it takes no more: it is too long, broken or closed.
  boolean isFull() {
    return full || shut;
  }

  /// Gives it a text to be written, which is dropped if it takes no more; never waits for the disk.
  ///
  /// @return false if there is no room
  boolean offer(StringBuilder chunk) {
    return full || waiting.offer(chunk);
  }

  @Override
  public void run() {
    try {
      while (!closing) {
        StringBuilder chunk = waiting.poll(FLUSH_MILLIS, TimeUnit.MILLISECONDS);
        if (chunk == null) {
          unfinished.accept(this::write);
        } else {
          write(chunk);
        }
      }
      writeRest();
      end();
    } catch (InterruptedException e) {
      stop("its thread was interrupted");
    }
  }

  /// Whatever a track hands over, it does in its monitor and not once this is shut: so when what is
  /// unfinished has been taken from all, the queue has all that came before that.
  private void writeRest() {
    shut = true;
    List<StringBuilder> rest = new ArrayList<>();
    unfinished.accept(rest::add);
    for (StringBuilder chunk = waiting.poll(); chunk != null; chunk = waiting.poll()) {
      write(chunk);
    }
    rest.forEach(this::write);
  }

  private void write(CharSequence text) {
    if (full) {
      return;
    }
    try {
      writeBytes(text);
    } catch (IOException e) {
      stop(String.valueOf(e.getMessage()));
      return;
    }
    if (written > limit) {
      full = true;
      String what = "the trace ends here: it is longer than " + limit / 1_000_000 + " MB";
      writeNote(what);
      Warnings.warn(path + ": " + what + "; the program goes on", null);
    }
  }

  /// Something about the whole trace.
  private void writeNote(String what) {
    TraceText text = new TraceText();
    note(text, "i").at(now()).text("s", "g").text("name", what).end();
    try {
      writeBytes(text.content());
    } catch (IOException e) {
      stop(String.valueOf(e.getMessage()));
    }
  }

  private void writeBytes(CharSequence text) throws IOException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    written += bytes.length;
  }

  private void stop(String why) {
    full = true;
    Warnings.warn(path + ": the trace ends here: " + why, null);
  }

  private void end() {
    full = true;
    long missing = leftOut.sum();
    try (out) {
      if (missing > 0) {
        String what = missing + " steps are missing: they came faster than the file took them";
        writeNote(what);
        Warnings.warn(path + ": " + what, null);
      }
      writeBytes("\n]\n");
    } catch (IOException e) {
      stop(String.valueOf(e.getMessage()));
    }
  }

  /// Writes what there is, and closes the file.
  void close() {
    closing = true;
    var _ = waiting.offer(new StringBuilder(0)); // so that the thread looks
    boolean interrupted = false;
    while (true) {
      try {
        writer.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
