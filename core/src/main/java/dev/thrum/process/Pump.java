package dev.thrum.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The thread that reads a pipe of a program until it ends.
///
/// When the program has exited, all that it wrote is in the pipe, or already in the memory of the
/// JDK, which empties the pipe then. So a thread that hears of the exit before it reads on knows
/// how much there is left. One that is in a read by then comes back with something or with the end;
/// unless another program keeps the pipe open and writes nothing, and then it sleeps in the read.
final class Pump {
  private static final Duration ROUND = Duration.ofMillis(40);
  private static final int ROUNDS_ASLEEP = 5;
  private static final int ROUNDS_UNKNOWN = 25;

  private final Chunks chunks = new Chunks();
  private final PipeReaderImpl reader;
  private final InputStream pipe;
  private final Thread thread;
  private volatile Optional<NativeThread> nativeThread = Optional.empty();
  private volatile boolean reading;
  private volatile boolean exited;

  Pump(String name, Charset charset, InputStream pipe) {
    this.reader = new PipeReaderImpl(name, charset, chunks);
    this.pipe = pipe;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .inheritInheritableThreadLocals(false)
            .name("thrum-" + name)
            .unstarted(this::pump);
  }

  void start() {
    thread.start();
  }

  PipeReaderImpl reader() {
    return reader;
  }

  Chunks chunks() {
    return chunks;
  }

  // In its own thread

  private void pump() {
    nativeThread = NativeThread.current();
    byte[] buffer = new byte[Chunks.CHUNK];
    try {
      while (!exited && pass(buffer, buffer.length) > 0) {
        // there may be more
      }
      int left = exited ? pipe.available() : 0;
      while (left > 0) {
        int count = pass(buffer, Math.min(left, buffer.length));
        left = count > 0 ? left - count : 0;
      }
      chunks.end();
    } catch (IOException e) {
      chunks.fail(e);
    } finally {
      close();
    }
  }

  /// Passes on what one read brings.
  ///
  /// @return how much that was; nothing at the end, or if it is too late
  private int pass(byte[] buffer, int max) throws IOException {
    reading = true;
    int count = pipe.read(buffer, 0, max);
    reading = false;
    return count > 0 && chunks.put(Arrays.copyOf(buffer, count)) ? count : 0;
  }

  // In the thread that waits for the exit

  /// Waits until everything that a program wrote before it exited has been read.
  static void settle(List<Pump> pumps) throws InterruptedException {
    for (Pump pump : pumps) {
      pump.exited = true;
      pump.chunks.expectTheRest();
    }
    for (Pump pump : pumps) {
      pump.settle();
    }
  }

  private void settle() throws InterruptedException {
    int asleep = 0;
    while (!thread.join(ROUND)) {
      asleep = sleepsInRead() ? asleep + 1 : 0;
      if (asleep >= (nativeThread.isPresent() ? ROUNDS_ASLEEP : ROUNDS_UNKNOWN)) {
        chunks.end();
        return;
      }
    }
  }

  private boolean sleepsInRead() {
    return reading
        && thread.getState() == Thread.State.RUNNABLE
        && nativeThread.map(NativeThread::sleeps).orElse(true);
  }

  /// Gives back the descriptor. A thread that still reads from it goes on until somebody writes
  /// there or nobody can.
  void close() {
    try {
      pipe.close();
    } catch (IOException _) {
      // Nobody reads from it any more.
    }
  }
}
