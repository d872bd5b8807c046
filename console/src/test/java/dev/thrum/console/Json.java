package dev.thrum.console;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes maps, lists, texts and numbers as JSON.
final class Json {

  private Json() {}

  /// An object of pairs of a name and a value.
  static Map<String, @Nullable Object> object(@Nullable Object... pairs) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      object.put((String) pairs[i], pairs[i + 1]);
    }
    return object;
  }

  static String write(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> write(e.getKey()) + ":" + write(e.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case Collection<?> list ->
          list.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
      case CharSequence text ->
          "\""
              + text.toString().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
              + "\"";
      case null -> "null";
      default -> value.toString();
    };
  }
}
