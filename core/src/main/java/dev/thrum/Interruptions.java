package dev.thrum;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;

/// Knows the forms in which the JDK reports an interrupt, also as the cause of a library's own
/// exception.
final class Interruptions {
  private static final int DEPTH = 16;

  private Interruptions() {}

  static boolean isBehind(Throwable thrown) {
    Throwable at = thrown;
    for (int depth = 0; at != null && depth < DEPTH; depth++) {
      if (isOne(at)) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }

  private static boolean isOne(Throwable thrown) {
    return switch (thrown) {
      case InterruptedException _, ClosedByInterruptException _ -> true;
      case SocketTimeoutException _ -> false;
      case InterruptedIOException _ -> true;
      case SocketException socket -> "Closed by interrupt".equals(socket.getMessage());
      default -> false;
    };
  }
}
