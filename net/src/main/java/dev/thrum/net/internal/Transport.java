package dev.thrum.net.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The system's ways to wait for sockets. `-Dthrum.net.transport=…` chooses one by its name in
/// lower case; else it is the first of these that works here, io_uring left out.
public enum Transport {
  /// Linux.
  EPOLL {
    @Override
    @Nullable Throwable unavailable() {
      return Epoll.unavailabilityCause();
    }

    @Override
    IoHandlerFactory handlers() {
      return EpollIoHandler.newFactory(EVENTS, DefaultSelectStrategyFactory.INSTANCE);
    }

    @Override
    public Channel stream(boolean unix) {
      return unix ? new EpollDomainSocketChannel() : new EpollSocketChannel();
    }

    @Override
    public ServerChannel server(boolean unix) {
      return unix ? new EpollServerDomainSocketChannel() : new EpollServerSocketChannel();
    }

    @Override
    public Datagrams datagrams(@Nullable SocketProtocolFamily family) {
      return Datagrams.epoll(family);
    }
  },

  /// macOS.
  KQUEUE {
    @Override
    @Nullable Throwable unavailable() {
      return KQueue.unavailabilityCause();
    }

    @Override
    IoHandlerFactory handlers() {
      return KQueueIoHandler.newFactory();
    }

    @Override
    public Channel stream(boolean unix) {
      return unix ? new KQueueDomainSocketChannel() : new KQueueSocketChannel();
    }

    @Override
    public ServerChannel server(boolean unix) {
      return unix ? new KQueueServerDomainSocketChannel() : new KQueueServerSocketChannel();
    }

    @Override
    public Datagrams datagrams(@Nullable SocketProtocolFamily family) {
      return Datagrams.of(new KQueueDatagramChannel(family));
    }
  },

  /// Everywhere.
  NIO {
    @Override
    @Nullable Throwable unavailable() {
      return null;
    }

    @Override
    IoHandlerFactory handlers() {
      return NioIoHandler.newFactory();
    }

    @Override
    public Channel stream(boolean unix) {
      return unix ? new NioDomainSocketChannel() : new NioStream();
    }

    @Override
    public ServerChannel server(boolean unix) {
      return unix ? new NioServerDomainSocketChannel() : new NioStream.Server();
    }

    @Override
    public Datagrams datagrams(@Nullable SocketProtocolFamily family) {
      return Datagrams.nio(family);
    }

    @Override
    public SocketAddress toNetty(SocketAddress address) {
      return address;
    }
  },

  /// Linux, where the kernel allows it. It has no Unix sockets.
  IO_URING {
    @Override
    @Nullable Throwable unavailable() {
      return IoUring.unavailabilityCause();
    }

    @Override
    IoHandlerFactory handlers() {
      return IoUringIoHandler.newFactory();
    }

    @Override
    public Channel stream(boolean unix) {
      return unix ? noUnix() : new IoUringSocketChannel();
    }

    @Override
    public ServerChannel server(boolean unix) {
      return unix ? noUnix() : new IoUringServerSocketChannel();
    }

    @Override
    public Datagrams datagrams(@Nullable SocketProtocolFamily family) {
      return Datagrams.of(new IoUringDatagramChannel(family));
    }

    private <C> C noUnix() {
      throw new UnsupportedOperationException(
          "io_uring has no Unix sockets here; start with -D" + PROPERTY + "=epoll");
    }
  };

  private static final String PROPERTY = "thrum.net.transport";

  /// How many sockets a turn takes at a time: what it reads, hands to tasks and sends for them
  /// should still be in the processor's cache when it comes to the end.
  private static final int EVENTS = 8;

  /// The one that this JVM uses.
  ///
  /// @return what the property names, else the best one
  /// @throws IllegalStateException if the property names none, or one that does not work here
  public static Transport ofThisJvm() {
    String wanted = System.getProperty(PROPERTY);
    if (wanted == null) {
      return EPOLL.unavailable() == null ? EPOLL : KQUEUE.unavailable() == null ? KQUEUE : NIO;
    }
    for (Transport one : values()) {
      if (one.toString().equals(wanted)) {
        Throwable cause = one.unavailable();
        if (cause != null) {
          throw new IllegalStateException(
              "-D" + PROPERTY + "=" + wanted + " does not work here: " + rootOf(cause), cause);
        }
        return one;
      }
    }
    throw new IllegalStateException(
        "-D" + PROPERTY + "=" + wanted + ": there is only " + Arrays.toString(values()));
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /// Why it does not work on this machine.
  abstract @Nullable Throwable unavailable();

  abstract IoHandlerFactory handlers();

  /// A new socket for a stream. By the poller.
  ///
  /// @param unix whether it is a Unix socket
  /// @return a channel that is not registered
  public abstract Channel stream(boolean unix);

  /// A new socket that listens. By the poller.
  ///
  /// @param unix whether it is a Unix socket
  /// @return a channel that is not registered
  public abstract ServerChannel server(boolean unix);

  /// A new socket for datagrams. By the poller.
  ///
  /// @param family of its addresses, or null for both
  /// @return a channel that is not registered
  public abstract Datagrams datagrams(@Nullable SocketProtocolFamily family);

  /// An address as the channels of this transport take it.
  ///
  /// @param address one of the JDK's
  /// @return the same for Netty
  public SocketAddress toNetty(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress unix
        ? new DomainSocketAddress(unix.getPath().toFile())
        : address;
  }

  /// An address as the JDK has it.
  ///
  /// @param address one of Netty's
  /// @return the same for users
  public static SocketAddress toJdk(SocketAddress address) {
    return address instanceof DomainSocketAddress unix
        ? UnixDomainSocketAddress.of(unix.path())
        : address;
  }

  /// Whether the system can copy a file into a socket by itself: the native transports look for the
  /// number of the system's file inside.
  ///
  /// @param file an open file
  /// @return true for a file of the JDK's
  public static boolean canCopy(FileChannel file) {
    return file.getClass().getName().equals("sun.nio.ch.FileChannelImpl");
  }

  /// Closes at once, so that the peer sees a reset where there is one. By the poller.
  ///
  /// @param channel one of a stream
  /// @param remote the address of the other side
  public static void reset(Channel channel, SocketAddress remote) {
    if (remote instanceof InetSocketAddress && channel.isOpen()) {
      try {
        var _ = channel.config().setOption(ChannelOption.SO_LINGER, 0);
      } catch (ChannelException _) {
        // The system has taken it down already.
      }
    }
    channel.unsafe().close(channel.voidPromise());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
