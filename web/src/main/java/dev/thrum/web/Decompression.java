package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.web.Middleware.Next;
import dev.thrum.web.internal.Coding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;

/// Reads requests that are compressed, up to a limit, so that a few bytes do not become very many:
/// by `gzip` or `deflate`, and by `zstd` and `br` where [Compression] does that.
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
  /// What can be read at once; a thousand times as much may come out of it.
  private static final int MUCH = 1 << 9;

  private final int limit;
  private final List<String> codings = Coding.names(); // which loads them before there is a loop

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
    String name =
        String.join(",", request.headers().all("Content-Encoding"))
            .strip()
            .toLowerCase(Locale.ROOT);
    if (!name.isEmpty() && !name.equals("identity")) {
      Coding coding = Coding.ALL.get(name.equals("x-gzip") ? "gzip" : name);
      if (coding == null) {
        Headers known = Headers.of("Accept-Encoding", String.join(", ", codings));
        throw new HttpException(415, "unknown content coding", known);
      }
      byte[] bytes = request.body();
      request.body(
          isQuick(bytes, coding)
              ? unpacked(bytes, coding)
              : Async.parallel(() -> unpacked(bytes, coding)));
    }
    return next.handle(request);
  }

  /// Of the other codings a few bytes can become any number.
  private static boolean isQuick(byte[] bytes, Coding coding) {
    return bytes.length < MUCH
        && (coding instanceof Coding.Gzip || coding instanceof Coding.Deflate);
  }

  private byte[] unpacked(byte[] bytes, Coding coding) {
    byte[] read;
    try (InputStream in = coding.unpacking(new ByteArrayInputStream(bytes))) {
      read = in.readNBytes(limit + 1);
    } catch (IOException _) {
      throw new HttpException(400, "the body is not in its content coding");
    }
    if (read.length > limit) {
      throw new HttpException(413, "the body becomes more than " + limit + " bytes");
    }
    return read;
  }
}
