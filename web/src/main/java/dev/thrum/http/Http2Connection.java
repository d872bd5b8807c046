package dev.thrum.http;

import dev.thrum.http.internal.HttpConnection;
import dev.thrum.http.internal.OneFlush;
import dev.thrum.internal.Durations;
import dev.thrum.internal.Timer;
import dev.thrum.net.internal.RawChannel;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A connection on which HTTP/2 is spoken; each of its streams is an [Http2Channel].
final class Http2Connection extends ChannelInboundHandlerAdapter implements HttpConnection {
  private static final int WINDOW = 1 << 17;

  private final LoopServer server;
  private final RawChannel raw;
  private final Set<Http2Channel> streams = new LinkedHashSet<>();
  private final Watch watch = new Watch();
  private @Nullable ChannelHandlerContext context;
  private long since;
  private boolean used;
  private boolean draining;
  private boolean gone;

  /// Looks from time to time whether something takes too long.
  private final class Watch extends Timer {
    @Override
    protected void fire() {
      server.driver.execute(Http2Connection.this::look);
    }
  }

  private Http2Connection(LoopServer server, RawChannel raw) {
    this.server = server;
    this.raw = raw;
    this.since = server.host.nanos();
  }

  static void begin(LoopServer server, RawChannel raw) {
    Http2Connection connection = new Http2Connection(server, raw);
    ServerSettings settings = server.settings;
    var codec =
        new Http2Strictness.Builder(settings.writeTimeout())
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(settings.maxStreams())
                    .initialWindowSize(WINDOW)
                    .maxHeaderListSize(settings.maxHeader()))
            .build();
    var multiplex =
        new Http2MultiplexHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel stream) {
                var _ =
                    stream
                        .pipeline()
                        .addLast(new Http2Requests(), new Http2Channel(server, raw, connection));
              }
            });
    var _ =
        raw.channel().pipeline().addLast(new OneFlush(server.driver), codec, multiplex, connection);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) {
    context = own;
    server.driver.opened(this);
    server.opened(this);
    ServerSettings settings = server.settings;
    watchFor(min(settings.headerTimeout(), min(settings.keepAlive(), settings.writeTimeout())));
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  // Streams

  void opened(Http2Channel stream) {
    used = true;
    streams.add(stream);
  }

  void closed(Http2Channel stream) {
    streams.remove(stream);
    if (streams.isEmpty()) {
      since = server.host.nanos();
      if (draining) {
        server.driver.execute(this::closeGently);
      }
    }
  }

  // Time

  private void watchFor(Duration limit) {
    server.host.timers().set(watch, server.host.timeAfter(Durations.nanos(limit)));
  }

  private void look() {
    if (gone) {
      return;
    }
    ServerSettings settings = server.settings;
    Set.copyOf(streams).forEach(Http2Channel::look);
    Duration idle = used ? settings.keepAlive() : settings.headerTimeout();
    long left = since + Durations.nanos(idle) - server.host.nanos();
    if (streams.isEmpty() && left <= 0) {
      closeGently();
    } else {
      watchFor(
          streams.isEmpty()
              ? Duration.ofNanos(left)
              : min(settings.keepAlive(), settings.writeTimeout()));
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  // The end

  @Override
  public void drain() {
    if (!draining && !gone) {
      draining = true;
      var _ = context().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
      if (streams.isEmpty()) {
        closeGently();
      }
    }
  }

  private void closeGently() {
    if (!gone) {
      var _ =
          context()
              .writeAndFlush(Unpooled.EMPTY_BUFFER)
              .addListener(_ -> {
                var _ = context().close();
              });
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    ReferenceCountUtil.release(message); // settings, pings and the like, which Netty has seen to
  }

  /// An error of the protocol has been told to the client by Netty, which closes then.
  @Override
  public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    if (!(cause instanceof Http2Exception)) {
      Failed.log(this, cause);
      abort();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    if (!gone) {
      gone = true;
      server.host.timers().unset(watch);
      server.driver.closed(this);
      server.closed(this);
    }
  }

  @Override
  public void abort() {
    if (!gone) {
      raw.channel().unsafe().close(raw.channel().voidPromise());
    }
  }

  @Override
  public boolean isSent() {
    var buffer = raw.channel().unsafe().outboundBuffer();
    return buffer == null || buffer.isEmpty();
  }

  @Override
  public String toString() {
    return "HTTP/2 connection of " + raw.remote();
  }
}
