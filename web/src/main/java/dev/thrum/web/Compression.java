package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.http.Status;
import dev.thrum.web.Middleware.Next;
import dev.thrum.web.internal.Accept;
import dev.thrum.web.internal.AcceptEncoding;
import dev.thrum.web.internal.Coding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Compresses responses for clients that take it: by `gzip` or `deflate`, and by `zstd` and `br`
/// (Brotli) if the libraries `com.github.luben:zstd-jni` and `com.aayushatharva.brotli4j:brotli4j`
/// are there. Of those that a client likes equally, `zstd` counts before `br` and that before
/// `gzip`.
///
/// ```java
/// app.use(Compression.create());
/// ```
///
/// It is for texts, JSON and the like of at least 500 bytes, and for streams of them, of which what
/// is sent can be read at once all the same. Files are sent as they are (see [StaticFiles] for
/// those that were compressed before), and so are events, parts, and what a handler has encoded
/// itself.
///
/// **Non-guarantees.** Who can put something into a page and see its length may guess a secret that
/// is on the same page. Tokens of [dev.thrum.web.session.Csrf] are safe from that.
///
/// **Threads.** Any. What is large is compressed beside the loop. It cannot be changed; what seems
/// to change it returns another.
public final class Compression implements Middleware {
  private static final int LARGE = 1 << 16;
  private static final Set<String> TYPES =
      Set.of(
          "application/javascript",
          "application/json",
          "application/manifest+json",
          "application/wasm",
          "application/xml",
          "image/svg+xml");

  private final int least;
  private final List<String> codings = Coding.names(); // which loads them before there is a loop

  private Compression(int least) {
    this.least = least;
  }

  /// A middleware for responses of at least 500 bytes.
  ///
  /// @return a middleware
  public static Compression create() {
    return new Compression(500);
  }

  /// The same for responses of another size.
  ///
  /// @param bytes the fewest bytes that are worth it, zero or more
  /// @return a middleware
  public Compression atLeast(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("at least " + bytes + " bytes: give zero or more");
    }
    return new Compression(bytes);
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    Response response = next.handle(request);
    if (!isFit(response)) {
      return response;
    }
    Response varying = Vary.by(response, "Accept-Encoding");
    Optional<String> coding =
        AcceptEncoding.best(request.headers().all("Accept-Encoding"), codings);
    return coding.isEmpty() ? varying : compress(varying, coding.get());
  }

  private boolean isFit(Response response) {
    boolean much =
        switch (response.content()) {
          case Content.Bytes(byte[] bytes) -> bytes.length > 0 && bytes.length >= least;
          case Content.Written _ -> true;
          default -> false;
        };
    return much
        && !Status.isWithoutBody(response.status())
        && response.status() != 206
        && response.header("Content-Encoding").isEmpty()
        && response.header("Cache-Control").filter(one -> one.contains("no-transform")).isEmpty()
        && response.header("Content-Type").filter(Compression::isText).isPresent();
  }

  private static boolean isText(String type) {
    String bare = Accept.bare(type);
    return (bare.startsWith("text/") && !bare.equals("text/event-stream"))
        || TYPES.contains(bare)
        || bare.endsWith("+json")
        || bare.endsWith("+xml");
  }

  private static Response compress(Response response, String name) throws IOException {
    Coding coding = Objects.requireNonNull(Coding.ALL.get(name));
    Response made = response.header("Content-Encoding", name).removeHeader("Content-Length");
    Optional<String> tag = response.header("ETag").filter(one -> one.startsWith("\""));
    if (tag.isPresent()) {
      made = made.header("ETag", "W/" + tag.get());
    }
    return switch (response.content()) {
      case Content.Bytes(byte[] bytes) ->
          made.body(
              bytes.length < LARGE
                  ? packed(bytes, coding)
                  : Async.parallel(() -> packed(bytes, coding)));
      case Content.Written(BodyWriter writer) ->
          made.with(new Content.Written(out -> write(out, writer, coding)));
      default -> response;
    };
  }

  private static byte[] packed(byte[] bytes, Coding coding) throws IOException {
    ByteArrayOutputStream made = new ByteArrayOutputStream(bytes.length / 3 + 64);
    try (OutputStream packing = coding.packing(made)) {
      packing.write(bytes);
    }
    return made.toByteArray();
  }

  private static void write(BodyStream out, BodyWriter writer, Coding coding) throws Exception {
    Packing packing = new Packing(coding, out);
    try {
      BodyStream plain = out.before(packing);
      writer.write(plain);
      plain.flush();
    } catch (Throwable e) {
      packing.wanted = false;
      try (packing) {
        throw e;
      }
    }
    packing.close();
  }

  /// Compresses a stream, what is much of it beside the loop, and sends what becomes of it; but not
  /// the end of one whose writer has failed, which must be seen to be cut off.
  private static final class Packing extends OutputStream {
    private final BodyStream out;
    private final ByteArrayOutputStream made = new ByteArrayOutputStream();
    private final OutputStream packing;
    private boolean wanted = true;

    Packing(Coding coding, BodyStream out) throws IOException {
      this.out = out;
      this.packing = coding.packing(made);
    }

    @Override
    public void write(int one) throws IOException {
      packing.write(one);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      int left = length;
      for (; left >= LARGE; left -= LARGE) {
        int at = from + length - left;
        Async.parallel(() -> slice(bytes, at));
        send();
      }
      packing.write(bytes, from + length - left, left);
    }

    /// The flush is here as some codings do all their work in it.
    private void slice(byte[] bytes, int at) throws IOException {
      packing.write(bytes, at, LARGE);
      packing.flush();
    }

    private void send() throws IOException {
      byte[] ready = made.toByteArray();
      made.reset();
      if (wanted && ready.length > 0) {
        out.write(ready);
      }
    }

    @Override
    public void flush() throws IOException {
      packing.flush();
      send();
    }

    @Override
    public void close() throws IOException {
      packing.close();
      send();
    }
  }
}
