package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.internal.Warnings;

/// What is said of requests that could not be answered.
final class Failed {
  private Failed() {}

  static byte[] text(int status, String detail) {
    return (status + " " + detail + "\n").getBytes(UTF_8);
  }

  static void log(ExchangeImpl exchange, Throwable why) {
    Warnings.warn("answering " + exchange + " failed", why);
  }
}
