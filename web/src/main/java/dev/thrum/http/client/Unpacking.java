package dev.thrum.http.client;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Takes the codings of a content off again.
final class Unpacking {
  private static final int MOST_LAYERS = 3;
  private static final int BUFFER = 1 << 13;

  private Unpacking() {}

  /// What a request says that it understands.
  static String understood() {
    String more = (Decoded.hasBrotli() ? ", br" : "") + (Decoded.hasZstd() ? ", zstd" : "");
    return "gzip, deflate" + more;
  }

  /// The codings of a response that have to be taken off, the last one first.
  static List<String> codings(List<String> headers) {
    String all = String.join(",", headers).toLowerCase(Locale.ROOT);
    List<String> found =
        List.of(all.split(",", -1)).stream()
            .map(String::strip)
            .filter(one -> !one.isEmpty() && !one.equals("identity"))
            .toList();
    return found.reversed();
  }

  /// Whether all of them are known here; otherwise the content is left as it is.
  static boolean canTakeOff(List<String> codings) {
    return codings.stream().allMatch(Unpacking::isKnown);
  }

  private static boolean isKnown(String coding) {
    return switch (coding) {
      case "gzip", "x-gzip", "deflate" -> true;
      case "br" -> Decoded.hasBrotli();
      case "zstd" -> Decoded.hasZstd();
      default -> false;
    };
  }

  static InputStream around(InputStream packed, List<String> codings, Target target)
      throws IOException {
    if (codings.size() > MOST_LAYERS) {
      throw malformed(target, "it is packed " + codings.size() + " times", null);
    }
    InputStream in = packed;
    for (String one : codings) {
      in = new Layer(in, one, target);
    }
    return in;
  }

  private static HttpClientException.Malformed malformed(
      Target target, String why, @Nullable Throwable cause) {
    return new HttpClientException.Malformed(
        "the content of the response to " + target + " cannot be unpacked: " + why, cause);
  }

  /// One coding. What is empty need not even be packed.
  private static final class Layer extends FilterInputStream {
    private final String coding;
    private final Target target;
    private boolean begun;

    Layer(InputStream packed, String coding, Target target) {
      super(new PushbackInputStream(packed, 2));
      this.coding = coding;
      this.target = target;
    }

    private void begin() throws IOException {
      if (begun) {
        return;
      }
      begun = true;
      PushbackInputStream packed = (PushbackInputStream) in;
      int first = packed.read();
      int second = first < 0 ? -1 : packed.read();
      if (second >= 0) {
        packed.unread(second);
      }
      if (first < 0) {
        return;
      }
      packed.unread(first);
      in =
          switch (coding) {
            case "br" -> Decoded.brotli(packed);
            case "zstd" -> Decoded.zstd(packed);
            case "deflate" -> inflater(packed, first, second);
            default -> new GZIPInputStream(packed, BUFFER);
          };
    }

    /// Some servers leave out the head that it should have.
    private static InputStream inflater(InputStream packed, int first, int second) {
      boolean withHead = (first & 0x0F) == 8 && ((first << 8) | second) % 31 == 0;
      return new OwnInflater(packed, new Inflater(!withHead));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int from, int max) throws IOException {
      try {
        begin();
        return in.read(to, from, max);
      } catch (EOFException e) {
        throw malformed(target, "it ends too early", e);
      } catch (ZipException e) {
        throw malformed(target, String.valueOf(e.getMessage()), e);
      }
    }
  }

  /// One that frees what it has outside the heap.
  private static final class OwnInflater extends InflaterInputStream {
    OwnInflater(InputStream packed, Inflater inflater) {
      super(packed, inflater, BUFFER);
    }

    @Override
    public void close() throws IOException {
      inf.end();
      super.close();
    }
  }
}
