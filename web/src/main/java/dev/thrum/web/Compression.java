package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.http.Status;
import dev.thrum.web.Middleware.Next;
import dev.thrum.web.internal.Accept;
import dev.thrum.web.internal.AcceptEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/// Compresses responses for clients that take it, by `gzip` or `deflate`.
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
  private static final List<String> CODINGS = List.of("gzip", "deflate");
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
        AcceptEncoding.best(request.headers().all("Accept-Encoding"), CODINGS);
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

  private static Response compress(Response response, String coding) throws IOException {
    Response made = response.header("Content-Encoding", coding).removeHeader("Content-Length");
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

  private static DeflaterOutputStream around(OutputStream out, String coding) throws IOException {
    return coding.equals("gzip")
        ? new GZIPOutputStream(out, 512, true)
        : new DeflaterOutputStream(out, true);
  }

  private static byte[] packed(byte[] bytes, String coding) throws IOException {
    ByteArrayOutputStream made = new ByteArrayOutputStream(bytes.length / 3 + 64);
    try (DeflaterOutputStream packing = around(made, coding)) {
      packing.write(bytes);
    }
    return made.toByteArray();
  }

  private static void write(BodyStream out, BodyWriter writer, String coding) throws Exception {
    DeflaterOutputStream packing = around(out, coding);
    BodyStream plain = out.before(packing);
    writer.write(plain);
    plain.flush();
    packing.finish();
  }
}
