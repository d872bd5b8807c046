package dev.thrum.net;

import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;

import java.io.IOException;
import java.util.function.UnaryOperator;

/// Two connections of TCP with a man in the middle.
///
/// @param client the client's end
/// @param near the end that the man in the middle has towards the client
/// @param far the one towards the server
/// @param server the server's end
record Relay(Connection client, Connection near, Connection far, Connection server) {

  static Relay open() throws IOException {
    Net.Pair one = Secured.plain();
    Net.Pair two = Secured.plain();
    return new Relay(one.first(), one.second(), two.first(), two.second());
  }

  /// Passes everything on, in both directions, until the calling task's scope ends.
  void pass() {
    pass(near, far, bytes -> bytes);
    pass(far, near, bytes -> bytes);
  }

  /// Shakes hands, with the man in the middle passing on what is said.
  void secure(Tls clients, Tls servers) throws IOException {
    gather(() -> client.startTls(clients, "localhost"), () -> server.startTls(servers));
  }

  /// Ends the stream to the client, after what was sent to it.
  void cutOff() throws IOException {
    server.flush();
    checkpoint();
    near.closeOutput();
  }

  /// Passes everything on, changed.
  static void pass(Connection from, Connection to, UnaryOperator<byte[]> change) {
    background(() -> {
      try {
        for (byte[] some = from.read(1 << 16); some.length > 0; some = from.read(1 << 16)) {
          to.write(change.apply(some));
        }
        to.closeOutput();
      } catch (IOException _) {
        to.abort();
      }
    });
  }

  void close() {
    client.abort();
    near.abort();
    far.abort();
    server.abort();
  }
}
