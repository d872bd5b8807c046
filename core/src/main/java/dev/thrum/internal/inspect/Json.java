package dev.thrum.internal.inspect;

import java.util.Collection;
import java.util.HexFormat;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes JSON, and nothing else: the core has no library for it.
final class Json {
  private final StringBuilder text = new StringBuilder(1024);
  private boolean first = true;

  /// An object, filled by what it is given.
  static String object(Consumer<Json> content) {
    Json json = new Json();
    json.braces('{', '}', content);
    return json.text.toString();
  }

  Json put(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      text.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  Json put(String name, long value) {
    name(name);
    text.append(value);
    return this;
  }

  Json put(String name, boolean value) {
    name(name);
    text.append(value);
    return this;
  }

  Json putNull(String name) {
    name(name);
    text.append("null");
    return this;
  }

  Json put(String name, Consumer<Json> object) {
    name(name);
    braces('{', '}', object);
    return this;
  }

  Json put(String name, long[] numbers) {
    name(name);
    text.append('[');
    for (int i = 0; i < numbers.length; i++) {
      text.append(i == 0 ? "" : ",").append(numbers[i]);
    }
    text.append(']');
    return this;
  }

  Json putTexts(String name, Collection<String> values) {
    name(name);
    array(values, this::quote);
    return this;
  }

  Json putLists(String name, Collection<? extends Collection<String>> lists) {
    name(name);
    array(lists, list -> array(list, this::quote));
    return this;
  }

  /// An array of objects.
  <T> Json put(String name, Collection<T> items, BiConsumer<Json, T> each) {
    name(name);
    array(items, item -> braces('{', '}', inside -> each.accept(inside, item)));
    return this;
  }

  private <T> void array(Collection<T> items, Consumer<T> each) {
    text.append('[');
    boolean second = false;
    for (T item : items) {
      text.append(second ? "," : "");
      each.accept(item);
      second = true;
    }
    text.append(']');
  }

  private void braces(char open, char close, Consumer<Json> content) {
    text.append(open);
    first = true;
    content.accept(this);
    text.append(close);
    first = false;
  }

  private void name(String name) {
    if (!first) {
      text.append(',');
    }
    first = false;
    quote(name);
    text.append(':');
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
            text.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
