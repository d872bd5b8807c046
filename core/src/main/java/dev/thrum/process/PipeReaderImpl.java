package dev.thrum.process;

import dev.thrum.sync.Mutex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
      return line.length == 0 ? Optional.empty() : Optional.of(withoutEnd(line));
    });
  }

  private String withoutEnd(byte[] line) {
    int length = line.length;
    if (line[length - 1] == '\n') {
      length--;
      if (length > 0 && line[length - 1] == '\r') {
        length--;
      }
    }
    return new String(line, 0, length, charset);
  }

  @Override
  public Iterable<String> lines() {
    return Lines::new;
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

  private final class Lines implements Iterator<String> {
    private @Nullable String next;

    @Override
    public boolean hasNext() {
      if (next == null) {
        try {
          next = readLine().orElse(null);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return next != null;
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException(name + " has ended");
      }
      String line = java.util.Objects.requireNonNull(next);
      next = null;
      return line;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
