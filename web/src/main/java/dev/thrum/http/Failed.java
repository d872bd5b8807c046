package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.internal.Departed;
import dev.thrum.internal.Warnings;
import java.io.IOException;

/// What is said of requests that could not be answered.
final class Failed {
  private Failed() {}

  static byte[] text(int status, String detail) {
    return (status + " " + detail + "\n").getBytes(UTF_8);
  }

  static void log(ExchangeImpl exchange, Throwable why) {
    Warnings.warn("answering " + exchange + " failed, id " + exchange.id(), why);
  }

  /// A connection failed. That its client has broken it off is nothing to speak of.
  static void log(Object connection, Throwable why) {
    if (!(why instanceof IOException)) {
      Warnings.warn(connection + " failed", why);
    }
  }

  /// Whether something failed because the client has left, which nobody has noticed before.
  static boolean isDeparture(Throwable why) {
    for (Throwable one = why; one != null; one = one.getCause()) {
      if (one instanceof Departed) {
        return true;
      }
    }
    return false;
  }
}
