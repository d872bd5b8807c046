package dev.thrum.net;

import java.net.SocketException;

/// A connection, listener or datagram socket was used after it had been closed here, or was closed
/// here while somebody waited in it.
public final class ConnectionClosedException extends SocketException {
  private static final long serialVersionUID = 1L;

  /// Made by this package.
  ///
  /// @param message what is closed
  ConnectionClosedException(String message) {
    super(message);
  }
}
