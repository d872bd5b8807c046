package dev.thrum.testkit;

import dev.thrum.internal.Steering;
import dev.thrum.internal.Steering.Touch;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A variable that tasks share in an exploration. The explorer sees who reads and who writes it, so
/// that with [ExploreOptions#sharedOnly()] it need not try orders that make no difference.
///
/// It is a plain variable else: neither atomic nor visible to other threads, and no operation of it
/// suspends. What it refers to is not tracked; keep values in it, or immutable collections.
///
/// @param <T> the type of its value
public final class Shared<T extends @Nullable Object> {
  private T value;

  private Shared(T value) {
    this.value = value;
    Steering.create(this);
  }

  /// A variable.
  ///
  /// @param value what is in it
  /// @param <T> the type of its value
  /// @return the variable
  public static <T extends @Nullable Object> Shared<T> of(T value) {
    return new Shared<>(value);
  }

  /// Reads it.
  ///
  /// @return its value
  public T get() {
    Steering.touch(this, Touch.READ);
    return value;
  }

  /// Writes it.
  ///
  /// @param next its new value
  public void set(T next) {
    Steering.touch(this, Touch.WRITE);
    value = next;
  }

  /// Reads and writes it in one go.
  ///
  /// @param change what makes the new value of the old one
  /// @return the new value
  public T update(UnaryOperator<T> change) {
    Steering.touch(this, Touch.WRITE);
    value = Objects.requireNonNull(change, "change").apply(value);
    return value;
  }

  @Override
  public String toString() {
    Steering.touch(this, Touch.READ);
    return String.valueOf(value);
  }
}
