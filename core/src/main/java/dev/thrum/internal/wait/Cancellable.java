package dev.thrum.internal.wait;

/// A scope, as far as others can wait for its cancellation.
public interface Cancellable {

  /// Its cancellation.
  ///
  /// @return what happens when it is cancelled
  Happening cancellation();
}
