package dev.thrum.bench.echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Plain Netty on epoll and one event loop: what has been read is written as it is, and sent when
/// nothing more is there to read.
final class NettyServer {
  private static final int BACKLOG = 4096;

  private NettyServer() {}

  static void main(String[] args) throws InterruptedException {
    if (args.length > 0) {
      System.out.println(Desk.netty() + " on epoll");
      return;
    }
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    var listening =
        new ServerBootstrap()
            .group(group)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Echo())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    Desk.open(((InetSocketAddress) listening.localAddress()).getPort());
    listening.closeFuture().sync();
  }

  @Sharable
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.write(message, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
