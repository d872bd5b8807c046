package dev.thrum.http.client;

import dev.thrum.http.internal.Http1Strictness;
import dev.thrum.http.internal.Tokens;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads responses of HTTP/1, and refuses what two programs in a row could take for different
/// things: what Netty refuses, a header that goes on in another line, a status line that is none,
/// and a body with two lengths. After that nothing is read any more.
final class ResponseDecoder extends HttpResponseDecoder {
  private static final String STATUS_LINE = "HTTP/1.d ddd";

  private final Http1Connection connection;
  private boolean inHead = true;
  private boolean broken;
  private boolean begun;

  ResponseDecoder(Http1Connection connection, int maxHeader) {
    super(Http1Strictness.config(Math.min(maxHeader, 1 << 13), maxHeader));
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    connection.somethingCame();
    super.channelRead(context, message);
  }

  /// Whether nothing has come that belongs to no response.
  boolean isClean() {
    return inHead && !begun && !broken && actualReadableBytes() == 0;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return connection.isHead() || super.isContentAlwaysEmpty(message);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (broken) {
      var _ = buffer.skipBytes(buffer.readableBytes());
      return;
    }
    if (inHead) {
      String wrong = wrongInHead(buffer);
      if (wrong != null) {
        broken = true;
        throw new IllegalArgumentException(wrong);
      }
    }
    int before = out.size();
    super.decode(context, buffer, out);
    for (int i = before; i < out.size(); i++) {
      Object one = out.get(i);
      if (one instanceof LastHttpContent) {
        inHead = true;
        begun = false;
      } else if (one instanceof HttpMessage) {
        inHead = false;
      }
    }
  }

  /// What is wrong with the lines up to the empty one, as far as they have come.
  private @Nullable String wrongInHead(ByteBuf buffer) {
    int line = buffer.readerIndex();
    int end = buffer.writerIndex();
    if (!begun) {
      String wrong = wrongInStatusLine(buffer, line, end);
      if (wrong != null) {
        return wrong;
      }
      int feed = buffer.indexOf(line, end, HttpConstants.LF);
      if (feed < 0) {
        return null;
      }
      begun = true;
      line = feed + 1;
    }
    while (line < end) {
      int feed = buffer.indexOf(line, end, HttpConstants.LF);
      if (buffer.getByte(line) == HttpConstants.CR || feed < 0) {
        return null;
      }
      if (!beginsWithName(buffer, line, feed)) {
        return "a line of the head does not begin with a name and a colon";
      }
      line = feed + 1;
    }
    return null;
  }

  private static boolean beginsWithName(ByteBuf buffer, int line, int end) {
    int at = line;
    while (at < end && Tokens.isOfToken(buffer.getByte(at))) {
      at++;
    }
    return at > line && at < end && buffer.getByte(at) == HttpConstants.COLON;
  }

  private static @Nullable String wrongInStatusLine(ByteBuf buffer, int line, int end) {
    for (int i = 0; i < STATUS_LINE.length() && line + i < end; i++) {
      char wanted = STATUS_LINE.charAt(i);
      byte came = buffer.getByte(line + i);
      boolean digit = came >= '0' && came <= '9';
      if (wanted == 'd' ? !digit : came != wanted) {
        return "what came does not begin with the status line of HTTP/1.1";
      }
    }
    int after = line + STATUS_LINE.length();
    if (after < end) {
      byte next = buffer.getByte(after);
      if (next != HttpConstants.SP && next != HttpConstants.CR) {
        return "the status of the response is not three digits";
      }
    }
    return null;
  }
}
