package dev.thrum.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// An address where somebody listens and has no room for one more: connecting takes for ever.
final class Full implements AutoCloseable {
  private static final int TRIES = 20;

  private final ServerSocket server;
  private final List<SocketChannel> waiting = new ArrayList<>();

  Full(InetAddress address, int port) throws IOException {
    server = new ServerSocket(port, 1, address);
    while (connects()) {
      if (waiting.size() > TRIES) {
        throw new AssertionError("there is always room for one more");
      }
    }
  }

  private boolean connects() throws IOException {
    SocketChannel one = SocketChannel.open();
    waiting.add(one);
    one.configureBlocking(false);
    boolean connected = one.connect(address());
    for (int i = 0; i < TRIES && !connected; i++) {
      pause();
      connected = one.finishConnect();
    }
    return connected;
  }

  private static void pause() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel one : waiting) {
      one.close();
    }
    server.close();
  }
}
