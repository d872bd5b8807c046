package dev.thrum.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Duration;
import java.util.List;

/// Tells what Netty takes for one thing apart: a frame for a stream that is not there any more. If
/// the client had ended its side of the stream, or had never opened it, that is an error of the
/// connection (RFC 9113, 5.1 and 5.1.1); if the stream was reset, the frame may have been under way
/// meanwhile, and only the stream is refused.
///
/// What the latest streams were lies in a table in which the number of a stream says its place.
/// Streams that are too old to be found there are treated as Netty does.
final class Http2Strictness extends DecoratingHttp2ConnectionDecoder {
  private static final int REMEMBERED = 256;
  private static final int MOST_QUEUED = 1000;

  /// Number of the stream in a place; below zero if its client has ended it.
  private final int[] latest = new int[REMEMBERED];

  private boolean broken;

  /// Makes codecs that are strict.
  static final class Builder extends Http2FrameCodecBuilder {

    /// @param patience how long a client may take nothing of what ends its connection
    Builder(Duration patience) {
      server(true);
      var _ = validateRequiredPseudoHeaders(true);
      var _ = gracefulShutdownTimeoutMillis(patience.toMillis());
      var _ = encoderEnforceMaxQueuedControlFrames(MOST_QUEUED);
    }

    @Override
    protected Http2FrameCodec build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return super.build(new Http2Strictness(decoder), encoder, settings);
    }
  }

  private Http2Strictness(Http2ConnectionDecoder decoder) {
    super(decoder);
    decoder
        .connection()
        .addListener(
            new Http2ConnectionAdapter() {
              @Override
              public void onStreamActive(Http2Stream stream) {
                latest[placeOf(stream.id())] = stream.id();
              }
            });
  }

  private static int placeOf(int id) {
    return (id >>> 1) & (REMEMBERED - 1);
  }

  private boolean isEnded(int id) {
    return latest[placeOf(id)] == -id;
  }

  /// Hears of what was in order, so also of the ends.
  private final class Ends extends Http2FrameListenerDecorator {
    Ends(Http2FrameListener listener) {
      super(listener);
    }

    private void note(int id, boolean ended) {
      if (ended) {
        latest[placeOf(id)] = -id;
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean ends)
        throws Http2Exception {
      note(id, ends);
      return super.onDataRead(context, id, data, padding, ends);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean ends)
        throws Http2Exception {
      note(id, ends);
      super.onHeadersRead(context, id, headers, padding, ends);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context,
        int id,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean ends)
        throws Http2Exception {
      note(id, ends);
      super.onHeadersRead(context, id, headers, dependency, weight, exclusive, padding, ends);
    }
  }

  @Override
  public void frameListener(Http2FrameListener listener) {
    super.frameListener(new Ends(listener));
  }

  @Override
  public void decodeFrame(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Http2Exception {
    if (broken) {
      var _ = in.skipBytes(in.readableBytes());
      return;
    }
    try {
      super.decodeFrame(context, in, out);
    } catch (Http2Exception.StreamException e) {
      throw judged(e);
    }
  }

  private Http2Exception judged(Http2Exception.StreamException why) {
    int id = why.streamId();
    Http2Error error = why.error();
    if (connection().stream(id) != null) {
      return error == Http2Error.PROTOCOL_ERROR && isEnded(id)
          ? Http2Exception.streamError(id, Http2Error.STREAM_CLOSED, why, "%s", why.getMessage())
          : why;
    }
    if (error != Http2Error.STREAM_CLOSED) {
      return why;
    }
    if (isEnded(id)) {
      return ofTheConnection(Http2Error.STREAM_CLOSED, why);
    }
    boolean skipped = Math.abs(latest[placeOf(id)]) < id;
    return skipped ? ofTheConnection(Http2Error.PROTOCOL_ERROR, why) : why;
  }

  private Http2Exception ofTheConnection(Http2Error error, Http2Exception why) {
    broken = true;
    return Http2Exception.connectionError(error, why, "%s", why.getMessage());
  }
}
