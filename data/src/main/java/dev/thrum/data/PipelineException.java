package dev.thrum.data;

/// A job that failed: the message names the operator, the element and where it came from.
public final class PipelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A failure.
  ///
  /// @param message what happened, where
  /// @param cause why, or null
  public PipelineException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
    super(message, cause);
  }
}
