package dev.thrum.net;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Errors of the poller, made anew for the task that meets them: its own stack, the first one as
/// the cause, and a message that says with whom.
final class Failures {
  private Failures() {}

  /// An error as an `IOException` of the kind that the JDK's sockets throw.
  static IOException asIo(@Nullable Throwable cause, String where) {
    String message = where + ": " + reasonOf(cause);
    IOException made =
        switch (cause) {
          case ConnectionClosedException _ -> new ConnectionClosedException(message);
          case BindException _ -> new BindException(message);
          case NoRouteToHostException _ -> new NoRouteToHostException(message);
          case ConnectException _ -> new ConnectException(message);
          case SSLException ssl -> sameKind(ssl, message);
          case null, default -> new SocketException(message);
        };
    if (cause != null) {
      made.initCause(cause);
    }
    return made;
  }

  private static SSLException sameKind(SSLException first, String message) {
    try {
      return first.getClass().getConstructor(String.class).newInstance(message);
    } catch (ReflectiveOperationException _) {
      return new SSLException(message);
    }
  }

  private static String reasonOf(@Nullable Throwable cause) {
    if (cause == null) {
      return "it failed";
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
