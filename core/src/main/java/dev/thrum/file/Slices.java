package dev.thrum.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// Large reads and writes in slices: the JDK keeps a buffer outside the heap, as large as the
/// largest one, for every thread.
final class Slices {
  private static final int SLICE = 1 << 18;

  /// One slice's way into or out of a channel.
  private interface Transfer {
    int move(ByteBuffer slice) throws IOException;
  }

  private Slices() {}

  static int read(ReadableByteChannel channel, ByteBuffer into) throws IOException {
    return move(into, channel::read);
  }

  static int read(FileChannel channel, ByteBuffer into, long position) throws IOException {
    return move(into, slice -> channel.read(slice, position));
  }

  static void write(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int _ = move(bytes, channel::write);
    }
  }

  static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      long to = at;
      at += move(bytes, slice -> channel.write(slice, to));
    }
  }

  private static int move(ByteBuffer buffer, Transfer transfer) throws IOException {
    int limit = buffer.limit();
    buffer.limit(Math.min(limit, buffer.position() + SLICE));
    try {
      return transfer.move(buffer);
    } finally {
      buffer.limit(limit);
    }
  }
}
