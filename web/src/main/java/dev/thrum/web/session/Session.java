package dev.thrum.web.session;

import dev.thrum.web.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What an application remembers of a browser: names with values, which are kept as JSON.
///
/// The browser keeps it, in full, and can read it. It is for little: ids, not what they stand for.
///
/// **Threads.** It belongs to its request.
public final class Session {
  private final Json json;
  private final Map<String, Object> values;
  private boolean asked;
  private boolean changed;

  Session(Json json, Map<String, Object> values) {
    this.json = json;
    this.values = new LinkedHashMap<>(values);
  }

  /// A value.
  ///
  /// @param name its name
  /// @param type its type, such as `Integer.class` or a record
  /// @param <T> its type
  /// @return the value; nothing if there is none
  /// @throws IllegalArgumentException if it does not fit the type
  public <T> Optional<T> get(String name, Class<T> type) {
    asked = true;
    Object value = values.get(name);
    return Optional.ofNullable(value).map(one -> json.mapper().convertValue(one, type));
  }

  /// A text.
  ///
  /// @param name its name
  /// @return the text; nothing if there is none
  public Optional<String> get(String name) {
    return get(name, String.class);
  }

  /// Remembers a value.
  ///
  /// @param name its name
  /// @param value what JSON can say
  /// @return this
  public Session set(String name, Object value) {
    Objects.requireNonNull(name, "name");
    values.put(name, Objects.requireNonNull(value, "value"));
    touch();
    return this;
  }

  /// Forgets a value.
  ///
  /// @param name its name
  /// @return this
  public Session remove(String name) {
    var _ = values.remove(name);
    touch();
    return this;
  }

  /// Forgets everything, as when somebody logs out; and when somebody logs in, before what is known
  /// of them is remembered.
  ///
  /// @return this
  public Session clear() {
    values.clear();
    touch();
    return this;
  }

  /// The names.
  ///
  /// @return a copy, in the order of letters
  public Set<String> names() {
    asked = true;
    return new TreeSet<>(values.keySet());
  }

  private void touch() {
    asked = true;
    changed = true;
  }

  boolean wasAsked() {
    return asked;
  }

  boolean isChanged() {
    return changed;
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  byte[] encode() {
    return json.bytes(values);
  }
}
