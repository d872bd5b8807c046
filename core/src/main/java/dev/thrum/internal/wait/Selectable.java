package dev.thrum.internal.wait;

/// A [Guarded] thing that a select can wait for. All under its guard.
public interface Selectable {

  /// Whether there is nothing to wait for.
  ///
  /// @return true if a clause on it would win now
  boolean isReady();

  /// Queues a clause.
  ///
  /// @param waiter the clause's node
  void register(Waiter waiter);

  /// Takes a clause out that has not won; harmless if it is not there.
  ///
  /// @param waiter the clause's node
  void unregister(Waiter waiter);
}
