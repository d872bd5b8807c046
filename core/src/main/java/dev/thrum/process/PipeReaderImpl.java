package dev.thrum.process;

import dev.thrum.internal.Lines;
import dev.thrum.sync.Mutex;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Optional;

/// Takes what the pipe's thread has brought, one caller at a time. What a caller has taken from
/// there and not used is kept for the next one.
final class PipeReaderImpl implements PipeReader {
  private static final byte[] NOTHING = {};

  private final String name;
  private final Charset charset;
  private final Chunks chunks;
  private final Mutex turn;
  private final ByteQueue kept = new ByteQueue();

  PipeReaderImpl(String name, Charset charset, Chunks chunks) {
    this.name = name;
    this.charset = charset;
    this.chunks = chunks;
    this.turn = Mutex.create("reading " + name);
  }

  @Override
  public byte[] read(int max) throws IOException {
    if (max < 1) {
      throw new IllegalArgumentException("read at least 1 byte, not " + max);
    }
    return turn.withLock(() -> kept.isEmpty() && !fetch() ? NOTHING : kept.take(max));
  }

  @Override
  public byte[] readAll() throws IOException {
    return turn.withLock(() -> {
      while (fetch()) {
        // more may come
      }
      return kept.take(Integer.MAX_VALUE);
    });
  }

  @Override
  public String readString() throws IOException {
    return new String(readAll(), charset);
  }

  @Override
  public Optional<String> readLine() throws IOException {
    if ("\n".getBytes(charset).length != 1) {
      throw new IllegalStateException(
          "lines of "
              + name
              + " cannot be told apart in "
              + charset
              + ": use readString(), or read(max) and a decoder");
    }
    return turn.withLock(() -> {
      int length = kept.lineLength();
      while (length == 0 && fetch()) {
        length = kept.lineLength();
      }
      byte[] line = kept.take(length == 0 ? Integer.MAX_VALUE : length);
      return line.length == 0 ? Optional.empty() : Optional.of(Lines.textOf(line, charset));
    });
  }

  @Override
  public Iterable<String> lines() {
    return () -> new Lines(name, this::readLine);
  }

  /// Waits for the next chunk. A caller that is cancelled here has taken nothing.
  private boolean fetch() throws IOException {
    checkOpen();
    byte[] chunk = chunks.take();
    if (chunk != null) {
      kept.add(chunk);
      return true;
    }
    checkOpen();
    IOException failed = chunks.failure();
    if (failed != null) {
      throw new IOException(name + " could not be read to its end", failed);
    }
    return false;
  }

  private void checkOpen() {
    if (chunks.isUnwanted()) {
      throw new IllegalStateException(
          name + " has been closed with its process: read before close(), inside the try block");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
