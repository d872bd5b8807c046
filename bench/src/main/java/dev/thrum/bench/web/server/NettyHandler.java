package dev.thrum.bench.web.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection. Answers are written as the requests are read, and sent when nothing more is
/// there to read. An answer that has to wait is sent when it is there, so whoever asks for one must
/// not ask for another one behind it.
final class NettyHandler extends ChannelInboundHandlerAdapter {
  private static final ByteBuf HELLO =
      Unpooled.unreleasableBuffer(
          Unpooled.directBuffer().writeBytes("Hello, World!".getBytes(StandardCharsets.US_ASCII)));
  private static final AsciiString TEXT = AsciiString.cached("text/plain; charset=utf-8");
  private static final AsciiString HELLO_LENGTH = AsciiString.cached("13");

  /// JDBC blocks, so it has threads of its own.
  private static final ExecutorService BLOCKING =
      Executors.newFixedThreadPool(Database.CONNECTIONS, Thread.ofPlatform().daemon().factory());

  /// The request whose body is being read.
  private @Nullable HttpRequest request;

  private @Nullable ByteBuf body;
  private long uploaded;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof HttpRequest begun) {
        begin(context, begun);
      }
      if (message instanceof HttpContent content) {
        read(context, content);
      } else if (message instanceof WebSocketFrame frame) {
        echo(context, frame);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    dropBody();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  private void begin(ChannelHandlerContext context, HttpRequest begun) {
    if (begun.decoderResult().isFailure()) {
      request = null;
      answer(context, HttpResponseStatus.BAD_REQUEST);
      return;
    }
    if (HttpUtil.is100ContinueExpected(begun)) {
      context.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
    request = begun;
    uploaded = 0;
  }

  private void read(ChannelHandlerContext context, HttpContent content) {
    var begun = request;
    if (begun == null) {
      return;
    }
    var bytes = content.content();
    uploaded += bytes.readableBytes();
    if (bytes.isReadable() && begun.uri().equals("/json")) {
      if (body == null) {
        body = context.alloc().buffer(bytes.readableBytes());
      }
      body.writeBytes(bytes);
    }
    if (content instanceof LastHttpContent) {
      request = null;
      try {
        answer(context, begun);
      } catch (IllegalArgumentException _) {
        answer(context, HttpResponseStatus.BAD_REQUEST);
      } finally {
        dropBody();
      }
    }
  }

  private void answer(ChannelHandlerContext context, HttpRequest begun) {
    var uri = begun.uri();
    if (uri.equals("/plaintext")) {
      answer(context, HELLO.duplicate(), TEXT, HELLO_LENGTH);
    } else if (uri.startsWith("/json/")) {
      item(context, uri);
    } else if (uri.equals("/json") && begun.method().equals(HttpMethod.POST)) {
      var order =
          Json.order(body == null ? InputStream.nullInputStream() : new ByteBufInputStream(body));
      json(context, order.receipt());
    } else if (uri.equals("/upload") && begun.method().equals(HttpMethod.POST)) {
      text(context, Long.toString(uploaded));
    } else if (uri.equals("/db")) {
      product(context);
    } else if (uri.startsWith("/stall?")) {
      var time = Long.parseLong(parameter(new QueryStringDecoder(uri), "ms"));
      context.executor().schedule(() -> hello(context), time, TimeUnit.MILLISECONDS);
    } else if (uri.equals("/ws")) {
      upgrade(context, begun);
    } else {
      answer(context, HttpResponseStatus.NOT_FOUND);
    }
  }

  private static void item(ChannelHandlerContext context, String uri) {
    var query = new QueryStringDecoder(uri);
    json(context, Item.of(query.path().substring("/json/".length()), parameter(query, "q")));
  }

  private static String parameter(QueryStringDecoder query, String name) {
    return query.parameters().getOrDefault(name, List.of("")).getFirst();
  }

  private static void product(ChannelHandlerContext context) {
    if (!Database.isThere()) {
      answer(context, HttpResponseStatus.NOT_IMPLEMENTED);
      return;
    }
    BLOCKING.execute(() -> {
      try {
        var bytes = Json.bytes(Database.product());
        later(context, () -> json(context, bytes));
      } catch (SQLException _) {
        later(context, () -> answer(context, HttpResponseStatus.INTERNAL_SERVER_ERROR));
      }
    });
  }

  /// From another thread.
  private static void later(ChannelHandlerContext context, Runnable answer) {
    context
        .executor()
        .execute(() -> {
          answer.run();
          context.flush();
        });
  }

  private static void hello(ChannelHandlerContext context) {
    answer(context, HELLO.duplicate(), TEXT, HELLO_LENGTH);
    context.flush();
  }

  private static void json(ChannelHandlerContext context, Object value) {
    json(context, Json.bytes(value));
  }

  private static void json(ChannelHandlerContext context, byte[] bytes) {
    answer(
        context,
        Unpooled.wrappedBuffer(bytes),
        HttpHeaderValues.APPLICATION_JSON,
        Integer.toString(bytes.length));
  }

  private static void text(ChannelHandlerContext context, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    answer(context, Unpooled.wrappedBuffer(bytes), TEXT, Integer.toString(bytes.length));
  }

  private static void answer(ChannelHandlerContext context, HttpResponseStatus status) {
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
    context.write(response, context.voidPromise());
  }

  private static void answer(
      ChannelHandlerContext context, ByteBuf content, AsciiString type, CharSequence length) {
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, content);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CONTENT_LENGTH, length);
    context.write(response, context.voidPromise());
  }

  /// From here on the connection speaks in frames.
  private static void upgrade(ChannelHandlerContext context, HttpRequest begun) {
    var handshaker = new WebSocketServerHandshakerFactory("/ws", null, false).newHandshaker(begun);
    if (handshaker == null) {
      WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(context.channel());
      return;
    }
    var whole =
        new DefaultFullHttpRequest(
            begun.protocolVersion(),
            begun.method(),
            begun.uri(),
            Unpooled.EMPTY_BUFFER,
            begun.headers(),
            LastHttpContent.EMPTY_LAST_CONTENT.trailingHeaders());
    handshaker.handshake(context.channel(), whole);
  }

  private static void echo(ChannelHandlerContext context, WebSocketFrame frame) {
    switch (frame) {
      case PingWebSocketFrame ping ->
          context.write(new PongWebSocketFrame(ping.content().retain()));
      case PongWebSocketFrame _ -> {}
      case CloseWebSocketFrame close ->
          context.writeAndFlush(close.retain()).addListener(_ -> context.close());
      default -> context.write(frame.retain(), context.voidPromise());
    }
  }

  private void dropBody() {
    if (body != null) {
      body.release();
      body = null;
    }
  }
}
