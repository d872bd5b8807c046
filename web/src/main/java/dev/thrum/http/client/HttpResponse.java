package dev.thrum.http.client;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpVersion;
import dev.thrum.http.Status;
import dev.thrum.http.internal.HeadersAccess;
import dev.thrum.internal.LeftOpen;
import dev.thrum.internal.Offload;
import dev.thrum.web.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/// A response. One of [HttpRequest#send()] is there as a whole; one of [HttpRequest#open()] comes
/// while it is read, and has to be closed.
///
/// **What was packed** by gzip, deflate, and where the program has their libraries by Brotli or
/// Zstandard, comes unpacked.
///
/// **Errors.** Reading throws an [HttpClientException] if the connection is lost or the response is
/// malformed.
///
/// **Closing.** A response whose body was read to its end has given its connection back already;
/// one that is closed before takes its connection, or its stream of HTTP/2, with it.
///
/// **Cancellation.** A read that is cancelled takes nothing.
public final class HttpResponse implements AutoCloseable {
  private static final int PIECE = 1 << 16;
  private static final int SHOWN = 200;

  private final Call call;
  private final io.netty.handler.codec.http.HttpResponse head;
  private final Target target;
  private final List<HttpResponse> history;
  private final int limit;
  private final Runnable noteClosed;
  private @Nullable Headers headers;
  private @Nullable InputStream stream;
  private @Nullable TextLines lines;
  private byte @Nullable [] content;
  private boolean closed;

  HttpResponse(
      Call call,
      io.netty.handler.codec.http.HttpResponse head,
      Target target,
      List<HttpResponse> history,
      int limit) {
    this.call = call;
    this.head = head;
    this.target = target;
    this.history = List.copyOf(history);
    this.limit = limit;
    this.noteClosed = LeftOpen.unlessClosed(this, () -> !closed && !call.isOver());
  }

  // The head

  /// The status.
  ///
  /// @return from 200 to 999
  public int status() {
    return head.status().code();
  }

  /// Whether the status says that all went well.
  ///
  /// @return true from 200 to 299
  public boolean isOk() {
    return status() < 300;
  }

  /// The headers.
  ///
  /// @return the headers as they came
  public Headers headers() {
    Headers known = headers;
    if (known == null) {
      known = HeadersAccess.get().around(head.headers());
      headers = known;
    }
    return known;
  }

  /// The first value of a header.
  ///
  /// @param name its name
  /// @return the value; nothing if there is none
  public Optional<String> header(String name) {
    return headers().get(name);
  }

  /// What stands behind the body, once that has been read.
  ///
  /// @return the trailers, empty if there are none
  public Headers trailers() {
    return call.trailers();
  }

  /// The version of HTTP that was spoken.
  ///
  /// @return the version
  public HttpVersion version() {
    HttpVersion spoken = call.channel().version();
    boolean old = spoken == HttpVersion.HTTP_1_1 && head.protocolVersion().minorVersion() == 0;
    return old ? HttpVersion.HTTP_1_0 : spoken;
  }

  /// What it is the response of, after all redirects.
  ///
  /// @return the address, without a password
  public String url() {
    return target.toString();
  }

  /// The redirects that have led here.
  ///
  /// @return their responses without bodies, the first one first
  public List<HttpResponse> history() {
    return history;
  }

  /// Refuses a status that speaks of an error.
  ///
  /// @return this
  /// @throws HttpClientException.BadStatus if the status is 400 or more; the response is closed
  public HttpResponse raiseForStatus() throws HttpClientException.BadStatus {
    if (status() >= 400) {
      close();
      byte[] known = content;
      String said =
          known == null || known.length == 0
              ? ""
              : ": " + new String(known, 0, Math.min(SHOWN, known.length), charset()).strip();
      throw new HttpClientException.BadStatus(
          call.request().method()
              + " "
              + target
              + " was answered with "
              + status()
              + " "
              + Status.reason(status())
              + said,
          this);
    }
    return this;
  }

  // The body

  /// The body.
  ///
  /// @return the bytes, the same each time
  /// @throws HttpClientException.TooLarge if there are more than the client accepts
  /// @throws IOException if the connection is lost, or the response is malformed
  public byte[] bytes() throws IOException {
    byte[] known = content;
    if (known == null) {
      if (stream != null || closed) {
        throw new IllegalStateException(
            this + (closed ? " has been closed" : " is read as a stream already"));
      }
      known = readAll();
      content = known;
    }
    return known;
  }

