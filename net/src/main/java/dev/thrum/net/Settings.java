package dev.thrum.net;

import java.time.Duration;

/// How a connection behaves towards its user.
///
/// @param readLimit the longest line or message
/// @param readBuffer from how many bytes on that nobody has read the peer has to wait
/// @param lowWater with how many unsent bytes a write goes on that had to wait
/// @param highWater with how many unsent bytes a write returns at once
/// @param linger how long closing waits for what has not been sent
record Settings(int readLimit, int readBuffer, int lowWater, int highWater, Duration linger) {
  static final Settings DEFAULT =
      new Settings(1 << 16, 1 << 17, 1 << 14, 1 << 16, Duration.ofSeconds(30));

  Settings {
    positive(readLimit, "a read limit");
    positive(readBuffer, "a read buffer");
    if (highWater < 0 || lowWater < 0 || lowWater > highWater) {
      throw new IllegalArgumentException(
          "a write buffer from " + lowWater + " to " + highWater + " bytes: give 0 <= low <= high");
    }
    if (linger.isNegative()) {
      throw new IllegalArgumentException("linger " + linger + ": give zero or more");
    }
  }

  private static void positive(int value, String what) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " of " + value + " bytes: give at least 1");
    }
  }

  Settings withReadLimit(int bytes) {
    return new Settings(bytes, readBuffer, lowWater, highWater, linger);
  }

  Settings withReadBuffer(int bytes) {
    return new Settings(readLimit, bytes, lowWater, highWater, linger);
  }

  Settings withWriteBuffer(int low, int high) {
    return new Settings(readLimit, readBuffer, low, high, linger);
  }

  Settings withLinger(Duration limit) {
    return new Settings(readLimit, readBuffer, lowWater, highWater, limit);
  }
}
