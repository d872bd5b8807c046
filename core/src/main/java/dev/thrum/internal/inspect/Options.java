package dev.thrum.internal.inspect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a view is asked for, written as in a URL's query.
record Options(Map<String, String> values) {
  static final Options NONE = new Options(Map.of());

  private static final Set<String> KNOWN =
      Set.of(
          "loop", "filter", "sort", "offset", "limit", "parent", "id", "lines", "width", "session");

  static Options of(String query) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (part.isEmpty()) {
        continue;
      }
      if (equals < 1) {
        throw new IllegalArgumentException(
            "option '" + part + "' has no value; options are written as limit=50&filter=worker");
      }
      String name = part.substring(0, equals);
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "there is no option '"
                + name
                + "'; there are "
                + String.join(", ", KNOWN.stream().sorted().toList()));
      }
      values.put(name, URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return new Options(values);
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  @Nullable String loop() {
    String loop = values.get("loop");
    return loop == null || loop.isEmpty() ? null : loop;
  }

  String filter() {
    return text("filter", "");
  }

  int number(String name, int otherwise) {
    return (int) Math.min(Integer.MAX_VALUE, id(name, otherwise));
  }

  long id(String name, long otherwise) {
    String value = values.get(name);
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new IllegalArgumentException(
        "option " + name + " must be a number, zero or more, and is '" + value + "'");
  }
}
