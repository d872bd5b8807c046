package dev.thrum.process;

import dev.thrum.sync.Mutex;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/// Hands over to a thread that writes to the pipe; it is started with the first write.
final class PipeWriterImpl implements PipeWriter {
  private final String name;
  private final Charset charset;
  private final OutputStream pipe;
  private final Chunks chunks = new Chunks();
  private final Mutex turn;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean closed;

  PipeWriterImpl(String name, Charset charset, OutputStream pipe) {
    this.name = name;
    this.charset = charset;
    this.pipe = pipe;
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
      closePipe(); // nothing is in it, so nothing can wait
    }
  }

  boolean isClosed() {
    return closed;
  }

  /// The program reads no more.
  void sever(IOException reason) {
    chunks.sever(reason);
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
    try {
      for (byte[] chunk = chunks.take(); chunk != null; chunk = chunks.take()) {
        for (int from = 0; from < chunk.length && !chunks.isUnwanted(); from += Chunks.CHUNK) {
          pipe.write(chunk, from, Math.min(Chunks.CHUNK, chunk.length - from));
        }
        pipe.flush();
        chunks.done();
      }
    } catch (IOException e) {
      chunks.sever(e);
    } finally {
      closePipe();
    }
  }

  private void closePipe() {
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
