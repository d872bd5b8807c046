package dev.thrum.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The query of a URL or the body of a form, as it came.
record Query(List<String> pairs) {

  static Query of(@Nullable String raw) {
    return new Query(
        raw == null
            ? List.of()
            : Arrays.stream(raw.split("&")).filter(pair -> !pair.isEmpty()).toList());
  }

  /// The value of the first pair of that name; empty if there is none.
  ///
  /// @throws IllegalArgumentException if it is not percent-encoded as it should be
  String get(String name) {
    return pairs.stream()
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), UTF_8))
        .findFirst()
        .orElse("");
  }

  /// All but those of that name, encoded as they came.
  String without(String name) {
    return pairs.stream()
        .filter(pair -> !pair.startsWith(name + "="))
        .collect(Collectors.joining("&"));
  }
}
