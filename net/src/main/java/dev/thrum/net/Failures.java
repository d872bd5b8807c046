package dev.thrum.net;

import io.netty.channel.unix.Errors.NativeIoException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Errors of the poller, made anew for the task that meets them: its own stack, the first one as
/// the cause, and a message that says what was done with whom, why it failed, and what helps. They
/// are the same for all transports.
final class Failures {
  /// The system's own words, as the native transports pass them on: `bind(..) failed with
  /// error(-98): Address already in use`.
  private static final Pattern NATIVE =
      Pattern.compile("(?:io_uring )?(\\w+)\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ?(.+)");

  private static final Map<String, String> ADVICE =
      Map.of(
          "Address already in use",
          "another socket has it; choose another port, or 0 for any free one",
          "Cannot assign requested address",
          "it is no address of this machine",
          "Too many open files",
          "this process may open no more; close what is not needed, or raise the limit (ulimit -n)",
          "Resource temporarily unavailable",
          "as many wait there already as may; try again later");

  private Failures() {}

  /// An error as an `IOException` of the kind that the JDK's sockets throw.
  ///
  /// @throws UnsupportedOperationException if that is the error: what was asked for is not here
  /// @throws IllegalArgumentException if that is the error: it was asked for in a wrong way
  static IOException asIo(@Nullable Throwable thrown, String where) {
    Throwable cause = thrown == null ? null : rootOf(thrown);
    String message = where + ": " + explain(cause);
    IOException made =
        switch (cause) {
          case ConnectionClosedException _ -> new ConnectionClosedException(message);
          case BindException _ -> new BindException(message);
          case PortUnreachableException _ -> new PortUnreachableException(message);
          case NoRouteToHostException _ -> new NoRouteToHostException(message);
          case ConnectException _ -> new ConnectException(message);
          case SSLException ssl -> sameKind(ssl, message);
          case NativeIoException e when isOfBind(e) -> new BindException(message);
          case UnsupportedOperationException e ->
              throw new UnsupportedOperationException(message, e);
          case IllegalArgumentException e -> throw new IllegalArgumentException(message, e);
          case null, default -> new SocketException(message);
        };
    if (cause != null) {
      made.initCause(cause);
    }
    return made;
  }

  /// A name that the resolver does not know. The JDK says why at the first time only.
  static UnknownHostException unknownHost(String host, UnknownHostException cause) {
    String message = cause.getMessage();
    String prefix = host + ": ";
    String reason =
        message != null && message.startsWith(prefix)
            ? message.substring(prefix.length())
            : "nobody knows an address for this name";
    UnknownHostException made = new UnknownHostException("looking up " + host + ": " + reason);
    made.initCause(cause);
    return made;
  }

  /// What happened, in a few words.
  static String reasonOf(@Nullable Throwable thrown) {
    Throwable cause = thrown == null ? null : rootOf(thrown);
    String message = cause == null ? null : cause.getMessage();
    if (cause instanceof PortUnreachableException) {
      return "Connection refused";
    }
    if (message != null) {
      Matcher matcher = NATIVE.matcher(message);
      return matcher.matches() ? matcher.group(2) : message;
    }
    return switch (cause) {
      case null -> "it failed";
      case FileNotFoundException _ -> "No such file or directory";
      case NoRouteToHostException _ -> "No route to host";
      default -> cause.getClass().getSimpleName();
    };
  }

  /// What happened, and what helps.
  static String explain(@Nullable Throwable thrown) {
    String reason = reasonOf(thrown);
    String advice = ADVICE.get(reason);
    return advice == null ? reason : reason + "; " + advice;
  }

  /// The error itself: Netty puts some into others of its own that repeat them.
  static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    Throwable next = root.getCause();
    while (next != null && root.getClass().getName().startsWith("io.netty.channel.")) {
      root = next;
      next = root.getCause();
    }
    return root;
  }

  private static boolean isOfBind(NativeIoException e) {
    Matcher matcher = NATIVE.matcher(String.valueOf(e.getMessage()));
    return matcher.matches() && matcher.group(1).equals("bind");
  }

  private static SSLException sameKind(SSLException first, String message) {
    try {
      return first.getClass().getConstructor(String.class).newInstance(message);
    } catch (ReflectiveOperationException _) {
      return new SSLException(message);
    }
  }
}
