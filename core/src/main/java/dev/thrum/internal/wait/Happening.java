package dev.thrum.internal.wait;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Something that happens once, on one loop: the end of a task, the cancellation of a scope.
public interface Happening {

  /// Whether it has happened, as far as the caller can know.
  ///
  /// @return true if it has
  boolean hasHappened();

  /// Runs something when it happens, at once if it has. From any thread.
  ///
  /// @param listener short; it may run on any thread. It answers whether it takes the result to
  ///   somebody who waits for it
  void tell(BooleanSupplier listener);

  /// Takes a listener back; harmless if it has been told. From any thread.
  ///
  /// @param listener what [#tell] was given
  void forget(BooleanSupplier listener);

  /// What came of it, once it has happened. It may throw what a task failed with.
  ///
  /// @return a value, or null
  @Nullable Object result();
}
