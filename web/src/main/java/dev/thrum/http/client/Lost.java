package dev.thrum.http.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Why a request was lost, as its connection sees it, which does not know what it was for.
final class Lost extends IOException {
  private static final long serialVersionUID = 1L;

  /// What has happened.
  enum Kind {
    /// The connection has ended.
    CLOSED,
    /// The connection has been used before, and has ended before anything of the response came.
    STALE,
    /// The server says that it has not looked at the request.
    UNPROCESSED,
    /// The server does not speak HTTP as it should.
    MALFORMED
  }

  private final Kind kind;

  Lost(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  static Lost malformed(Throwable why) {
    String message = why.getMessage();
    return new Lost(
        Kind.MALFORMED, message == null ? why.getClass().getSimpleName() : message, why);
  }

  static Lost malformed(String why) {
    return new Lost(Kind.MALFORMED, why, null);
  }
}
