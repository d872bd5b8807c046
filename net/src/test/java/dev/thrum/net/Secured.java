package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.settle;

import dev.thrum.Outcome;
import dev.thrum.Task;
import dev.thrum.VoidBody;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// As [Via], with TLS by one of the two engines.
enum Secured {
  EPOLL_JDK(Via.EPOLL, false),
  EPOLL_OPENSSL(Via.EPOLL, true),
  NIO_JDK(Via.NIO, false),
  NIO_OPENSSL(Via.NIO, true);

  private final Via via;
  private final boolean openSsl;

  Secured(Via via, boolean openSsl) {
    this.via = via;
    this.openSsl = openSsl;
  }

  boolean isOpenSsl() {
    return openSsl;
  }

  /// Runs a body.
  <X extends Throwable> void run(VoidBody<X> body) throws X {
    via.run(body);
  }

  /// A client that trusts [Certificates#authority()].
  Tls client() {
    return engine(Tls.client()).trust(Certificates.authority());
  }

  /// A server that shows [Certificates#server()].
  Tls server() {
    return server(Certificates.server());
  }

  Tls server(Certificates.Identity shown) {
    return engine(Tls.server(shown.chain(), shown.key()));
  }

  private Tls engine(Tls tls) {
    return openSsl ? tls : tls.jdkEngine();
  }

  /// The two ends of a TLS connection, the client's first.
  Net.Pair pair() throws IOException {
    return pair(client(), server());
  }

  static Net.Pair pair(Tls client, Tls server) throws IOException {
    return pair(Net.connector(), client, Net.listener(), server);
  }

  static Net.Pair pair(Connector connector, Tls client, Listener.Builder builder, Tls server)
      throws IOException {
    Net.Pair ends = plain(connector, builder);
    secure(ends, client, server);
    return ends;
  }

  /// Shakes hands, the first one as the client.
  static void secure(Net.Pair ends, Tls client, Tls server) throws IOException {
    gather(() -> ends.first().startTls(client, "localhost"), () -> ends.second().startTls(server));
  }

  /// The two ends of a TCP connection, the client's first.
  static Net.Pair plain() throws IOException {
    return plain(Net.connector(), Net.listener());
  }

  static Net.Pair plain(Connector connector, Listener.Builder builder) throws IOException {
    try (Listener listener = builder.listen("127.0.0.1", 0)) {
      Task<Connection> accepted = async(listener::accept);
      Connection client = connector.connect(listener.address());
      return new Net.Pair(client, await(accepted));
    }
  }

  /// How a handshake ends at either side.
  ///
  /// @param client what the client saw
  /// @param server what the server saw
  record Shaken(Optional<Throwable> client, Optional<Throwable> server) {
    boolean succeeded() {
      return client.isEmpty() && server.isEmpty();
    }
  }

  /// Shakes hands, and has the client read a byte that the server writes, since with TLS 1.3 a
  /// client hears only then that it was refused.
  static Shaken shake(Net.Pair ends, Tls client, String host, Tls server) throws IOException {
    List<Outcome<Boolean>> both =
        settle(
            () -> {
              ends.first().startTls(client, host);
              return ends.first().readExactly(1)[0] == '!';
            },
            () -> {
              ends.second().startTls(server);
              ends.second().write("!");
              return true;
            });
    return new Shaken(failure(both.get(0)), failure(both.get(1)));
  }

  private static Optional<Throwable> failure(Outcome<?> outcome) {
    return outcome instanceof Outcome.Failure<?>(Throwable thrown)
        ? Optional.of(thrown)
        : Optional.empty();
  }

  static void close(Net.Pair ends) throws IOException {
    ends.first().close();
    ends.second().close();
  }
}
