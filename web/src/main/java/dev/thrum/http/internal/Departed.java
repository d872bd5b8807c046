package dev.thrum.http.internal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The other side has left, or takes nothing any more. Nobody is there who could be told, and the
/// program has done nothing wrong.
public final class Departed extends IOException {
  private static final long serialVersionUID = 1L;

  /// Somebody has left.
  ///
  /// @param message who
  /// @param cause how that was noticed, or null
  public Departed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
