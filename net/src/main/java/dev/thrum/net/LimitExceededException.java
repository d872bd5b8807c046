package dev.thrum.net;

import java.io.IOException;

/// A line, a message or the rest of a stream is longer than the reader allows.
public final class LimitExceededException extends IOException {
  private static final long serialVersionUID = 1L;

  /// How many bytes were allowed.
  private final int limit;

  /// Whether the separator has come.
  private final boolean separatorFound;

  LimitExceededException(String message, int limit, boolean separatorFound) {
    super(message);
    this.limit = limit;
    this.separatorFound = separatorFound;
  }

  /// How many bytes were allowed.
  ///
  /// @return the limit
  public int limit() {
    return limit;
  }

  /// Whether the separator has come, beyond the limit.
  ///
  /// @return false if even more may come before it
  public boolean separatorFound() {
    return separatorFound;
  }
}
