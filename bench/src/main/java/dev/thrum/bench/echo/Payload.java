package dev.thrum.bench.echo;

import java.nio.ByteBuffer;
import java.util.Random;

/// What is sent: messages of one length, cut out of the same random bytes at different places, so
/// that an echo of the wrong message, or of another connection's, differs.
final class Payload {
  private static final long SEED = 20_261_127;
  private static final int PLACES = 1021;

  private final int length;
  private final ByteBuffer toSend;
  private final ByteBuffer toCompare;

  Payload(int length) {
    this.length = length;
    var bytes = new byte[length + PLACES];
    new Random(SEED).nextBytes(bytes);
    toSend = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    toCompare = ByteBuffer.wrap(bytes);
  }

  int length() {
    return length;
  }

  /// Where a connection's next message begins.
  static int place(int connection, long message) {
    return (int) ((connection * 31L + message * 7) % PLACES);
  }

  /// What is left to send of the message at a place; valid until the next call.
  ByteBuffer rest(int place, int sent) {
    return toSend.limit(place + length).position(place + sent);
  }

  /// Whether a part of the echo is what was sent.
  boolean matches(int place, int received, ByteBuffer part) {
    int from = place + received;
    return toCompare.limit(from + part.remaining()).position(from).equals(part);
  }
}
