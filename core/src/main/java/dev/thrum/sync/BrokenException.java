package dev.thrum.sync;

import org.jspecify.annotations.Nullable;

/// What is waited for will never come in order: a lock whose holder ended without unlocking it, a
/// barrier that was reset or aborted or whose action failed.
public final class BrokenException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  BrokenException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
