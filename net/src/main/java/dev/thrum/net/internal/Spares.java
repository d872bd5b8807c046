package dev.thrum.net.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;

/// Buffers of a loop for what its tasks write, used again and again.
///
/// A task fills one, the poller sends it and puts it back. The allocator's own caches belong to
/// threads that live long, which tasks do not; and the buffer that was used last is the one that
/// the processor still has.
final class Spares {
  private static final int SMALL = 1 << 12;

  /// Whoever writes more takes several.
  static final int LARGE = 1 << 16;

  private static final int MOST_SMALL = 1024;
  private static final int MOST_LARGE = 128;

  private final ArrayDeque<ByteBuf> small = new ArrayDeque<>();
  private final ArrayDeque<ByteBuf> large = new ArrayDeque<>();

  /// An empty buffer with room for so many bytes, at most [#LARGE].
  ByteBuf take(int size) {
    boolean fits = size <= SMALL;
    ByteBuf spare = (fits ? small : large).pollLast();
    return spare != null ? spare : made(fits ? SMALL : LARGE);
  }

  private static ByteBuf made(int size) {
    return UnpooledByteBufAllocator.DEFAULT.directBuffer(size, size);
  }

  /// Takes one back that nobody else uses.
  void giveBack(ByteBuf buffer) {
    boolean isSmall = buffer.capacity() == SMALL;
    ArrayDeque<ByteBuf> to = isSmall ? small : large;
    if (to.size() < (isSmall ? MOST_SMALL : MOST_LARGE)) {
      to.add(buffer.clear());
    } else {
      buffer.release();
    }
  }

  void close() {
    small.forEach(ByteBuf::release);
    large.forEach(ByteBuf::release);
    small.clear();
    large.clear();
  }
}
