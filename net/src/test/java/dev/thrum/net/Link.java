package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.Task;
import dev.thrum.VoidBodyOf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// The kinds of streams there are, each as two ends on one loop.
enum Link {
  TCP,
  UNIX,

  /// It takes no settings.
  MEMORY,

  /// It takes no settings. What is sent takes its time and comes byte by byte.
  MEMORY_IN_BYTES,

  TLS_OF_THE_JDK,
  TLS_OF_OPENSSL,

  /// It takes no settings. By the JDK, over a slow network that tears its records apart.
  TLS_IN_MEMORY;

  private static int number;

  /// Runs a body with two ends, of which the first has connected to the second; then both are
  /// aborted.
  void use(Via via, VoidBodyOf<Net.Pair, Exception> body) throws Exception {
    use(via, Net.connector(), Net.listener(), body);
  }

  /// Runs a body with two ends that have settings.
  void use(
      Via via, Connector connector, Listener.Builder listener, VoidBodyOf<Net.Pair, Exception> body)
      throws Exception {
    via.run(() -> {
      Net.Pair pair = open(connector, listener);
      try {
        body.run(pair);
      } finally {
        pair.first().abort();
        pair.second().abort();
      }
    });
  }

  /// Opens two ends, in a task.
  Net.Pair open(Connector connector, Listener.Builder listener) throws IOException {
    return switch (this) {
      case TCP -> open(connector, listener, loopback());
      case UNIX -> open(connector, listener, file());
      case MEMORY -> Net.pair();
      case MEMORY_IN_BYTES -> Net.pair(Faults.create().delay(ofMillis(1)).partial(1));
      case TLS_OF_THE_JDK -> secured(connector, listener, Secured.EPOLL_JDK);
      case TLS_OF_OPENSSL -> secured(connector, listener, Secured.EPOLL_OPENSSL);
      case TLS_IN_MEMORY -> securedInMemory();
    };
  }

  private static Net.Pair securedInMemory() throws IOException {
    Net.Pair pair = Net.pair(Faults.create().delay(ofMillis(1)).partial(10_000));
    Secured.secure(pair, Secured.EPOLL_JDK.client(), Secured.EPOLL_JDK.server());
    return pair;
  }

  private static Net.Pair secured(Connector connector, Listener.Builder listener, Secured engine)
      throws IOException {
    return open(connector.tls(engine.client()), listener.tls(engine.server()), loopback());
  }

  private static Net.Pair open(Connector connector, Listener.Builder builder, SocketAddress where)
      throws IOException {
    try (Listener listener = builder.listen(where)) {
      Task<Connection> accepted = async(listener::accept);
      Connection first = connector.connect(listener.address());
      return new Net.Pair(first, accepted.await());
    }
  }

  private static SocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static SocketAddress file() throws IOException {
    Path folder = Files.createTempDirectory("thrum-unix");
    folder.toFile().deleteOnExit();
    return UnixDomainSocketAddress.of(folder.resolve("socket-" + ++number));
  }

  /// Whether one direction can end while the other goes on. Netty's OpenSSL ends both.
  boolean halfCloses() {
    return this != TLS_OF_OPENSSL;
  }

  /// More than is kept anywhere for a peer that does not read.
  byte[] tooMuch() {
    return new byte[this == MEMORY_IN_BYTES ? 1 << 19 : 1 << 24];
  }

  /// Writes until that waits for good, because nobody reads; then the writer is cancelled.
  ///
  /// @return how many bytes were accepted
  static long fill(Connection connection) {
    long[] accepted = {0};
    Task<?> writer =
        async(
            "filling",
            () -> {
              byte[] some = new byte[10_000];
              while (true) {
                accepted[0] += some.length;
                connection.write(some);
              }
            });
    long before = -1;
    for (int quiet = 0; quiet < 20; quiet++) {
      sleep(ofMillis(1));
      quiet = accepted[0] == before ? quiet : 0;
      before = accepted[0];
    }
    writer.cancel("filled");
    assertThrows(CancellationException.class, writer::await);
    return accepted[0];
  }

  /// Lets the loop turn until so much has come that nobody has read.
  static void untilAvailable(Connection connection, int count) {
    until(() -> {
      try {
        return connection.inputStream().available() >= count;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /// Lets the loop turn until something is so.
  static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      sleep(ofMillis(1));
    }
  }
}
