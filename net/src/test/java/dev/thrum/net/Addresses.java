package dev.thrum.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/// The addresses by which this machine reaches itself.
final class Addresses {
  static final InetAddress FOUR = InetAddress.ofLiteral("127.0.0.1");
  static final InetAddress OTHER_FOUR = InetAddress.ofLiteral("127.0.0.2");
  static final InetAddress SIX = InetAddress.ofLiteral("::1");

  private static final boolean HAS_SIX = canListen(SIX);

  private Addresses() {}

  static boolean hasSix() {
    return HAS_SIX;
  }

  static List<InetAddress> loopbacks() {
    return HAS_SIX ? List.of(FOUR, SIX) : List.of(FOUR);
  }

  private static boolean canListen(InetAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, 0));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
