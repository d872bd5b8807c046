package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.internal.Offload;
import dev.thrum.web.Json;
import dev.thrum.web.internal.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/// The body of a request.
///
/// ```java
/// client.post("/orders", HttpBody.json(order));
/// client.put("/report", HttpBody.file(Path.of("report.pdf")));
/// client.post("/log", HttpBody.stream("text/plain", out -> { … out.write(line) … }));
/// ```
public interface HttpBody {

  /// Writes a body. It waits while the server takes nothing.
  @FunctionalInterface
  interface Writer {

    /// Writes everything.
    ///
    /// @param out where to, which need not be closed
    /// @throws IOException if it cannot, or the connection is lost
    void write(OutputStream out) throws IOException;
  }

  /// The type of its content.
  ///
  /// @return the value of `Content-Type`; empty for none
  String contentType();

  /// How many bytes it has.
  ///
  /// @return the number; less than 0 if that is not known before, so that it is sent in chunks
  /// @throws IOException if it cannot be found out
  long length() throws IOException;

  /// Whether it can be written more than once, for a redirect or another connection.
  ///
  /// @return true if each [#writeTo] writes the same
  boolean isReplayable();

  /// Writes it.
  ///
  /// @param out where to
  /// @throws IOException if it cannot, or the connection is lost
  void writeTo(OutputStream out) throws IOException;

  /// No body.
  ///
  /// @return a body without a type and without bytes
  static HttpBody none() {
    return bytes("", new byte[0]);
  }

  /// Some bytes.
  ///
  /// @param contentType their type
  /// @param bytes the bytes, which must not be changed any more
  /// @return a body
  static HttpBody bytes(String contentType, byte[] bytes) {
    return new Bytes(contentType, bytes);
  }

  /// Some bytes that say nothing of themselves.
  ///
  /// @param bytes the bytes, which must not be changed any more
  /// @return a body
  static HttpBody bytes(byte[] bytes) {
    return bytes("application/octet-stream", bytes);
  }

  /// A text in UTF-8.
  ///
  /// @param text the text
  /// @return a body
  static HttpBody text(String text) {
    return bytes("text/plain; charset=utf-8", text.getBytes(UTF_8));
  }

  /// An object as JSON.
  ///
  /// @param value a record, a map, a list, …
  /// @return a body
  static HttpBody json(Object value) {
    return bytes("application/json", Json.standard().bytes(value));
  }

  /// The fields of a form.
  ///
  /// @param fields names and values, in order
  /// @return a body
  static HttpBody form(Map<String, String> fields) {
    StringBuilder made = new StringBuilder();
    fields.forEach((name, value) -> {
      var _ = made.append(made.isEmpty() ? "" : "&");
      var _ = made.append(Target.encodeQuery(name)).append('=').append(Target.encodeQuery(value));
    });
    return bytes("application/x-www-form-urlencoded", made.toString().getBytes(UTF_8));
  }

  /// The fields of a form.
  ///
  /// @param namesAndValues a name, its value, the next name, and so on
  /// @return a body
  static HttpBody form(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("the last name has no value");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      var _ = fields.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return form(fields);
  }

  /// A file, which is read beside the loop while it is sent.
  ///
  /// @param file where it is
  /// @return a body, of the type that the file's name tells
  static HttpBody file(Path file) {
    return new OfFile(file);
  }

  /// What a program writes while it is sent, in chunks.
  ///
  /// @param contentType its type
  /// @param writer writes it, once
  /// @return a body that cannot be replayed
  static HttpBody stream(String contentType, Writer writer) {
    return new Streamed(contentType, -1, writer);
  }

  /// What a stream gives, in chunks. It is read by the task: one that waits for something outside
  /// holds the loop up, unless the engine can suspend it.
  ///
  /// @param contentType its type
  /// @param in the stream, which is not closed
  /// @return a body that cannot be replayed
  static HttpBody stream(String contentType, InputStream in) {
    return new Streamed(
        contentType,
        -1,
        out -> {
          var _ = in.transferTo(out);
        });
  }

  /// Bytes that are there.
  ///
  /// @param contentType their type
  /// @param bytes the bytes
  @SuppressWarnings("ArrayRecordComponent")
  record Bytes(String contentType, byte[] bytes) implements HttpBody {
    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public boolean isReplayable() {
      return true;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(bytes);
    }
  }

  /// What is written while it is sent.
  ///
  /// @param contentType its type
  /// @param length how many bytes it has, less than 0 if that is not known
  /// @param writer writes it
  record Streamed(String contentType, long length, Writer writer) implements HttpBody {
    @Override
    public boolean isReplayable() {
      return false;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      writer.write(out);
    }
  }

  /// A file.
  ///
  /// @param file where it is
  record OfFile(Path file) implements HttpBody {
    private static final int PIECE = 1 << 16;

    @Override
    public String contentType() {
      return MediaTypes.of(file.toString());
    }

    @Override
    public long length() throws IOException {
      return Offload.call("looking at " + file, Offload.OnCancel.WAIT, () -> Files.size(file));
    }

    @Override
    public boolean isReplayable() {
      return true;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      FileChannel opened =
          Offload.open(
              "opening " + file,
              () -> FileChannel.open(file, StandardOpenOption.READ),
              OfFile::closeQuietly);
      try {
        for (byte[] part = next(opened); part.length > 0; part = next(opened)) {
          out.write(part);
        }
      } finally {
        Offload.cleanUp("closing " + file, opened::close);
      }
    }

    private byte[] next(FileChannel opened) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(PIECE);
      int read = Offload.call("reading " + file, Offload.OnCancel.WAIT, () -> opened.read(buffer));
      byte[] part = new byte[Math.max(0, read)];
      var _ = buffer.flip().get(part);
      return part;
    }

    private static void closeQuietly(FileChannel late) {
      try {
        late.close();
      } catch (IOException _) {
        // nothing was written to it
      }
    }
  }
}
