package dev.thrum.net;

import java.io.EOFException;
import org.jspecify.annotations.Nullable;

/// The stream has ended before what was asked for had come.
public final class IncompleteReadException extends EOFException {
  private static final long serialVersionUID = 1L;

  /// What came.
  private final byte[] partial;

  private final transient @Nullable Connection connection;

  IncompleteReadException(Connection connection, String where, byte[] partial) {
    super(connection + " ended " + where);
    this.connection = connection;
    this.partial = partial;
  }

  boolean isOf(Connection other) {
    return connection == other;
  }

  /// What came before the end. It has been taken out of the stream.
  ///
  /// @return the bytes
  public byte[] partial() {
    return partial.clone();
  }
}
