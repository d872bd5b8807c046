package dev.thrum.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/// Where the pieces of a [Reading] come from, in portions. Used by one thread of the pool at a
/// time.
///
/// @param <T> the type of the pieces
interface Source<T> extends Closeable {

  /// Reads the next portion.
  ///
  /// @return the pieces; none at the end
  /// @throws IOException if it cannot be read
  List<T> next() throws IOException;

  /// The lines of a file; what is no text is an error.
  static Source<String> lines(Path path, Charset charset) throws IOException {
    return new Lines(Contents.open(path), charset);
  }

  /// The bytes of a file.
  static Source<byte[]> chunks(Path path, int size) throws IOException {
    return new Chunks(Files.newByteChannel(path), size);
  }

  /// A folder and everything in it.
  @SuppressWarnings("StreamResourceLeak") // whoever closes the source closes it
  static Source<Path> walk(Path folder, int depth) throws IOException {
    return new Walk(Files.walk(folder, depth));
  }

  /// As many whole lines as one read of tens of thousands of characters gives, and at least one. A
  /// line that has merely begun holds nothing back.
  final class Lines implements Source<String> {
    private static final int PORTION = 1 << 16;

    private final InputStream in;
    private final Reader reader;
    private final char[] read = new char[PORTION];
    private final StringBuilder begun = new StringBuilder();
    private boolean afterReturn;

    Lines(InputStream in, Charset charset) {
      this.in = in;
      this.reader = new InputStreamReader(in, charset.newDecoder());
    }

    @Override
    public List<String> next() throws IOException {
      List<String> lines = new ArrayList<>();
      while (lines.isEmpty()) {
        int count = reader.read(read);
        if (count < 0) {
          return begun.isEmpty() ? lines : List.of(takeBegun());
        }
        split(count, lines);
      }
      return lines;
    }

    private void split(int count, List<String> lines) {
      int from = 0;
      for (int i = 0; i < count; i++) {
        char at = read[i];
        if (at == '\n' && afterReturn) {
          from = i + 1; // the rest of a line end
        } else if (at == '\n' || at == '\r') {
          begun.append(read, from, i - from);
          lines.add(takeBegun());
          from = i + 1;
        }
        afterReturn = at == '\r';
      }
      begun.append(read, from, count - from);
    }

    private String takeBegun() {
      String line = begun.toString();
      begun.setLength(0);
      return line;
    }

    /// Not by the reader, which a read that does not end would lock.
    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /// One chunk at a time.
  record Chunks(SeekableByteChannel channel, int size) implements Source<byte[]> {
    @Override
    public List<byte[]> next() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(size);
      while (buffer.hasRemaining() && Slices.read(channel, buffer) >= 0) {
        // until it is full
      }
      int length = buffer.position();
      return length == 0 ? List.of() : List.of(Arrays.copyOf(buffer.array(), length));
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /// Some hundred paths at a time.
  final class Walk implements Source<Path> {
    private static final int PORTION = 256;

    private final Stream<Path> stream;
    private final Iterator<Path> paths;

    Walk(Stream<Path> stream) {
      this.stream = stream;
      this.paths = stream.iterator();
    }

    @Override
    public List<Path> next() throws IOException {
      List<Path> portion = new ArrayList<>();
      try {
        while (portion.size() < PORTION && paths.hasNext()) {
          portion.add(paths.next());
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      return portion;
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
