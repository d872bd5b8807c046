package dev.thrum.http;

import dev.thrum.http.internal.HeadersAccess;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The headers of a request or a response, or its trailers: names with values, in order. Names are
/// compared without regard to case, and a name may come several times.
///
/// Nothing can be added that would end a line or that HTTP has no place for; it is an
/// `IllegalArgumentException`. It belongs to one task at a time.
public final class Headers implements Iterable<Map.Entry<String, String>> {
  private static final Map<String, AsciiString> USUAL =
      Stream.of(
              "Allow",
              "Cache-Control",
              "Content-Disposition",
              "Content-Encoding",
              "Content-Length",
              "Content-Type",
              "ETag",
              "Last-Modified",
              "Location",
              "Server",
              "Set-Cookie",
              "Vary")
          .collect(Collectors.toUnmodifiableMap(name -> name, AsciiString::cached));

  static {
    HeadersAccess.offer(
        new HeadersAccess() {
          @Override
          public Headers around(HttpHeaders all) {
            return new Headers(all);
          }

          @Override
          public HttpHeaders in(Headers headers) {
            return headers.all;
          }
        });
  }

  private final HttpHeaders all;

  private Headers(HttpHeaders all) {
    this.all = all;
  }

  /// None.
  ///
  /// @return headers to be filled
  public static Headers create() {
    return new Headers(DefaultHttpHeadersFactory.headersFactory().newHeaders());
  }

  /// Some.
  ///
  /// @param namesAndValues a name, its value, the next name, and so on
  /// @return headers that can be changed
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("the last name has no value");
    }
    Headers made = create();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      var _ = made.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return made;
  }

  /// The same name, in a form that is not searched and written letter by letter, if it is a usual
  /// one.
  private static CharSequence nameOf(String name) {
    CharSequence usual = USUAL.get(name);
    return usual == null ? name : usual;
  }

  static Headers around(HttpHeaders all) {
    return new Headers(all);
  }

  HttpHeaders netty() {
    return all;
  }

  /// The first value of a name.
  ///
  /// @param name the name
  /// @return the value; nothing if there is none
  public Optional<String> get(String name) {
    return Optional.ofNullable(all.get(name));
  }

  /// The first value of a name, or another one.
  ///
  /// @param name the name
  /// @param otherwise what is returned if there is none
  /// @return the value
  public String get(String name, String otherwise) {
    String found = all.get(name);
    return found == null ? otherwise : found;
  }

  @Nullable String find(String name) {
    return all.get(name);
  }

  /// All values of a name.
  ///
  /// @param name the name
  /// @return the values in order, empty if there are none
  public List<String> all(String name) {
    return all.getAll(name);
  }

  /// Whether there is a header of this name.
  ///
  /// @param name the name
  /// @return true if there is at least one
  public boolean contains(String name) {
    return all.contains(name);
  }

  /// Adds a value to those that a name has.
  ///
  /// @param name the name
  /// @param value its value
  /// @return this
  public Headers add(String name, String value) {
    var _ = all.add(nameOf(name), value);
    return this;
  }

  /// Gives a name this value only.
  ///
  /// @param name the name
  /// @param value its value
  /// @return this
  public Headers set(String name, String value) {
    var _ = all.set(nameOf(name), value);
    return this;
  }

  /// Takes out all values of a name.
  ///
  /// @param name the name
  /// @return this
  public Headers remove(String name) {
    var _ = all.remove(name);
    return this;
  }

  /// The names.
  ///
  /// @return each name once, in the order of letters, without regard to case
  public Set<String> names() {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(all.names());
    return names;
  }

  /// How many there are.
  ///
  /// @return the number of values
  public int size() {
    return all.size();
  }

  /// Whether there are none.
  ///
  /// @return true if it is empty
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /// The same headers, to be changed on their own.
  ///
  /// @return a copy
  public Headers copy() {
    return new Headers(all.copy());
  }

  @Override
  public Iterator<Map.Entry<String, String>> iterator() {
    return all.iteratorAsString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Headers headers && all.equals(headers.all);
  }

  @Override
  public int hashCode() {
    return all.hashCode();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> one : this) {
      var _ = text.append(one.getKey()).append(": ").append(one.getValue()).append('\n');
    }
    return text.toString();
  }
}