  private byte[] readAll() throws IOException {
    String length = head.headers().get("Content-Length");
    boolean bodiless = call.request().method().name().equals("HEAD") || status() == 304;
    if (length != null && !bodiless && Long.parseLong(length) > limit) {
      close();
      throw ResponseStream.tooLarge(target, limit);
    }
    ResponseStream raw = new ResponseStream(call, target);
    List<String> codings = codings();
    if (codings.isEmpty()) {
      return raw.readAll(limit);
    }
    try (InputStream in = Unpacking.around(raw, codings, target)) {
      byte[] read = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw ResponseStream.tooLarge(target, limit);
      }
      return read;
    }
  }

  private List<String> codings() {
    List<String> all = Unpacking.codings(head.headers().getAll("Content-Encoding"));
    return Unpacking.canTakeOff(all) ? all : List.of();
  }

  /// The body as a text, in the charset that it says, else in UTF-8.
  ///
  /// @return the text
  /// @throws IOException as [#bytes()]
  public String text() throws IOException {
    return new String(bytes(), charset());
  }

  private Charset charset() {
    for (String part : header("Content-Type").orElse("").split(";", -1)) {
      String stripped = part.strip();
      if (stripped.toLowerCase(Locale.ROOT).startsWith("charset=")) {
        String name = stripped.substring("charset=".length()).replace("\"", "");
        try {
          return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
          return StandardCharsets.UTF_8;
        }
      }
    }
    return StandardCharsets.UTF_8;
  }

  /// The body read as JSON.
  ///
  /// @param type what it is to become
  /// @param <T> the same
  /// @return the object
  /// @throws HttpClientException.Malformed if it is none, or does not fit
  /// @throws IOException as [#bytes()]
  public <T> T json(Class<T> type) throws IOException {
    byte[] all = bytes();
    try {
      return Json.standard().read(all, type);
    } catch (JacksonException e) {
      throw malformed(type.getSimpleName(), e);
    }
  }

  /// The body read as JSON, if the type has type arguments.
  ///
  /// @param type what it is to become: `new TypeReference<List<User>>() {}`
  /// @param <T> the same
  /// @return the object
  /// @throws HttpClientException.Malformed if it is none, or does not fit
  /// @throws IOException as [#bytes()]
  public <T> T json(TypeReference<T> type) throws IOException {
    byte[] all = bytes();
    try {
      return Json.standard().read(all, type);
    } catch (JacksonException e) {
      throw malformed(type.getType().getTypeName(), e);
    }
  }

  private HttpClientException.Malformed malformed(String type, JacksonException e) {
    return new HttpClientException.Malformed(
        this + " is no JSON for " + type + ": " + e.getOriginalMessage(), e);
  }

  /// The body as it comes.
  ///
  /// @return the stream, the same each time; closing it closes this
  /// @throws IOException if the connection is lost, or the response is malformed
  public InputStream stream() throws IOException {
    InputStream known = stream;
    if (known == null) {
      byte[] read = content;
      if (read != null) {
        known = new ByteArrayInputStream(read);
      } else {
        known = Unpacking.around(new ResponseStream(call, target), codings(), target);
      }
      stream = known;
    }
    return known;
  }

  /// The lines of the body as they come, in its charset, if that has the line ends of ASCII.
  ///
  /// Where reading would throw an `IOException`, this throws an `UncheckedIOException`.
  ///
  /// @return the lines, for a `for` loop that may be left and gone on with
  /// @throws IOException if the response is malformed
  public Iterable<String> lines() throws IOException {
    TextLines from = textLines(charset());
    return () -> new Coming<>(from::next);
  }

  private TextLines textLines(Charset charset) throws IOException {
    TextLines known = lines;
    if (known == null) {
      known = new TextLines(stream(), charset, target);
      lines = known;
    }
    return known;
  }

  /// The events of the body as they come.
  ///
  /// Where reading would throw an `IOException`, this throws an `UncheckedIOException`.
  ///
  /// @return the events, for a `for` loop
  /// @throws HttpClientException.Malformed if the type of the content is not `text/event-stream`
  /// @throws IOException if the response is malformed
  public Iterable<ServerEvent> events() throws IOException {
    String type = header("Content-Type").orElse("");
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase("text/event-stream")) {
      throw new HttpClientException.Malformed(
          this + " is of the type '" + type + "', and events are text/event-stream", null);
    }
    ServerEvent.Reader from = new ServerEvent.Reader(textLines(StandardCharsets.UTF_8));
    return () -> new Coming<>(from::next);
  }

  /// Writes the body into a file, which is made anew. The file is written beside the loop, while
  /// the body comes, and removed again if not all of it comes.
  ///
  /// @param file where to
  /// @return how many bytes it has
  /// @throws IOException if the file cannot be written, or as the stream does
  public long save(Path file) throws IOException {
    FileChannel opened =
        Offload.open(
            "opening " + file,
            () ->
                FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE),
            HttpResponse::closeQuietly);
    boolean done = false;
    try {
      long all = copy(opened, file);
      done = true;
      return all;
    } finally {
      boolean whole = done;
      Offload.cleanUp(
          "closing " + file,
          () -> {
            opened.close();
            if (!whole) {
              boolean _ = Files.deleteIfExists(file);
            }
          });
    }
  }

  private long copy(FileChannel to, Path file) throws IOException {
    InputStream from = stream();
    byte[] piece = new byte[PIECE];
    long all = 0;
    for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
      ByteBuffer part = ByteBuffer.wrap(piece, 0, count);
      all += count;
      Offload.Action writing =
          () -> {
            while (part.hasRemaining()) {
              var _ = to.write(part);
            }
          };
      var _ = Offload.call("writing " + file, Offload.OnCancel.WAIT, Offload.valued(writing));
    }
    return all;
  }

  private static void closeQuietly(FileChannel late) {
    try {
      late.close();
    } catch (IOException _) {
      // nothing was written to it
    }
  }

  // The end

  /// Closes it. Closing twice does nothing, and closing never waits.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      noteClosed.run();
      call.over();
      InputStream known = stream;
      if (known != null && content == null) {
        try {
          known.close();
        } catch (IOException _) {
          // nobody wants what is left of it
        }
      }
    }
  }

  @Override
  public String toString() {
    return "the response " + status() + " to " + call.request().method() + " " + target;
  }

  static List<HttpResponse> with(List<HttpResponse> history, HttpResponse one) {
    List<HttpResponse> longer = new ArrayList<>(history);
    boolean _ = longer.add(one);
    return longer;
  }
}
