package dev.thrum.net.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;

/// A TCP socket of NIO that can be read after a write has failed. Netty's own would go on waiting
/// until it can be written to, which a broken one always can, so that the loop would spin.
final class NioStream extends NioSocketChannel {
  NioStream() {}

  private NioStream(Channel parent, SocketChannel accepted) {
    super(parent, accepted);
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer data) throws Exception {
    try {
      super.doWrite(data);
    } catch (IOException e) {
      clearOpWrite();
      throw e;
    }
  }

  /// Accepts such sockets.
  static final class Server extends NioServerSocketChannel {
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      SocketChannel one = javaChannel().accept();
      if (one == null) {
        return 0;
      }
      accepted.add(new NioStream(this, one));
      return 1;
    }
  }
}
