package dev.thrum.http;

import dev.thrum.internal.Durations;
import dev.thrum.internal.Timer;
import dev.thrum.net.internal.RawChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// Takes what a proxy says of a connection before anything else comes, TLS included, in either
/// version of the PROXY protocol. Who says nothing, or says it wrong, is none of our proxies and is
/// cut off.
final class ProxyHeader extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Ends> TOLD = AttributeKey.valueOf(ProxyHeader.class, "told");

  private final LoopServer server;
  private final Channel channel;
  private final Runnable next;
  private final Watch watch = new Watch();
  private boolean over;

  /// The addresses that a proxy has told, null for one that it has not.
  private record Ends(@Nullable SocketAddress local, @Nullable SocketAddress remote) {}

  /// Gives up who says nothing.
  private final class Watch extends Timer {
    @Override
    protected void fire() {
      server.driver.execute(ProxyHeader.this::cutOff);
    }
  }

  private ProxyHeader(LoopServer server, Channel channel, Runnable next) {
    this.server = server;
    this.channel = channel;
    this.next = next;
  }

  /// By the poller, before anything has been read.
  ///
  /// @param next is run when the header has come
  static void begin(LoopServer server, Channel channel, Runnable next) {
    ProxyHeader header = new ProxyHeader(server, channel, next);
    // Who sends the header and nothing more is gone.
    boolean _ = channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    var _ = channel.pipeline().addFirst(new HAProxyMessageDecoder(), header);
    long limit = Durations.nanos(server.settings.headerTimeout());
    server.host.timers().set(header.watch, server.host.timeAfter(limit));
  }

  /// The connection as the proxy has described it.
  static RawChannel meant(RawChannel raw) {
    Ends told = raw.channel().attr(TOLD).get();
    if (told == null) {
      return raw;
    }
    return new RawChannel(
        raw.driver(),
        raw.channel(),
        told.local() == null ? raw.local() : told.local(),
        told.remote() == null ? raw.remote() : told.remote(),
        raw.tls());
  }

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    if (!(message instanceof HAProxyMessage told)) {
      var _ = own.fireChannelRead(message); // it has come with the header, and is kept behind it
      return;
    }
    try {
      note(told);
    } finally {
      boolean _ = told.release();
    }
    forget();
    var _ = channel.config().setAutoRead(false);
    server.driver.execute(this::goOn);
  }

  private void goOn() {
    if (channel.isActive()) {
      var _ = channel.pipeline().remove(this);
      var _ = channel.config().setAutoRead(true);
      next.run();
    }
  }

  /// The proxy's own connections, for its checks, are what they are.
  private void note(HAProxyMessage told) {
    AddressFamily family = told.proxiedProtocol().addressFamily();
    boolean inet = family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6;
    if (told.command() == HAProxyCommand.PROXY && inet) {
      channel
          .attr(TOLD)
          .set(
              new Ends(
                  address(told.destinationAddress(), told.destinationPort()),
                  address(told.sourceAddress(), told.sourcePort())));
    }
  }

  private static @Nullable SocketAddress address(@Nullable String text, int port) {
    InetAddress figures = text == null ? null : Network.literal(text);
    return figures == null ? null : new InetSocketAddress(figures, port);
  }

  private void forget() {
    over = true;
    server.host.timers().unset(watch);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    cutOff();
  }

  private void cutOff() {
    if (!over) {
      forget();
      channel.unsafe().close(channel.voidPromise());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    forget();
    var _ = own.fireChannelInactive();
  }
}
