package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.http.internal.HttpConnection;
import dev.thrum.http.internal.WebSocketChannel;
import dev.thrum.internal.wait.Party;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketClientExtension;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionFilterProvider;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateClientExtensionHandshaker;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a connection of HTTP/1.1 becomes a WebSocket (RFC 6455, compression by RFC 7692).
final class WebSocketOpening implements Upgrade {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final HttpClientImpl client;
  private final Target target;
  private final WebSocketSettings settings;
  private final String key;
  private final String accept;
  private @Nullable Call call;
  private @Nullable WebSocketChannel socket;
  private @Nullable WebSocketClientExtension deflate;
  private String subprotocol = "";
  private boolean begun;

  WebSocketOpening(HttpClientImpl client, Target target, WebSocketSettings settings) {
    this.client = client;
    this.target = target;
    this.settings = settings;
    byte[] random = new byte[KEY_BYTES];
    RANDOM.nextBytes(random);
    this.key = Base64.getEncoder().encodeToString(random);
    this.accept = acceptOf(key);
  }

  private static String acceptOf(String key) {
    try {
      byte[] text = (key + GUID).getBytes(ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  // By a task

  WebSocket open() throws IOException {
    client.checkHere();
    Party me = Party.current();
    me.enter();
    HttpRequest wanted = new HttpRequest(client, "GET", target).headers(settings.headers());
    DefaultHttpRequest request = new Sending(client, wanted, target).request();
    ask(request.headers());
    try {
      return open(me, request);
    } catch (Lost e) {
      throw Sending.told(e, "opening a WebSocket to " + target, "before its response");
    }
  }

  private void ask(HttpHeaders headers) {
    var _ = headers.remove(HttpHeaderNames.ACCEPT_ENCODING);
    var _ = headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    var _ = headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    var _ = headers.set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
    var _ = headers.set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
    if (!settings.subprotocols().isEmpty()) {
      var _ =
          headers.set(
              HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, String.join(",", settings.subprotocols()));
    }
    if (settings.deflate()) {
      var _ =
          headers.set(
              HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS,
              "permessage-deflate; client_max_window_bits");
    }
  }

  private WebSocket open(Party me, DefaultHttpRequest request) throws IOException {
    Pool pool = client.sockets();
    Http1Connection connection = (Http1Connection) pool.channel(me, target.origin(), true);
    Call asked = connection.begin(request);
    call = asked;
    WebSocketChannel made =
        new WebSocketChannel(
            new OfPool(pool), connection.raw, settings, ChronoUnit.FOREVER.getDuration());
    socket = made;
    connection.upgrades(this);
    boolean done = false;
    try {
      asked.send(me, null, false);
      if (!asked.awaitSwitch(me)) {
        refused(asked, asked.awaitHead(me));
      }
      done = true;
      return made;
    } finally {
      if (!done && asked.isSwitched()) {
        made.cutOff();
      } else if (!done) {
        asked.over();
      }
    }
  }

  private void refused(Call asked, HttpResponse head) throws IOException {
    var response =
        new dev.thrum.http.client.HttpResponse(
            asked, head, target, List.of(), client.settings().maxBody());
    try (response) {
      var _ = response.bytes();
    }
    throw new HttpClientException.BadStatus(
        "no WebSocket at " + target + ": the server has answered with " + response.status(),
        response);
  }

  /// Whose the WebSocket is.
  private record OfPool(Pool pool) implements WebSocketChannel.Owner {
    @Override
    public void opened(HttpConnection connection) {
      pool.opened(connection);
    }

    @Override
    public void closed(HttpConnection connection) {
      pool.closed(connection);
    }

    @Override
    public void lost(String why) {
      // Who uses it sees that by itself.
    }
  }

  // By the poller

  @Override
  public boolean agrees(HttpResponse head) {
    HttpHeaders headers = head.headers();
    if (head.status().code() != 101
        || !headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        || !headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT).equals(List.of(accept))) {
      return false;
    }
    List<String> chosen = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    if (chosen.size() > 1 || !settings.subprotocols().containsAll(chosen)) {
      return false;
    }
    subprotocol = chosen.isEmpty() ? "" : chosen.getFirst();
    return agreesOnExtensions(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
  }

  private boolean agreesOnExtensions(List<String> told) {
    List<WebSocketExtensionData> all =
        told.isEmpty()
            ? List.of()
            : WebSocketExtensionUtil.extractExtensions(String.join(",", told));
    if (all.isEmpty()) {
      return true;
    }
    if (all.size() > 1 || !settings.deflate()) {
      return false;
    }
    deflate =
        new PerMessageDeflateClientExtensionHandshaker(
                6,
                true,
                PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE,
                true,
                false,
                WebSocketExtensionFilterProvider.DEFAULT,
                settings.maxMessage())
            .handshakeExtension(all.getFirst());
    return deflate != null;
  }

  @Override
  public void begin() {
    begun = true;
  }

  @Override
  public boolean isBegun() {
    return begun;
  }

  @Override
  public void run(ChannelPipeline pipeline, ChannelHandler decoder) {
    WebSocketClientExtension packed = deflate;
    var _ =
        pipeline.addLast(
            new WebSocket13FrameDecoder(
                WebSocketDecoderConfig.newBuilder()
                    .maxFramePayloadLength(settings.maxMessage())
                    .expectMaskedFrames(false)
                    .allowMaskMismatch(false)
                    .allowExtensions(packed != null)
                    .closeOnProtocolViolation(false)
                    .withUTF8Validator(false)
                    .build()),
            new WebSocket13FrameEncoder(true));
    if (packed != null) {
      var _ = pipeline.addLast(packed.newExtensionDecoder(), packed.newExtensionEncoder());
    }
    if (socket != null && call != null) {
      var _ = pipeline.addLast(new Utf8FrameValidator(false), socket);
      socket.opened(subprotocol);
      call.switched();
    }
    var _ = pipeline.remove(decoder);
  }
}
