package dev.thrum.web;

import dev.thrum.web.internal.Percent;
import dev.thrum.web.internal.Texts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Names with values, in order: a query, or the fields of a form. A name may have several values.
public final class Params {
  static final Params NONE = new Params("query", Map.of());

  private final String where;
  private final Map<String, List<String>> all;

  private Params(String where, Map<String, List<String>> all) {
    this.where = where;
    this.all = all;
  }

  static Params of(String where, Map<String, List<String>> all) {
    return new Params(where, all);
  }

  static Params parse(String where, String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    Map<String, List<String>> all = new LinkedHashMap<>();
    int at = 0;
    while (at <= text.length()) {
      int end = text.indexOf('&', at);
      end = end < 0 ? text.length() : end;
      if (end > at) {
        int equals = text.indexOf('=', at);
        int nameEnd = equals < 0 || equals > end ? end : equals;
        String name = Percent.decodeQuery(text, at, nameEnd);
        String value = nameEnd == end ? "" : Percent.decodeQuery(text, nameEnd + 1, end);
        all.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
      }
      at = end + 1;
    }
    return new Params(where, all);
  }

  /// The first value of a name.
  ///
  /// @param name the name
  /// @return the value; nothing if there is none
  public Optional<String> get(String name) {
    List<String> found = all.get(name);
    return found == null ? Optional.empty() : Optional.of(found.getFirst());
  }

  /// The first value of a name as something else than text.
  ///
  /// @param name the name
  /// @param type a number's class, `Boolean`, `UUID`, an enum, a date or time, …
  /// @param <T> the type of the value
  /// @return the value; nothing if there is none
  /// @throws ValidationException if the text is none of that type
  public <T> Optional<T> get(String name, Class<T> type) {
    return get(name).map(text -> Texts.read(text, type, List.of(where, name)));
  }

  /// All values of a name.
  ///
  /// @param name the name
  /// @return the values in order, empty if there are none
  public List<String> all(String name) {
    return Collections.unmodifiableList(all.getOrDefault(name, List.of()));
  }

  /// The names.
  ///
  /// @return each name once, in order
  public Set<String> names() {
    return Collections.unmodifiableSet(all.keySet());
  }

  @Override
  public String toString() {
    return all.toString();
  }
}
