package dev.thrum.bench.web.server;

import java.io.IOException;
import java.io.InputStream;

/// The body of an upload, where it is a stream.
final class Bytes {
  private static final int BUFFER_BYTES = 16 * 1024;

  private Bytes() {}

  /// Reads to the end.
  static long count(InputStream stream) throws IOException {
    var buffer = new byte[BUFFER_BYTES];
    long length = 0;
    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
      length += count;
    }
    return length;
  }
}
