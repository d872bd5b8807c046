package dev.thrum.data;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Nothing more can be read of a file, whatever comes behind.
final class DamagedFile extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedFile(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
