package dev.thrum.http;

import dev.thrum.http.internal.WebSocketChannel;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionFilterProvider;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// How a connection of HTTP/1.1 becomes a WebSocket (RFC 6455, compression by RFC 7692).
final class WebSocketHandshake {
  private static final String VERSION = "13";
  private static final int KEY_BYTES = 16;
  private static final int DEFLATE_LEVEL = 6;

  private final HttpRequest request;
  private final WebSocketSettings settings;

  /// @throws HttpException if the request is none for a WebSocket
  WebSocketHandshake(HttpRequest request, WebSocketSettings settings) {
    this.request = request;
    this.settings = settings;
    if (!isAsked(request)) {
      throw new HttpException(
          426, "a WebSocket is wanted here", Headers.of("Upgrade", "websocket"));
    }
    HttpHeaders headers = request.headers();
    if (!VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      throw new HttpException(
          426,
          "only version 13 of WebSocket is spoken",
          Headers.of("Upgrade", "websocket", "Sec-WebSocket-Version", VERSION));
    }
    if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY))) {
      throw new HttpException(400, "Sec-WebSocket-Key is missing or malformed");
    }
  }

  static boolean isAsked(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return request.method().equals(HttpMethod.GET)
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
  }

  private static boolean isKey(@Nullable String key) {
    try {
      return key != null && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// By the poller.
  void run(Http1Channel http, WebSocketChannel socket) {
    if (http.isGone()) {
      socket.refused();
      return;
    }
    ChannelPipeline pipeline = http.channel().pipeline();
    http.flush();
    WebSocketServerExtension deflate = deflate();
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    var _ = headers.add(settings.headers().netty());
    var _ = headers.set(HttpHeaderNames.DATE, http.server.date());
    if (deflate != null) {
      var _ = headers.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, text(deflate.newReponseData()));
    }
    WebSocketServerHandshaker shaker =
        new WebSocketServerHandshaker13(
            "", String.join(",", settings.subprotocols()), decoding(deflate != null));
    http.leave();
    var _ = pipeline.remove(http);
    if (deflate != null) {
      var _ = pipeline.addLast(deflate.newExtensionDecoder(), deflate.newExtensionEncoder());
    }
    var _ = pipeline.addLast(new Utf8FrameValidator(false), socket);
    var shaken = shaker.handshake(http.channel(), asFull(), headers, http.channel().newPromise());
    String chosen = shaker.selectedSubprotocol();
    socket.opened(chosen == null ? "" : chosen);
    var _ =
        shaken.addListener(done -> {
          if (!done.isSuccess()) {
            socket.abort();
          }
        });
  }

  private WebSocketDecoderConfig decoding(boolean extensions) {
    return WebSocketDecoderConfig.newBuilder()
        .maxFramePayloadLength(settings.maxMessage())
        .expectMaskedFrames(true)
        .allowMaskMismatch(false)
        .allowExtensions(extensions)
        .closeOnProtocolViolation(false)
        .withUTF8Validator(false)
        .build();
  }

  private DefaultFullHttpRequest asFull() {
    return new DefaultFullHttpRequest(
        request.protocolVersion(),
        request.method(),
        request.uri(),
        Unpooled.EMPTY_BUFFER,
        request.headers(),
        EmptyHttpHeaders.INSTANCE);
  }

  private @Nullable WebSocketServerExtension deflate() {
    String asked =
        String.join(",", request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
    if (!settings.deflate() || asked.isEmpty()) {
      return null;
    }
    var shaker =
        new PerMessageDeflateServerExtensionHandshaker(
            DEFLATE_LEVEL,
            false,
            PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE,
            true,
            false,
            PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE,
            PerMessageDeflateServerExtensionHandshaker.DEFAULT_MEM_LEVEL,
            WebSocketExtensionFilterProvider.DEFAULT,
            settings.maxMessage());
    for (WebSocketExtensionData one : WebSocketExtensionUtil.extractExtensions(asked)) {
      WebSocketServerExtension agreed = shaker.handshakeExtension(one);
      if (agreed != null) {
        return agreed;
      }
    }
    return null;
  }

  private static String text(WebSocketExtensionData extension) {
    StringBuilder text = new StringBuilder(extension.name());
    extension
        .parameters()
        .forEach((name, value) -> {
          var _ = text.append("; ").append(name);
          if (value != null) {
            var _ = text.append('=').append(value);
          }
        });
    return text.toString();
  }
}
