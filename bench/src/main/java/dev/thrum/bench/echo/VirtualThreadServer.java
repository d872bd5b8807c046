package dev.thrum.bench.echo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// The JDK's sockets, a virtual thread for each connection.
final class VirtualThreadServer {
  private static final int BACKLOG = 4096;
  private static final int BUFFER_BYTES = 64 * 1024;

  private VirtualThreadServer() {}

  static void main(String[] args) throws IOException {
    if (args.length > 0) {
      System.out.println(Desk.jdk());
      return;
    }
    try (var listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
      Desk.open(listening.getLocalPort());
      while (true) {
        var socket = listening.accept();
        Thread.startVirtualThread(() -> echo(socket));
      }
    }
  }

  private static void echo(Socket connection) {
    try (var socket = connection) {
      socket.setTcpNoDelay(true);
      var in = socket.getInputStream();
      var out = socket.getOutputStream();
      var buffer = new byte[BUFFER_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
    } catch (IOException _) {
      // The client has gone.
    }
  }
}
