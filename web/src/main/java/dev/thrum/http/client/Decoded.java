package dev.thrum.http.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.Brotli;
import io.netty.handler.codec.compression.BrotliDecoder;
import io.netty.handler.codec.compression.Zstd;
import io.netty.handler.codec.compression.ZstdDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// What one of Netty's decoders makes of a stream, for codings that need a library the program may
/// have or not.
final class Decoded extends InputStream {
  private static final int SLICE = 256; // what comes of it in one go must not be much

  private final InputStream packed;
  private final EmbeddedChannel channel;
  private @Nullable ByteBuf part;
  private boolean ended;

  private Decoded(InputStream packed, ChannelHandler decoder) {
    this.packed = packed;
    this.channel = new EmbeddedChannel(decoder);
  }

  static boolean hasBrotli() {
    return Brotli.isAvailable();
  }

  static boolean hasZstd() {
    return Zstd.isAvailable();
  }

  static InputStream brotli(InputStream packed) {
    return new Decoded(packed, new BrotliDecoder());
  }

  static InputStream zstd(InputStream packed) {
    return new Decoded(packed, new ZstdDecoder());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int from, int max) throws IOException {
    if (max == 0) {
      return 0;
    }
    ByteBuf known = next();
    while (known == null && !ended) {
      feed();
      known = next();
    }
    if (known == null) {
      return -1;
    }
    int count = Math.min(max, known.readableBytes());
    var _ = known.readBytes(to, from, count);
    return count;
  }

  private @Nullable ByteBuf next() {
    ByteBuf known = part;
    while (known != null && !known.isReadable()) {
      known.release();
      known = null;
    }
    if (known == null) {
      known = channel.readInbound();
    }
    part = known;
    return known != null && known.isReadable() ? known : null;
  }

  private void feed() throws IOException {
    byte[] slice = new byte[SLICE];
    int count = packed.read(slice);
    try {
      if (count < 0) {
        ended = true;
        boolean _ = channel.finish();
      } else {
        boolean _ = channel.writeInbound(Unpooled.wrappedBuffer(slice, 0, count));
      }
    } catch (DecoderException e) {
      ZipException made = new ZipException(e.getMessage());
      made.initCause(e);
      throw made;
    }
  }

  @Override
  public void close() throws IOException {
    ended = true;
    if (part != null) {
      part.release();
      part = null;
    }
    boolean _ = channel.finishAndReleaseAll();
    packed.close();
  }
}
