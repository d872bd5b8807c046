package dev.thrum.internal;

import dev.thrum.internal.wait.Party;
import org.jspecify.annotations.Nullable;

/// A task, as a [Steering] sees it.
public interface Steered extends Party {

  /// What [Steering#started] gave it.
  ///
  /// @return its mark, or null if its loop is not steered
  @Nullable Object mark();

  /// What steers its loop.
  ///
  /// @return the steering, or null
  @Nullable Steering steering();

  /// The task that owns it.
  ///
  /// @return the owner, or null for the main task
  @Nullable Steered owner();

  /// Whether another thread has submitted it.
  ///
  /// @return true if no task started it
  boolean isSubmitted();

  /// The thread that it runs on.
  ///
  /// @return a virtual thread
  Thread thread();

  /// What it waits for, between two steps.
  ///
  /// @return what it waits for, or null if it can run or has ended
  @Nullable Object waitsOn();

  /// Whether it is parked in a call of the JDK, between two steps.
  ///
  /// @return true if only that call knows what it waits for
  boolean isInJdk();

  /// What it has failed with. Unlike the methods of a future this does not count as hearing of it.
  ///
  /// @return the failure, or null if it has not failed
  @Nullable Throwable failedWith();

  /// Whether it, or a scope inside it, is cancelled.
  ///
  /// @return true if its next suspension point throws
  @Override
  boolean mustLeave();

  /// Cancels it.
  ///
  /// @param reason why
  /// @return false if it has ended or was cancelled before
  boolean cancel(String reason);
}
