package dev.thrum.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/// Reads requests of HTTP/1, and refuses what two programs in a row could take for different
/// things: what Netty refuses, and a header that goes on in another line.
final class Http1Decoder extends HttpRequestDecoder {
  private final Runnable somethingCame;
  private boolean inHead = true;

  /// @param somethingCame is run before what has come is read
  Http1Decoder(ServerSettings settings, Runnable somethingCame) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(settings.maxLine())
            .setMaxHeaderSize(settings.maxHeader())
            .setMaxChunkSize(1 << 16)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true)
            .setAllowDuplicateContentLengths(false));
    this.somethingCame = somethingCame;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    somethingCame.run();
    super.channelRead(context, message);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (inHead) {
      refuseFolded(buffer);
    }
    int before = out.size();
    super.decode(context, buffer, out);
    for (int i = before; i < out.size(); i++) {
      Object one = out.get(i);
      if (one instanceof LastHttpContent) {
        inHead = true;
      } else if (one instanceof HttpMessage) {
        inHead = false;
      }
    }
  }

  /// The lines up to the empty one that ends the head.
  private static void refuseFolded(ByteBuf buffer) {
    int end = buffer.writerIndex();
    int line = buffer.readerIndex();
    while (line < end) {
      byte first = buffer.getByte(line);
      if (first == HttpConstants.SP || first == HttpConstants.HT) {
        throw new IllegalArgumentException("a line of the head begins with white space");
      }
      if (first == HttpConstants.CR || first == HttpConstants.LF) {
        return;
      }
      int feed = buffer.indexOf(line, end, HttpConstants.LF);
      if (feed < 0) {
        return;
      }
      line = feed + 1;
    }
  }
}
