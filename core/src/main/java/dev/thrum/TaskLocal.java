package dev.thrum;

import dev.thrum.internal.Bodies;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A variable of the running task. A child starts with a copy of what its creator saw; what either
/// sets later the other does not see.
///
/// It follows `blocking` and `parallel`: the body there sees the caller's values, and what it sets
/// ends with it. Tasks that other threads submit start with the initial values.
///
/// @param <T> the type of the value
public final class TaskLocal<T> {
  private final @Nullable T initial;

  private TaskLocal(@Nullable T initial) {
    this.initial = initial;
  }

  /// A variable that is not set at first.
  ///
  /// @param <T> the type of the value
  /// @return the variable
  public static <T> TaskLocal<T> create() {
    return new TaskLocal<>(null);
  }

  /// A variable with a value to begin with.
  ///
  /// @param initial the value where none is set
  /// @param <T> the type of the value
  /// @return the variable
  public static <T> TaskLocal<T> of(T initial) {
    return new TaskLocal<>(Objects.requireNonNull(initial, "initial"));
  }

  /// Whether task locals can be set where the caller is: in a task, or in the `blocking` or
  /// `parallel` work of one. For libraries that keep something else on other threads.
  ///
  /// @return false on a thread beside any loop
  public static boolean isSettable() {
    return Place.ofCaller() != null;
  }

  /// The value of the running task. On a thread beside any loop, the initial one.
  ///
  /// @return the value
  /// @throws NoSuchElementException if it is not set
  public T get() {
    T value = find(Place.ofCaller());
    if (value == null) {
      throw new NoSuchElementException("this task local is not set; set it, or give it an initial");
    }
    return value;
  }

  /// Whether it has a value.
  ///
  /// @return true if [#get()] returns
  public boolean isSet() {
    return find(Place.ofCaller()) != null;
  }

  /// Sets it for the running task and the children it starts from now on.
  ///
  /// @param value the value
  /// @throws IllegalStateException outside a task
  public void set(T value) {
    Objects.requireNonNull(value, "value");
    Place place = place();
    place.locals(with(place.locals(), value));
  }

  /// Sets it while a body runs, and puts the old value back.
  ///
  /// @param value the value
  /// @param body what runs with it
  /// @param <R> the type of the body's value
  /// @param <X> what the body may throw
  /// @return the body's value
  /// @throws X if the body fails
  public <R extends @Nullable Object, X extends Throwable> R where(T value, Body<R, X> body)
      throws X {
    return whereEither(value, body);
  }

  /// Sets it while a body without a value runs, and puts the old value back.
  ///
  /// @param value the value
  /// @param body what runs with it
  /// @param <X> what the body may throw
  /// @throws X if the body fails
  public <X extends Throwable> void where(T value, VoidBody<X> body) throws X {
    whereEither(value, body);
  }

  private <R extends @Nullable Object, X extends Throwable> R whereEither(T value, VoidBody<X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    Place place = place();
    @Nullable T before = own(place.locals());
    set(value);
    try {
      return Bodies.run(body);
    } finally {
      place.locals(with(place.locals(), before));
    }
  }

  private static Place place() {
    Place place = Place.ofCaller();
    if (place == null) {
      throw new IllegalStateException(
          "a task local can be set only inside a task, and " + Thread.currentThread() + " is none");
    }
    return place;
  }

  private @Nullable T find(@Nullable Place place) {
    T own = place == null ? null : own(place.locals());
    return own == null ? initial : own;
  }

  @SuppressWarnings("unchecked")
  private @Nullable T own(Object @Nullable [] locals) {
    if (locals != null) {
      for (int i = 0; i < locals.length; i += 2) {
        if (locals[i] == this) {
          return (T) locals[i + 1];
        }
      }
    }
    return null;
  }

  /// A copy with another value, or without one. The arrays themselves never change, so that a child
  /// can share its creator's.
  @SuppressWarnings("NullAway")
  private Object @Nullable [] with(Object @Nullable [] locals, @Nullable T value) {
    int length = locals == null ? 0 : locals.length;
    for (int i = 0; i < length; i += 2) {
      if (locals[i] == this) {
        Object[] copy = locals.clone();
        copy[i + 1] = value;
        return copy;
      }
    }
    Object[] longer = length == 0 ? new Object[2] : Arrays.copyOf(locals, length + 2);
    longer[length] = this;
    longer[length + 1] = value;
    return longer;
  }

  /// Where a caller's values are kept: in its task, or in the work it does for one.
  private record Place(@Nullable TaskImpl<?> task, @Nullable Work<?> work) {

    static @Nullable Place ofCaller() {
      TaskImpl<?> task = TaskImpl.currentOrNull();
      if (task != null) {
        return new Place(task, null);
      }
      Work<?> work = Work.current();
      return work == null ? null : new Place(null, work);
    }

    Object @Nullable [] locals() {
      return task != null ? task.locals : work != null ? work.locals : null;
    }

    void locals(Object @Nullable [] locals) {
      if (task != null) {
        task.locals = locals;
      } else if (work != null) {
        work.locals = locals;
      }
    }
  }
}
