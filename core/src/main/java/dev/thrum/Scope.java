package dev.thrum;

import org.jspecify.annotations.Nullable;

/// A handle on an open scope: start children in it, cancel it.
///
/// Every scope is left only when its children are done. The handle is for tasks of the same loop
/// while the scope is open; [#cancel] may be called from any thread.
public sealed interface Scope permits ScopeImpl, Timeout {

  /// Starts a child of this scope, which need not be the caller's innermost one.
  ///
  /// @param body what it runs
  /// @param <T> the type of its value
  /// @return the child
  /// @throws IllegalStateException if the scope has been left; the body is not run then
  /// @throws WrongThreadException if the caller is not a task of this scope's loop
  <T extends @Nullable Object> Task<T> async(Body<? extends T, ?> body);

  /// Starts a child without a value.
  ///
  /// @param body what it runs
  /// @return the child
  Task<?> async(VoidBody<?> body);

  /// Starts a named child.
  ///
  /// @param name its name, also its thread's
  /// @param body what it runs
  /// @param <T> the type of its value
  /// @return the child
  <T extends @Nullable Object> Task<T> async(String name, Body<? extends T, ?> body);

  /// Starts a named child without a value.
  ///
  /// @param name its name, also its thread's
  /// @param body what it runs
  /// @return the child
  Task<?> async(String name, VoidBody<?> body);

  /// Starts a daemon child: cancelled once the scope's body and its other children have ended. Its
  /// failure ends the scope at once; in a `supervise` the handler hears of it instead.
  ///
  /// @param body what it runs
  /// @return the child
  Task<?> background(VoidBody<?> body);

  /// Starts a daemon child that is started again by a policy when it ends.
  ///
  /// @param restart the policy
  /// @param body what it runs
  /// @return the child, over all its lives
  Task<?> background(Restart restart, VoidBody<?> body);

  /// Starts a child and waits until it says that it is ready, as a server that listens.
  ///
  /// A failure before that comes out of here and does not touch the scope. If the caller is
  /// cancelled while it waits, the child is cancelled and joined.
  ///
  /// @param body what it runs; it must call [Started#set] once
  /// @param <T> the type of what it hands over when ready
  /// @return what it handed over
  /// @throws IllegalStateException if the child ends without saying so
  <T extends @Nullable Object> T start(VoidBodyOf<Started<T>, ?> body);

  /// Cancels everything inside: the body, the children, and what they have opened. From any thread.
  ///
  /// A body without a value that ends for this leaves the scope normally; of one with a value the
  /// caller gets a `CancellationException`, since there is no value to return.
  ///
  /// @param reason for people: why
  /// @return false if it was cancelled before or has been left; the first reason stays
  boolean cancel(String reason);

  /// Whether suspension points inside throw now, for this scope's sake or an outer one's.
  ///
  /// @return true if it is cancelled
  boolean isCancelled();
}
