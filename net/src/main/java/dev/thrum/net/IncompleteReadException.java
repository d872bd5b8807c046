package dev.thrum.net;

import java.io.EOFException;

/// The stream has ended before what was asked for had come.
public final class IncompleteReadException extends EOFException {
  private static final long serialVersionUID = 1L;

  /// What came.
  private final byte[] partial;

  IncompleteReadException(String message, byte[] partial) {
    super(message);
    this.partial = partial;
  }

  /// What came before the end. It has been taken out of the stream.
  ///
  /// @return the bytes
  public byte[] partial() {
    return partial.clone();
  }
}
