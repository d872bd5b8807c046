package dev.thrum.net.jdk;

import dev.thrum.VoidBody;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/// The JDK's calls that wait for the network, or for what is used like it.
enum Wait {
  SOCKET_ACCEPT {
    @Override
    Pair open() throws IOException {
      ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
      return new Pair(
          () -> server.accept().close(),
          () -> new Socket(LOOPBACK, server.getLocalPort()).close(),
          List.of(server));
    }
  },

  SOCKET_READ {
    @Override
    Pair open() throws IOException {
      try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
        Socket there = new Socket(LOOPBACK, server.getLocalPort());
        Socket here = server.accept();
        return new Pair(
            () -> {
              var _ = here.getInputStream().read();
            },
            () -> there.getOutputStream().write(1),
            List.of(here, there));
      }
    }
  },

  SOCKET_WRITE {
    @Override
    Pair open() throws IOException {
      try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
        Socket there = new Socket(LOOPBACK, server.getLocalPort());
        Socket here = server.accept();
        return new Pair(
            () -> here.getOutputStream().write(new byte[MORE_THAN_BUFFERS]),
            () -> there.getInputStream().skipNBytes(MORE_THAN_BUFFERS),
            List.of(here, there));
      }
    }
  },

  CHANNEL_ACCEPT {
    @Override
    Pair open() throws IOException {
      ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT, 1);
      return new Pair(
          () -> server.accept().close(),
          () -> SocketChannel.open(server.getLocalAddress()).close(),
          List.of(server));
    }
  },

  CHANNEL_READ {
    @Override
    Pair open() throws IOException {
      try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT, 1)) {
        SocketChannel there = SocketChannel.open(server.getLocalAddress());
        SocketChannel here = server.accept();
        return new Pair(
            () -> {
              var _ = here.read(ByteBuffer.allocate(1));
            },
            () -> {
              var _ = there.write(ByteBuffer.allocate(1));
            },
            List.of(here, there));
      }
    }
  },

  DATAGRAM_SOCKET_RECEIVE {
    @Override
    Pair open() throws IOException {
      DatagramSocket here = new DatagramSocket(ANY_PORT);
      DatagramSocket there = new DatagramSocket(ANY_PORT);
      return new Pair(
          () -> here.receive(new DatagramPacket(new byte[1], 1)),
          () -> there.send(new DatagramPacket(new byte[1], 1, here.getLocalSocketAddress())),
          List.of(here, there));
    }
  },

  DATAGRAM_CHANNEL_RECEIVE {
    @Override
    Pair open() throws IOException {
      DatagramChannel here = DatagramChannel.open().bind(ANY_PORT);
      DatagramChannel there = DatagramChannel.open().bind(ANY_PORT);
      return new Pair(
          () -> {
            var _ = here.receive(ByteBuffer.allocate(1));
          },
          () -> {
            var _ = there.send(ByteBuffer.allocate(1), here.getLocalAddress());
          },
          List.of(here, there));
    }
  },

  PIPE_READ {
    @Override
    Pair open() throws IOException {
      Pipe pipe = Pipe.open();
      return new Pair(
          () -> {
            var _ = pipe.source().read(ByteBuffer.allocate(1));
          },
          () -> {
            var _ = pipe.sink().write(ByteBuffer.allocate(1));
          },
          List.of(pipe.source(), pipe.sink()));
    }
  },

  /// Returns when it is interrupted, and leaves it to its caller to say so.
  SELECT {
    @Override
    Pair open() throws IOException {
      Selector selector = Selector.open();
      return new Pair(
          () -> {
            var _ = selector.select();
            if (Thread.interrupted()) {
              throw new InterruptedException();
            }
          },
          selector::wakeup,
          List.of(selector));
    }
  };

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);
  private static final int MORE_THAN_BUFFERS = 16 << 20;

  abstract Pair open() throws IOException;

  /// A call that waits, and the one that ends its wait.
  record Pair(
      VoidBody<Exception> waits, VoidBody<Exception> ends, List<? extends Closeable> resources)
      implements Closeable {
    @Override
    public void close() throws IOException {
      for (Closeable resource : resources) {
        resource.close();
      }
    }
  }
}
