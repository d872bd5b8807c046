package dev.thrum.net.internal;

import io.netty.channel.Channel;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioDomainSocketChannel;

/// Keeps the Unix sockets of NIO open when their input ends, as the other sockets are.
///
/// Netty closes them, whatever their configuration says. It asks here how much has been read: it is
/// told that nothing was, and the pipeline what it would be told of another socket.
public final class HalfClosing implements RecvByteBufAllocator {
  private final Channel channel;
  private final RecvByteBufAllocator sizes;

  private HalfClosing(Channel channel) {
    this.channel = channel;
    this.sizes = channel.config().getRecvByteBufAllocator();
  }

  /// Makes a channel one whose halves end one by one, if it is not. Before it reads.
  ///
  /// @param channel a stream
  public static void allow(Channel channel) {
    if (channel instanceof NioDomainSocketChannel) {
      channel.config().setRecvByteBufAllocator(new HalfClosing(channel));
    }
  }

  @Override
  @SuppressWarnings("deprecation") // it is what a channel asks for
  public Handle newHandle() {
    return new DelegatingHandle(sizes.newHandle()) {
      private boolean ended;

      @Override
      public void lastBytesRead(int bytes) {
        ended = bytes < 0;
        super.lastBytesRead(Math.max(0, bytes));
      }

      @Override
      public void readComplete() {
        super.readComplete();
        if (ended) {
          channel.config().setAutoRead(false);
          channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
      }
    };
  }
}
