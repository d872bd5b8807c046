package dev.thrum.web;

import dev.thrum.web.internal.Percent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A path with parameters, such as `/users/{id:int}`.
record PathPattern(String text, List<Piece> pieces) {

  /// A part of it.
  sealed interface Piece {}

  /// Text that stands there as it is.
  record Literal(String text) implements Piece {}

  /// A parameter.
  record Param(String name, String kind, Converter<?> converter) implements Piece {}

  static PathPattern parse(String text, Map<String, Converter<?>> converters) {
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf('{', at);
      if (open < 0) {
        open = text.length();
      }
      if (open > at) {
        pieces.add(new Literal(text.substring(at, open)));
      }
      if (open == text.length()) {
        break;
      }
      int close = text.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException("no } after the { in " + text);
      }
      pieces.add(param(text, text.substring(open + 1, close), converters, pieces));
      at = close + 1;
    }
    return new PathPattern(text, List.copyOf(pieces));
  }

  private static Param param(
      String whole, String inside, Map<String, Converter<?>> converters, List<Piece> before) {
    int colon = inside.indexOf(':');
    String name = colon < 0 ? inside : inside.substring(0, colon);
    String kind = colon < 0 ? "str" : inside.substring(colon + 1);
    Converter<?> converter = converters.get(kind);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a parameter without a name in " + whole);
    }
    if (converter == null) {
      throw new IllegalArgumentException("no converter is called \"" + kind + "\": " + whole);
    }
    if (!before.isEmpty() && before.getLast() instanceof Param) {
      throw new IllegalArgumentException("two parameters with nothing between them in " + whole);
    }
    for (Piece one : before) {
      if (one instanceof Param other && other.name.equals(name)) {
        throw new IllegalArgumentException("two parameters called \"" + name + "\" in " + whole);
      }
    }
    return new Param(name, kind, converter);
  }

  List<Param> params() {
    List<Param> params = new ArrayList<>();
    for (Piece one : pieces) {
      if (one instanceof Param param) {
        params.add(param);
      }
    }
    return params;
  }

  String[] names() {
    return params().stream().map(Param::name).toArray(String[]::new);
  }

  /// The path with values in the place of its parameters, encoded.
  String fill(Object... values) {
    List<Param> params = params();
    if (values.length != params.size()) {
      throw new IllegalArgumentException(
          text + " has " + params.size() + " parameters, and " + values.length + " values came");
    }
    StringBuilder made = new StringBuilder();
    int next = 0;
    for (Piece one : pieces) {
      switch (one) {
        case Literal literal -> made.append(Percent.encodePath(literal.text));
        case Param param -> made.append(value(param, values[next++]));
      }
    }
    return made.toString();
  }

  private String value(Param param, Object value) {
    String text = format(param.converter, value);
    boolean several = param.converter == Converters.PATH;
    if (text == null || (!several && text.isEmpty()) || param.converter.convert(text).isEmpty()) {
      throw new IllegalArgumentException(
          "\""
              + value
              + "\" cannot be the "
              + param.kind
              + " {"
              + param.name
              + "} of "
              + this.text);
    }
    return several ? Percent.encodePath(text) : Percent.encode(text);
  }

  @SuppressWarnings("unchecked")
  private static <T> @org.jspecify.annotations.Nullable String format(
      Converter<T> converter, Object value) {
    if (converter.type().isInstance(value)) {
      return converter.format((T) value);
    }
    return value instanceof String || value instanceof Number ? value.toString() : null;
  }
}
