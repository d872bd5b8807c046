package dev.thrum.internal.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// Bytes that are being put together; a frame sends them without a copy.
public final class Content extends ByteArrayOutputStream {
  private static final int LONGEST_TEXT = 1 << 20;

  /// Writes to a [Content].
  public interface Writing {
    /// Writes.
    ///
    /// @param out where to
    /// @throws IOException never
    void to(DataOutput out) throws IOException;
  }

  Content() {}

  /// What somebody writes.
  ///
  /// @param writing writes it
  /// @return the bytes
  public static Content of(Writing writing) {
    Content content = new Content();
    try {
      writing.to(new DataOutputStream(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return content;
  }

  /// The bytes themselves.
  ///
  /// @return a view of them
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(buf, 0, count);
  }

  /// Writes a text of any length; a very long one is cut.
  static void writeText(DataOutput out, String text) throws IOException {
    String cut = text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    byte[] bytes = cut.getBytes(UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /// Reads a text.
  ///
  /// @param in where it comes from
  /// @return the text
  /// @throws IOException if it is none
  public static String readText(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > 4 * LONGEST_TEXT) {
      throw new java.io.StreamCorruptedException("no text is as long as " + length);
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new String(bytes, UTF_8);
  }
}
