package dev.thrum.sync;

/// What is waited for will never come in order: a mutex whose holder ended without unlocking it, a
/// barrier that was reset or aborted.
public final class BrokenException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  BrokenException(String message) {
    super(message);
  }
}
