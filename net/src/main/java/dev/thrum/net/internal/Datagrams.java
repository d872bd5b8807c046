package dev.thrum.net.internal;

import io.netty.channel.ChannelException;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A new socket for datagrams, with what Netty leaves out: empty ones.
///
/// @param channel the socket as Netty has it, not registered
/// @param nothing sends an empty datagram
public record Datagrams(DatagramChannel channel, Nothing nothing) {
  private static final int LARGEST = 1 << 16;

  /// Sends an empty datagram.
  public interface Nothing {

    /// Sends it. By the poller.
    ///
    /// @param to its address, also if the socket is connected
    /// @throws IOException if it cannot be sent
    void send(InetSocketAddress to) throws IOException;
  }

  /// When Netty reads one datagram of a connected socket at a time it leaves out empty ones; so it
  /// reads two.
  static Datagrams epoll(@Nullable SocketProtocolFamily family) {
    EpollDatagramChannel channel = new EpollDatagramChannel(family);
    channel.config().setMaxDatagramPayloadSize(LARGEST);
    channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(2 * LARGEST));
    return new Datagrams(channel, nothingOn(channel));
  }

  /// Of another native transport.
  static Datagrams of(DatagramChannel channel) {
    channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(LARGEST));
    return new Datagrams(channel, nothingOn(channel));
  }

  private static Nothing nothingOn(DatagramChannel channel) {
    Socket socket = (Socket) ((UnixChannel) channel).fd();
    ByteBuffer empty = ByteBuffer.allocateDirect(0);
    return to -> {
      int _ =
          channel.isConnected()
              ? socket.send(empty, 0, 0)
              : socket.sendTo(empty, 0, 0, to.getAddress(), to.getPort());
    };
  }

  static Datagrams nio(@Nullable SocketProtocolFamily family) {
    java.nio.channels.DatagramChannel own = open(family);
    NioDatagramChannel channel = new NioDatagramChannel(own);
    channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(LARGEST));
    return new Datagrams(channel, to -> sendNothing(own, to));
  }

  private static java.nio.channels.DatagramChannel open(@Nullable SocketProtocolFamily family) {
    try {
      return family == null
          ? java.nio.channels.DatagramChannel.open()
          : java.nio.channels.DatagramChannel.open(family.toJdkFamily());
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  private static void sendNothing(java.nio.channels.DatagramChannel from, InetSocketAddress to)
      throws IOException {
    if (from.isConnected()) {
      throw new IOException("NIO cannot send an empty datagram on a connected socket");
    }
    var _ = from.send(ByteBuffer.allocate(0), to);
  }
}
