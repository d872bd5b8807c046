package dev.thrum.web.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Parts of a content that a client asks for by `Range`, as RFC 9110 has them.
public final class ByteRanges {
  private static final int MOST = 16;

  /// A part that is there.
  ///
  /// @param first its first byte
  /// @param count how many bytes it has, at least 1
  public record Part(long first, long count) {

    /// The part as the value of `Content-Range`.
    ///
    /// @param size the size of the whole
    /// @return such as `bytes 0-99/1000`
    public String header(long size) {
      return "bytes " + first + "-" + (first + count - 1) + "/" + size;
    }
  }

  private ByteRanges() {}

  /// Reads a `Range` header.
  ///
  /// @param header its value
  /// @param size the size of the whole
  /// @return the parts that can be sent, in the order of the header, none if it has no such part;
  ///   nothing if the header is to be passed over: it is malformed, or in other units, or asks for
  ///   more than 16 parts or in sum for more than there is
  public static Optional<List<Part>> parse(String header, long size) {
    String text = header.strip();
    if (!text.toLowerCase(Locale.ROOT).startsWith("bytes=")) {
      return Optional.empty();
    }
    String[] ranges = text.substring(6).split(",", MOST + 1);
    if (ranges.length > MOST) {
      return Optional.empty();
    }
    List<Part> parts = new ArrayList<>();
    long sum = 0;
    for (String range : ranges) {
      String one = range.strip();
      if (!one.matches("\\d{1,18}-\\d{0,18}|-\\d{1,18}")) {
        return Optional.empty();
      }
      int dash = one.indexOf('-');
      long first = dash == 0 ? -1 : Long.parseLong(one.substring(0, dash));
      long last =
          dash == one.length() - 1 ? Long.MAX_VALUE : Long.parseLong(one.substring(dash + 1));
      if (first > last) {
        return Optional.empty();
      }
      Optional<Part> part = first < 0 ? suffix(last, size) : between(first, last, size);
      part.ifPresent(parts::add);
      sum += part.map(Part::count).orElse(0L);
    }
    return sum > size ? Optional.empty() : Optional.of(parts);
  }

  private static Optional<Part> suffix(long wanted, long size) {
    long count = Math.min(wanted, size);
    return count == 0 ? Optional.empty() : Optional.of(new Part(size - count, count));
  }

  private static Optional<Part> between(long first, long last, long size) {
    return first >= size
        ? Optional.empty()
        : Optional.of(new Part(first, Math.min(last, size - 1) - first + 1));
  }
}
