package dev.thrum.web.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Types of content in headers, as RFC 9110 has them.
public final class Accept {
  private Accept() {}

  /// The type that a client likes best.
  ///
  /// @param lines its `Accept` headers
  /// @param types what there is; of equals the first counts
  /// @return one of them; nothing if it accepts none
  public static Optional<String> best(List<String> lines, String... types) {
    String best = null;
    double most = 0;
    for (String type : types) {
      double quality = lines.isEmpty() ? 1 : quality(lines, type);
      if (quality > most) {
        most = quality;
        best = type;
      }
    }
    return Optional.ofNullable(best);
  }

  /// The nearest range counts, not the one with the most quality.
  private static double quality(List<String> lines, String type) {
    int nearest = -1;
    double quality = 0;
    for (String line : lines) {
      for (String range : line.split(",", -1)) {
        int near = nearness(bare(range), type);
        if (near > nearest) {
          nearest = near;
          quality = parameter(range, "q").map(Accept::number).orElse(1.0);
        }
      }
    }
    return quality;
  }

  private static int nearness(String range, String type) {
    if (range.equals(type)) {
      return 2;
    }
    if (range.equals("*/*")) {
      return 0;
    }
    boolean sameKind =
        range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1));
    return sameKind ? 1 : -1;
  }

  private static double number(String text) {
    try {
      return Math.clamp(Double.parseDouble(text), 0, 1);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /// A type without its parameters.
  ///
  /// @param type such as `text/html; charset=utf-8`
  /// @return the type in small letters
  public static String bare(String type) {
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /// The charset of a type.
  ///
  /// @param type such as `text/html; charset=utf-8`
  /// @return its name; nothing if there is none
  public static Optional<String> charset(String type) {
    return parameter(type, "charset");
  }

  private static Optional<String> parameter(String type, String name) {
    String[] parts = type.split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0 && parts[i].substring(0, equals).strip().equalsIgnoreCase(name)) {
        String value = parts[i].substring(equals + 1).strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return Optional.of(quoted ? value.substring(1, value.length() - 1) : value);
      }
    }
    return Optional.empty();
  }
}
