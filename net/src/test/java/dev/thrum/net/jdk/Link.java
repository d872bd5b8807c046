package dev.thrum.net.jdk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;

/// The JDK's ways to connect two ends, one byte at a time.
enum Link {
  SOCKET {
    @Override
    Listener listen(int backlog) throws IOException {
      ServerSocket server = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
      return new Listener(server.getLocalSocketAddress(), () -> end(server.accept()), server);
    }

    @Override
    End connect(SocketAddress address) throws IOException {
      Socket socket = new Socket();
      socket.connect(address);
      return end(socket);
    }

    private static End end(Socket socket) {
      return new End(
          () -> socket.getInputStream().read(),
          value -> socket.getOutputStream().write(value),
          socket);
    }
  },

  CHANNEL {
    @Override
    Listener listen(int backlog) throws IOException {
      return bind(
          ServerSocketChannel.open(),
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          backlog);
    }

    @Override
    End connect(SocketAddress address) throws IOException {
      return end(SocketChannel.open(address));
    }
  },

  UNIX_CHANNEL {
    @Override
    Listener listen(int backlog) throws IOException {
      var path = Files.createTempDirectory("thrum").resolve("socket");
      Listener listener =
          bind(
              ServerSocketChannel.open(StandardProtocolFamily.UNIX),
              UnixDomainSocketAddress.of(path),
              backlog);
      return new Listener(
          listener.address,
          listener.accepts,
          () -> {
            listener.close();
            Files.delete(path);
            Files.delete(path.getParent());
          });
    }

    @Override
    End connect(SocketAddress address) throws IOException {
      return end(SocketChannel.open(address));
    }
  };

  abstract Listener listen(int backlog) throws IOException;

  abstract End connect(SocketAddress address) throws IOException;

  private static Listener bind(ServerSocketChannel server, SocketAddress address, int backlog)
      throws IOException {
    server.bind(address, backlog);
    return new Listener(server.getLocalAddress(), () -> end(server.accept()), server);
  }

  private static End end(SocketChannel channel) {
    return new End(
        () -> {
          ByteBuffer one = ByteBuffer.allocate(1);
          return channel.read(one) < 0 ? -1 : one.get(0) & 0xff;
        },
        value -> {
          var _ = channel.write(ByteBuffer.wrap(new byte[] {(byte) value}));
        },
        channel);
  }

  record Listener(SocketAddress address, Accepts accepts, Closeable channel) implements Closeable {
    interface Accepts {
      End accept() throws IOException;
    }

    End accept() throws IOException {
      return accepts.accept();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  record End(Reads reads, Writes writes, Closeable channel) implements Closeable {
    interface Reads {
      int read() throws IOException;
    }

    interface Writes {
      void write(int value) throws IOException;
    }

    int read() throws IOException {
      int value = reads.read();
      if (value < 0) {
        throw new EOFException();
      }
      return value;
    }

    void write(int value) throws IOException {
      writes.write(value);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
