package dev.thrum.cli.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A value that the target wrote as JSON. The target is trusted to write it correctly.
///
/// @param value a map, a list, a string, a number, true or false; nothing for `null` and for what
///   is not there
record Json(Optional<Object> value) {

  static Json parse(String text) {
    return new Json(new Parser(text).value());
  }

  /// A member of an object.
  Json get(String name) {
    return new Json(value.map(it -> it instanceof Map<?, ?> map ? map.get(name) : null));
  }

  /// The elements of an array.
  List<Json> elements() {
    return value.orElse(List.of()) instanceof List<?> list
        ? list.stream().map(it -> new Json(Optional.of(it))).toList()
        : List.of();
  }

  Optional<String> text() {
    return value.map(String::valueOf);
  }

  long number() {
    return value.orElse(0L) instanceof Number number ? number.longValue() : 0;
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Optional<Object> value() {
      char first = next();
      return switch (first) {
        case '{' -> Optional.of(object());
        case '[' -> Optional.of(array());
        case '"' -> Optional.of(string());
        default -> word(first);
      };
    }

    private Map<String, Object> object() {
      var members = new LinkedHashMap<String, Object>();
      for (char c = next(); c != '}'; c = next()) {
        if (c == '"') {
          String name = string();
          next();
          value().ifPresent(it -> members.put(name, it));
        }
      }
      return members;
    }

    /// Without what is null.
    private List<Object> array() {
      var elements = new ArrayList<Object>();
      for (char c = next(); c != ']'; c = next()) {
        if (c != ',') {
          at--;
          value().ifPresent(elements::add);
        }
      }
      return elements;
    }

    private String string() {
      var string = new StringBuilder();
      for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
        string.append(c == '\\' ? escaped() : c);
      }
      return string.toString();
    }

    private char escaped() {
      char c = text.charAt(at++);
      return switch (c) {
        case 'n' -> '\n';
        case 't' -> '\t';
        case 'r' -> '\r';
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'u' -> (char) Integer.parseInt(text.substring(at, at += 4), 16);
        default -> c;
      };
    }

    private Optional<Object> word(char first) {
      int start = at - 1;
      while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String word = text.substring(start, at);
      return switch (first) {
        case 'n' -> Optional.empty();
        case 't', 'f' -> Optional.of(Boolean.valueOf(word));
        default -> Optional.of(Double.valueOf(word));
      };
    }

    private char next() {
      while (Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return text.charAt(at++);
    }
  }
}
