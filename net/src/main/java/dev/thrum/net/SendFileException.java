package dev.thrum.net;

import java.io.IOException;

/// A file could not be sent to its end.
public final class SendFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /// How many bytes were taken.
  private final long sent;

  SendFileException(String message, long sent, Throwable cause) {
    super(message, cause);
    this.sent = sent;
  }

  /// How many bytes of the file the system has taken.
  ///
  /// @return the number
  public long sent() {
    return sent;
  }
}
