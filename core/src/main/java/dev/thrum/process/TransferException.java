package dev.thrum.process;

import org.jspecify.annotations.Nullable;

/// Something could not go from one JVM to the other: a body, its value, or its exception. The
/// message says what it is and what to do.
///
/// A body that cannot be sent has not been run, in no process. A value or an exception that could
/// not come back is lost, and what the body did is done; of an exception the cause tells the type,
/// the message, the causes and the stack.
public final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TransferException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
