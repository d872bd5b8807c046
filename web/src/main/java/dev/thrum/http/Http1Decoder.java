package dev.thrum.http;

import dev.thrum.http.internal.Http1Strictness;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/// Reads requests of HTTP/1, and refuses what two programs in a row could take for different
/// things: what Netty refuses, a header that goes on in another line, and a request line that is
/// not exactly three words with a space between them. After that nothing is read any more.
final class Http1Decoder extends HttpRequestDecoder {
  private final Runnable somethingCame;
  private boolean beforeHead = true;
  private boolean inHead = true;
  private boolean broken;

  /// @param somethingCame is run before what has come is read
  Http1Decoder(ServerSettings settings, Runnable somethingCame) {
    super(Http1Strictness.config(settings.maxLine(), settings.maxHeader()));
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
    if (broken) {
      var _ = buffer.skipBytes(buffer.readableBytes());
      return;
    }
    if (inHead) {
      checkHead(buffer);
    }
    int before = out.size();
    super.decode(context, buffer, out);
    for (int i = before; i < out.size(); i++) {
      Object one = out.get(i);
      if (one instanceof LastHttpContent) {
        inHead = true;
        beforeHead = true;
      } else if (one instanceof HttpMessage) {
        inHead = false;
      }
    }
  }

  private IllegalArgumentException broken(String why) {
    broken = true;
    return new IllegalArgumentException(why);
  }

  /// The lines up to the empty one that ends the head, as far as they have come.
  private void checkHead(ByteBuf buffer) {
    int end = buffer.writerIndex();
    int line = buffer.readerIndex();
    if (beforeHead) {
      line = checkRequestLine(buffer, line, end);
    }
    while (line < end) {
      byte first = buffer.getByte(line);
      if (first == HttpConstants.SP || first == HttpConstants.HT) {
        throw broken("a line of the head begins with white space");
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

  /// @return where the next line begins, or the end if this one has not come yet
  private int checkRequestLine(ByteBuf buffer, int begin, int end) {
    int line = begin;
    while (line < end && isLineEnd(buffer.getByte(line))) {
      line++;
    }
    int spaces = 0;
    int version = line;
    byte before = HttpConstants.SP;
    for (int i = line; i < end; i++) {
      byte b = buffer.getByte(i);
      if (b == HttpConstants.LF) {
        if (spaces != 2 || before != HttpConstants.CR || buffer.getByte(version) != 'H') {
          throw broken("the request line is not three words and the end of a line");
        }
        beforeHead = false;
        return i + 1;
      }
      if (b == HttpConstants.SP) {
        if (before == HttpConstants.SP) {
          throw broken("the request line has a space too many");
        }
        spaces++;
        version = i + 1;
      } else if (before == HttpConstants.CR || (b < HttpConstants.SP && b != HttpConstants.CR)) {
        throw broken("the request line has a character that is none of a request's");
      }
      before = b;
    }
    return end;
  }

  private static boolean isLineEnd(byte b) {
    return b == HttpConstants.CR || b == HttpConstants.LF;
  }
}
