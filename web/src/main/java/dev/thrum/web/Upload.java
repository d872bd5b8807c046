package dev.thrum.web;

import dev.thrum.http.Headers;
import dev.thrum.web.internal.Accept;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.Objects;

/// A file that a client has sent in a form.
///
/// ```java
/// record Photo(String title, Upload image) {}
///
/// app.post("/photos", Photo.class, (req, photo) -> {
///   photo.image().saveTo(folder.resolve(newName()));
///   return created(photo.title());
/// });
/// ```
///
/// A small one is in memory, a large one in a temporary file (see [FormLimits]), of which nothing
/// is left when the response has been sent, or the client has gone away: until then it can be read,
/// any number of times.
///
/// **Non-guarantees.** Name and type are what the client says. The name is no path and does not
/// begin with a dot, but two clients may send the same one.
///
/// **Threads.** In a task the disk is asked beside the loop, which is a suspension point. In a
/// handler by [Web#blocking] it can be used as well.
public final class Upload {
  private static final int LONGEST_NAME = 200;

  private final String field;
  private final String fileName;
  private final Headers headers;
  private final Spool content;

  Upload(String field, String sentName, Headers headers, Spool content) {
    this.field = field;
    this.fileName = plain(sentName);
    this.headers = headers;
    this.content = content;
  }

  /// A name that is no path, and that every file system takes.
  private static String plain(String sent) {
    String last = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    StringBuilder made = new StringBuilder();
    last.codePoints()
        .map(one -> isPlain(one) ? one : '_')
        .limit(LONGEST_NAME / 2)
        .forEach(made::appendCodePoint);
    while (made.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      made.setLength(made.offsetByCodePoints(made.length(), -1));
    }
    String name = made.toString().strip().replaceAll("^[. ]+|[. ]+$", "");
    return name.isEmpty() ? "file" : name;
  }

  private static boolean isPlain(int one) {
    return switch (Character.getType(one)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> false;
      default -> "<>:\"|?*".indexOf(one) < 0;
    };
  }

  /// The field of the form that it was sent in.
  ///
  /// @return its name
  public String field() {
    return field;
  }

  /// The name of the file without a path before it, made fit to be one on any system.
  ///
  /// @return at most 200 bytes, and never empty
  public String fileName() {
    return fileName;
  }

  /// The type of the content, as the client has said it.
  ///
  /// @return such as `image/png`; `application/octet-stream` if it has not
  public String contentType() {
    return headers.get("Content-Type", "application/octet-stream");
  }

  /// All that was sent with it.
  ///
  /// @return the headers, to be read
  public Headers headers() {
    return headers;
  }

  /// How large it is.
  ///
  /// @return the number of bytes
  public long size() {
    return content.size();
  }

  /// The content from its beginning on.
  ///
  /// @return a new stream, which need not be closed
  public InputStream stream() {
    return new Reading(content);
  }

  /// The whole content.
  ///
  /// @return a new array
  /// @throws IOException if it cannot be read, or is larger than an array can be
  public byte[] bytes() throws IOException {
    if (size() > Integer.MAX_VALUE - 8) {
      throw new IOException(size() + " bytes are more than an array can have");
    }
    byte[] all = new byte[(int) size()];
    int _ = stream().readNBytes(all, 0, all.length);
    return all;
  }

  /// The whole content as text, in the charset that its type tells, or UTF-8.
  ///
  /// @return the text
  /// @throws IOException if it cannot be read
  public String text() throws IOException {
    return new String(bytes(), charset());
  }

  private Charset charset() {
    try {
      return Accept.charset(contentType())
          .<Charset>map(Charset::forName)
          .orElse(StandardCharsets.UTF_8);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
      return StandardCharsets.UTF_8;
    }
  }

  /// Keeps it as a file, in the place of one that is there already. Nobody sees a file that is not
  /// whole; if this fails, there is none. If it is cancelled, the file is there or not.
  ///
  /// @param target where to, in a folder that is there
  /// @throws IOException if it cannot be written
  public void saveTo(Path target) throws IOException {
    content.saveTo(Objects.requireNonNull(target, "target"));
  }

  @Override
  public String toString() {
    return fileName + " (" + contentType() + ", " + size() + " bytes)";
  }

  private static final class Reading extends InputStream {
    private static final int CHUNK = 1 << 16;

    private final Spool content;
    private byte[] part = {};
    private int from;
    private int end;
    private long at;

    Reading(Spool content) {
      this.content = content;
    }

    @Override
    public int read() throws IOException {
      if (from == end && !fill()) {
        return -1;
      }
      return part[from++] & 255;
    }

    private boolean fill() throws IOException {
      if (part.length == 0) {
        part = new byte[Math.clamp(content.size(), 1, CHUNK)];
      }
      from = 0;
      end = Math.max(0, content.read(at, part, 0, part.length));
      at += end;
      return end > 0;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      if (length == 0) {
        return 0;
      }
      if (from < end || length < CHUNK) {
        return copy(into, offset, length);
      }
      int count = content.read(at, into, offset, length);
      at += Math.max(0, count);
      return count;
    }

    private int copy(byte[] into, int offset, int length) throws IOException {
      if (from == end && !fill()) {
        return -1;
      }
      int count = Math.min(length, end - from);
      System.arraycopy(part, from, into, offset, count);
      from += count;
      return count;
    }

    @Override
    public int available() {
      return end - from;
    }
  }
}
