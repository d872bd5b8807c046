package dev.thrum.process;

import dev.thrum.Body;
import org.jspecify.annotations.Nullable;

/// What a child JVM runs, with a value. A lambda that stands where one is asked for is
/// serializable, as long as what it captures is.
///
/// @param <T> the type of the value
/// @param <X> what it may throw
@FunctionalInterface
public interface ProcessBody<T extends @Nullable Object, X extends Throwable>
    extends Body<T, X>, VoidProcessBody<X> {

  @Override
  default void run() throws X {
    call();
  }
}
