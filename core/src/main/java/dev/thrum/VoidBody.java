package dev.thrum;

/// What a task or a scope runs, without a value.
///
/// @param <X> what it may throw
@FunctionalInterface
public interface VoidBody<X extends Throwable> {

  /// Runs to the end.
  ///
  /// @throws X if it fails
  void run() throws X;
}
