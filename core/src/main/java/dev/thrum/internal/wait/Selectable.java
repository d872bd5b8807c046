package dev.thrum.internal.wait;

/// What a `select` can wait for without taking anything from it. Everything below is to be called
/// under the guard.
public interface Selectable {

  /// See [Guarded#guard()].
  void guard();

  /// See [Guarded#unguard()].
  void unguard();

  /// See [Guarded#number()].
  ///
  /// @return a number of its own
  long number();

  /// Whether there is nothing to wait for.
  ///
  /// @return true if it is ready now
  boolean isReady();

  /// Queues somebody to whom null is handed when it becomes ready.
  ///
  /// @param waiter a waiter that has been begun and is in no queue
  void register(Waiter waiter);

  /// Takes somebody out again; harmless if it is not here.
  ///
  /// @param waiter a waiter that was registered
  void unregister(Waiter waiter);
}
