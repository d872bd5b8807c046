package dev.thrum.web;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// What a parameter in a path may be, and what it is in Java: `{id:int}`.
///
/// | name | matches | in Java |
/// | --- | --- | --- |
/// | none, `str` | one segment or a part of it, not empty | `String` |
/// | `int`, `long` | digits | `Integer`, `Long` |
/// | `float` | digits, perhaps with a fraction | `Double` |
/// | `uuid` | a UUID | `java.util.UUID` |
/// | `path` | any number of segments, also none | `String` |
///
/// It is called while a route is looked for, so it must be quick and must not wait.
///
/// @param <T> the type in Java
public interface Converter<T> {

  /// The type in Java.
  ///
  /// @return the class
  Class<T> type();

  /// Reads a value.
  ///
  /// @param text a part of a path, decoded, without a slash
  /// @return the value; nothing if the text is none, and then the route does not match
  Optional<T> convert(String text);

  /// Writes a value, for [App#url].
  ///
  /// @param value a value
  /// @return the text, not encoded
  default String format(T value) {
    return value.toString();
  }

  /// A converter by a function.
  ///
  /// @param type the type in Java
  /// @param reading reads a value; an `IllegalArgumentException` says that the text is none
  /// @param <T> the type in Java
  /// @return a converter
  static <T> Converter<T> of(Class<T> type, Function<String, T> reading) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(reading, "reading");
    return new Converter<>() {
      @Override
      public Class<T> type() {
        return type;
      }

      @Override
      public Optional<T> convert(String text) {
        try {
          return Optional.of(reading.apply(text));
        } catch (IllegalArgumentException _) {
          return Optional.empty();
        }
      }
    };
  }
}
