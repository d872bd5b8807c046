package dev.thrum.http;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.Durations;
import dev.thrum.internal.Timer;
import dev.thrum.net.internal.RawChannel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// Takes what a proxy says of a connection before anything else comes, in either version of the
/// PROXY protocol. Who says nothing, or says it wrong, is none of our proxies and is cut off.
final class ProxyHeader extends ChannelInboundHandlerAdapter implements HttpConnection {
  private final LoopServer server;
  private final RawChannel raw;
  private final Watch watch = new Watch();
  private boolean over;

  /// Gives up who says nothing.
  private final class Watch extends Timer {
    @Override
    protected void fire() {
      server.driver.execute(ProxyHeader.this::abort);
    }
  }

  private ProxyHeader(LoopServer server, RawChannel raw) {
    this.server = server;
    this.raw = raw;
  }

  /// By the poller, before anything has been read.
  static void begin(LoopServer server, RawChannel raw) {
    ProxyHeader header = new ProxyHeader(server, raw);
    var _ = raw.channel().pipeline().addLast(new HAProxyMessageDecoder(), header);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) {
    server.driver.opened(this);
    server.opened(this);
    long limit = Durations.nanos(server.settings.headerTimeout());
    server.host.timers().set(watch, server.host.timeAfter(limit));
  }

  private void forget() {
    if (!over) {
      over = true;
      server.host.timers().unset(watch);
      server.driver.closed(this);
      server.closed(this);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    if (!(message instanceof HAProxyMessage told)) {
      ReferenceCountUtil.release(message);
      return;
    }
    RawChannel meant;
    try {
      meant = meant(told);
    } finally {
      boolean _ = told.release();
    }
    ProtocolChoice.begin(server, meant);
    forget();
    var _ = own.pipeline().remove(this);
  }

  /// The proxy's own connections, for its checks, are what they are.
  private RawChannel meant(HAProxyMessage told) {
    AddressFamily family = told.proxiedProtocol().addressFamily();
    boolean inet = family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6;
    if (told.command() != HAProxyCommand.PROXY || !inet) {
      return raw;
    }
    SocketAddress local = address(told.destinationAddress(), told.destinationPort());
    SocketAddress remote = address(told.sourceAddress(), told.sourcePort());
    return new RawChannel(
        raw.driver(),
        raw.channel(),
        local == null ? raw.local() : local,
        remote == null ? raw.remote() : remote,
        raw.tls());
  }

  private static @Nullable SocketAddress address(@Nullable String text, int port) {
    InetAddress figures = text == null ? null : Network.literal(text);
    return figures == null ? null : new InetSocketAddress(figures, port);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    abort();
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    forget();
  }

  @Override
  public void drain() {
    abort();
  }

  @Override
  public void abort() {
    if (!over) {
      raw.channel().unsafe().close(raw.channel().voidPromise());
    }
  }

  @Override
  public boolean isSent() {
    return true;
  }

  @Override
  public @Nullable DebugStack openedAt() {
    return null; // no program has opened it
  }

  @Override
  public void closeAtEnd() {
    abort();
  }

  @Override
  public String toString() {
    return "connection of a proxy at " + raw.remote();
  }
}
