package dev.thrum.web.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which content codings a client takes, by its `Accept-Encoding` headers, as RFC 9110 has them.
public final class AcceptEncoding {
  private AcceptEncoding() {}

  /// The coding that a client likes best.
  ///
  /// @param lines its `Accept-Encoding` headers
  /// @param codings such as `br`; of equals the first counts
  /// @return one of them; nothing if the content is to be sent as it is
  public static Optional<String> best(List<String> lines, List<String> codings) {
    String best = null;
    double most = 0;
    for (String coding : codings) {
      double quality = quality(lines, coding);
      if (quality > most) {
        most = quality;
        best = coding;
      }
    }
    return most < named(lines, "identity").orElse(0.0)
        ? Optional.empty()
        : Optional.ofNullable(best);
  }

  private static double quality(List<String> lines, String coding) {
    return named(lines, coding).or(() -> named(lines, "*")).orElse(0.0);
  }

  private static Optional<Double> named(List<String> lines, String coding) {
    for (String line : lines) {
      for (String one : line.split(",", -1)) {
        if (Accept.bare(one).equals(coding)) {
          return Optional.of(weight(one.toLowerCase(Locale.ROOT)));
        }
      }
    }
    return Optional.empty();
  }

  private static double weight(String one) {
    int at = one.indexOf("q=");
    try {
      return at < 0 ? 1 : Math.clamp(Double.parseDouble(one.substring(at + 2).strip()), 0, 1);
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
