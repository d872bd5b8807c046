package dev.thrum.web;

/// The name of a value that a [Request] or an [App] carries, with its type. Two keys are never the
/// same.
///
/// @param <T> the type of the value
@SuppressWarnings("UnusedTypeParameter") // it is what makes reading a value safe
public final class Key<T> {
  private final String name;

  private Key(String name) {
    this.name = name;
  }

  /// A new key.
  ///
  /// @param name what messages call it
  /// @param <T> the type of the value
  /// @return the key
  public static <T> Key<T> of(String name) {
    return new Key<>(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
