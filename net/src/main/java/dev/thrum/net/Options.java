package dev.thrum.net;

import dev.thrum.net.internal.HalfClosing;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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

  /// Sets an option.
  ///
  /// @throws UnsupportedOperationException if the channel does not have it
  static void set(Channel channel, SocketOption<?> option, Object value) {
    if (!setIfThere(channel, option, value)) {
      throw unsupported(channel, option);
    }
  }

  /// Sets an option.
  ///
  /// @return false if the channel does not have it
  @SuppressWarnings("unchecked") // it was given together with its value
  static boolean setIfThere(Channel channel, SocketOption<?> option, Object value) {
    ChannelOption<Object> known = (ChannelOption<Object>) KNOWN.get(option);
    return (known != null && channel.config().setOption(known, value))
        || channel.config().setOption(NioChannelOption.of((SocketOption<Object>) option), value);
  }

  /// What every stream has: its two halves end and break one by one (Netty's Unix sockets of NIO
  /// break together), a connection takes as long as the task's scopes let it, and nothing waits to
  /// be joined by more.
  static void forStream(Channel channel) {
    var _ = channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    var _ =
        channel
            .config()
            .setOption(ChannelOption.AUTO_CLOSE, channel instanceof NioDomainSocketChannel);
    var _ = channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    var _ = channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    HalfClosing.allow(channel);
  }

  private static UnsupportedOperationException unsupported(
      Channel channel, SocketOption<?> option) {
    return new UnsupportedOperationException(
        option.name() + " cannot be set here; there are " + String.join(", ", names(channel)));
  }

  /// The JDK's names of what a channel has. NIO knows all options of the JDK, the native transports
  /// those that have their own.
  private static Set<String> names(Channel channel) {
    Set<ChannelOption<?>> own = channel.config().getOptions().keySet();
    Set<String> names = new TreeSet<>();
    KNOWN.forEach((option, known) -> {
      if (own.contains(known)) {
        names.add(option.name());
      }
    });
    own.stream().filter(NioChannelOption.class::isInstance).forEach(one -> names.add(one.name()));
    return names;
  }
}
