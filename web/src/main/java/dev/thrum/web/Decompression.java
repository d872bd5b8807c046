package dev.thrum.web;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.web.Middleware.Next;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/// Reads requests that are compressed, by `gzip` or `deflate`, up to a limit, so that a few bytes
/// do not become very many.
///
/// ```java
/// app.use(Decompression.upTo(10_000_000));
/// ```
///
/// The body is read as a whole before the handler is called. The server's limit holds for what is
/// sent, the one given here for what becomes of it.
///
/// **Errors.** More than the limit is a 413, another coding a 415 that tells those that are taken,
/// and what cannot be read a 400.
public final class Decompression implements Middleware {
  private final int limit;

  private Decompression(int limit) {
    this.limit = limit;
  }

  /// A middleware.
  ///
  /// @param bytes the most that a body may become, at least 1
  /// @return a middleware
  public static Decompression upTo(int bytes) {
    if (bytes < 1 || bytes == Integer.MAX_VALUE) {
      throw new IllegalArgumentException("up to " + bytes + " bytes: give 1 to 2147483646");
    }
    return new Decompression(bytes);
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    String coding =
        String.join(",", request.headers().all("Content-Encoding")).toLowerCase(Locale.ROOT);
    switch (coding.strip()) {
      case "", "identity" -> {}
      case "gzip", "x-gzip", "deflate" -> request.body(unpacked(request.body(), coding.strip()));
      default ->
          throw new HttpException(
              415, "unknown content coding", Headers.of("Accept-Encoding", "gzip, deflate"));
    }
    return next.handle(request);
  }

  private byte[] unpacked(byte[] bytes, String coding) {
    byte[] read;
    try (InputStream in = around(new ByteArrayInputStream(bytes), coding)) {
      read = in.readNBytes(limit + 1);
    } catch (IOException _) {
      throw new HttpException(400, "the body is not in its content coding");
    }
    if (read.length > limit) {
      throw new HttpException(413);
    }
    return read;
  }

  private static InputStream around(InputStream in, String coding) throws IOException {
    return coding.equals("deflate") ? new InflaterInputStream(in) : new GZIPInputStream(in);
  }
}
