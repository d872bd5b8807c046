package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// A form with files (RFC 7578), sent part by part: no file is in memory as a whole.
///
/// ```java
/// client.post("/upload", Multipart.create().field("title", "Summer").file("picture", Path.of("a.png")));
/// ```
public final class Multipart implements HttpBody {
  private final String boundary = "thrum-" + UUID.randomUUID();
  private final List<Part> parts = new ArrayList<>();

  @SuppressWarnings("ArrayRecordComponent")
  private record Part(byte[] head, HttpBody body) {}

  private Multipart() {}

  /// An empty form.
  ///
  /// @return a form to be filled
  public static Multipart create() {
    return new Multipart();
  }

  /// Adds a field.
  ///
  /// @param name its name
  /// @param value its text
  /// @return this
  public Multipart field(String name, String value) {
    return add(name, "", HttpBody.bytes("", value.getBytes(UTF_8)));
  }

  /// Adds a file under its own name.
  ///
  /// @param name the name of the field
  /// @param file where the file is
  /// @return this
  public Multipart file(String name, Path file) {
    return part(name, String.valueOf(file.getFileName()), HttpBody.file(file));
  }

  /// Adds what is sent as a file.
  ///
  /// @param name the name of the field
  /// @param fileName the name of the file
  /// @param body what is in it
  /// @return this
  public Multipart part(String name, String fileName, HttpBody body) {
    return add(name, "; filename=\"" + quoted(fileName) + '"', body);
  }

  private Multipart add(String name, String more, HttpBody body) {
    Objects.requireNonNull(body, "body");
    String type = body.contentType();
    if (type.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException("the type of a part has no control characters");
    }
    String head =
        "--"
            + boundary
            + "\r\nContent-Disposition: form-data; name=\""
            + quoted(name)
            + '"'
            + more
            + (type.isEmpty() ? "" : "\r\nContent-Type: " + type)
            + "\r\n\r\n";
    boolean _ = parts.add(new Part(head.getBytes(UTF_8), body));
    return this;
  }

  /// As browsers write names.
  private static String quoted(String name) {
    return name.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
  }

  private byte[] end() {
    return ("--" + boundary + "--\r\n").getBytes(UTF_8);
  }

  @Override
  public String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  @Override
  public long length() throws IOException {
    long all = end().length;
    for (Part one : parts) {
      long length = one.body().length();
      if (length < 0) {
        return -1;
      }
      all += one.head().length + length + 2;
    }
    return all;
  }

  @Override
  public boolean isReplayable() {
    return parts.stream().allMatch(one -> one.body().isReplayable());
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    for (Part one : parts) {
      out.write(one.head());
      one.body().writeTo(out);
      out.write(new byte[] {'\r', '\n'});
    }
    out.write(end());
  }
}
