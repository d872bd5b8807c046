package dev.thrum.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;

/// The JDK's socket options as Netty calls them.
final class Options {
  private static final Map<SocketOption<?>, ChannelOption<?>> KNOWN =
      Map.ofEntries(
          Map.entry(StandardSocketOptions.SO_SNDBUF, ChannelOption.SO_SNDBUF),
          Map.entry(StandardSocketOptions.SO_RCVBUF, ChannelOption.SO_RCVBUF),
          Map.entry(StandardSocketOptions.SO_KEEPALIVE, ChannelOption.SO_KEEPALIVE),
          Map.entry(StandardSocketOptions.SO_REUSEADDR, ChannelOption.SO_REUSEADDR),
          Map.entry(StandardSocketOptions.SO_REUSEPORT, UnixChannelOption.SO_REUSEPORT),
          Map.entry(StandardSocketOptions.SO_LINGER, ChannelOption.SO_LINGER),
          Map.entry(StandardSocketOptions.SO_BROADCAST, ChannelOption.SO_BROADCAST),
          Map.entry(StandardSocketOptions.TCP_NODELAY, ChannelOption.TCP_NODELAY),
          Map.entry(StandardSocketOptions.IP_TOS, ChannelOption.IP_TOS));

  private Options() {}

  /// How to set an option.
  ///
  /// @throws UnsupportedOperationException if the channel does not have it
  @SuppressWarnings("unchecked") // both sides of an entry have values of one type
  static <T> Runnable on(Channel channel, SocketOption<T> option, T value) {
    ChannelOption<T> known = (ChannelOption<T>) KNOWN.get(option);
    if (known == null || !channel.config().getOptions().containsKey(known)) {
      throw new UnsupportedOperationException(
          option.name() + " cannot be set here; there are " + names());
    }
    return () -> channel.config().setOption(known, value);
  }

  /// Whether a channel has an option.
  static boolean has(Channel channel, SocketOption<?> option) {
    ChannelOption<?> known = KNOWN.get(option);
    return known != null && channel.config().getOptions().containsKey(known);
  }

  /// Sets an option, by the poller.
  ///
  /// @throws UnsupportedOperationException if the channel does not have it
  @SuppressWarnings("unchecked") // it was given together with its value
  static void set(Channel channel, SocketOption<?> option, Object value) {
    on(channel, (SocketOption<Object>) option, value).run();
  }

  /// What every stream has: its two halves end and break one by one (but for Netty's Unix sockets
  /// of NIO, which cannot), a connection takes as long as the task's scopes let it, and nothing
  /// waits to be joined by more.
  static void forStream(Channel channel) {
    var _ = channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    var _ =
        channel
            .config()
            .setOption(ChannelOption.AUTO_CLOSE, channel instanceof NioDomainSocketChannel);
    var _ = channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    var _ = channel.config().setOption(ChannelOption.TCP_NODELAY, true);
  }

  private static String names() {
    return String.join(", ", KNOWN.keySet().stream().map(SocketOption::name).sorted().toList());
  }
}
