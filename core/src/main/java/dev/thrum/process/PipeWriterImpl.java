package dev.thrum.process;

import dev.thrum.sync.Mutex;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Hands over to a thread that writes to the pipe; it is started with the first write. Once the
/// program has exited, a write that sleeps in the pipe is ended: another program may have the other
/// end and never read.
final class PipeWriterImpl implements PipeWriter {
  private final String name;
  private final Charset charset;
  private final Process process;
  private final Chunks chunks = new Chunks();
  private final Mutex turn;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean closed;
  private volatile @Nullable FileChannel own;

  PipeWriterImpl(String name, Charset charset, Process process) {
    this.name = name;
    this.charset = charset;
    this.process = process;
    this.turn = Mutex.create("writing " + name);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    turn.withLock(() -> {
      for (int from = 0; from < bytes.length; from += Chunks.CHUNK) {
        put(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + Chunks.CHUNK)));
      }
    });
  }

  private void put(byte[] chunk) throws IOException {
    if (closed) {
      throw new IllegalStateException(
          name + " has been closed; write everything before close() or communicate()");
    }
    start();
    if (!chunks.put(chunk)) {
      throw broken();
    }
  }

  @Override
  public void write(String text) throws IOException {
    write(text.getBytes(charset));
  }

  @Override
  public void flush() throws IOException {
    chunks.awaitEmpty();
    if (chunks.failure() != null) {
      throw broken();
    }
  }

  /// Writes everything without waiting, and ends.
  void writeLast(byte[] bytes) {
    if (bytes.length > 0) {
      start();
      chunks.putAtOnce(bytes);
    }
    close();
  }

  @Override
  public void close() {
    closed = true;
    chunks.end();
    if (started.compareAndSet(false, true)) {
      close(process.getOutputStream()); // nothing is in it, so nothing can wait
    }
  }

  boolean isClosed() {
    return closed;
  }

  /// The program has exited.
  void sever(IOException reason) {
    chunks.sever(reason);
    FileChannel opened = own;
    if (opened != null) {
      close(opened);
    }
  }

  /// What has not been sent is not to be sent.
  void discard() {
    chunks.discard();
    close();
  }

  private IOException broken() {
    return new IOException(
        name + " is read no more: the program has exited or closed its input", chunks.failure());
  }

  private void start() {
    if (started.compareAndSet(false, true)) {
      Thread.ofPlatform()
          .daemon()
          .inheritInheritableThreadLocals(false)
          .name("thrum-" + name)
          .start(this::pump);
    }
  }

  private void pump() {
    OutputStream pipe = process.getOutputStream();
    try {
      pipe = open(pipe);
      for (byte[] chunk = chunks.take(); chunk != null; chunk = chunks.take()) {
        for (int from = 0; from < chunk.length && !chunks.isUnwanted(); from += Chunks.CHUNK) {
          pipe.write(chunk, from, Math.min(Chunks.CHUNK, chunk.length - from));
        }
        pipe.flush();
        chunks.done();
      }
    } catch (IOException e) {
      chunks.sever(e);
    } catch (RuntimeException | Error e) {
      chunks.sever(new IOException(name + " cannot be written", e));
      throw e;
    } finally {
      close(pipe);
    }
  }

  /// The channel must be known to [#sever] before the first chunk is taken: then either of the two
  /// sees that it is over.
  private OutputStream open(OutputStream stream) {
    FileChannel opened = OwnEnd.open(process.pid(), 0, StandardOpenOption.WRITE).orElse(null);
    if (opened == null) {
      return stream;
    }
    own = opened;
    close(stream);
    return Channels.newOutputStream(opened);
  }

  private static void close(Closeable pipe) {
    try {
      pipe.close();
    } catch (IOException _) {
      // The program reads no more, and whoever writes or flushes hears of it.
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
