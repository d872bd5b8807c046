package dev.thrum.data;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Lines of UTF-8 up to a length; what is longer is passed over and told.
final class LineInput implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final int longest;
  private final byte[] buffer = new byte[BUFFER];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int from;
  private int to;
  private long number;
  private long length;

  LineInput(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /// The number of the last line, from 1.
  long number() {
    return number;
  }

  /// Whether the last line was longer than is taken; of it there is the beginning.
  boolean isTooLong() {
    return length > longest;
  }

  /// How many bytes the last line had.
  long length() {
    return length;
  }

  /// Reads the next line.
  ///
  /// @return false at the end
  boolean next() throws IOException {
    line.reset();
    length = 0;
    while (true) {
      if (from == to) {
        from = 0;
        to = Math.max(0, in.read(buffer));
        if (to == 0) {
          number += length > 0 ? 1 : 0;
          return length > 0;
        }
      }
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      int room = (int) Math.max(0, Math.min(end - from, longest - length));
      line.write(buffer, from, room);
      length += end - from;
      boolean whole = end < to;
      from = whole ? end + 1 : end;
      if (whole) {
        number++;
        return true;
      }
    }
  }

  /// The last line without its end.
  byte[] bytes() {
    byte[] all = line.toByteArray();
    int end = all.length;
    if (end > 0 && all[end - 1] == '\r') {
      return java.util.Arrays.copyOf(all, end - 1);
    }
    return all;
  }

  /// The text of a line.
  ///
  /// @throws CharacterCodingException if it is not UTF-8
  static String text(byte[] line) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
  }

  /// The column of the first byte that is not UTF-8, from 1.
  static int badColumn(byte[] line) {
    var decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(line);
    var out = java.nio.CharBuffer.allocate(line.length + 1);
    var _ = decoder.decode(in, out, true);
    return in.position() + 1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
