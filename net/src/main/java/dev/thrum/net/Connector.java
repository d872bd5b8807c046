package dev.thrum.net;

import static dev.thrum.Async.scope;
import static dev.thrum.Async.timeoutOr;

import dev.thrum.Scope;
import dev.thrum.internal.DebugStack;
import dev.thrum.internal.Durations;
import dev.thrum.net.internal.Driver;
import dev.thrum.sync.Event;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// How to connect: options first, then one of the `connect` methods, any number of times.
///
/// ```java
/// Connection connection = Net.connector().tls(Tls.client()).readLimit(1 << 20).connect("example.org", 443);
/// ```
///
/// **Time.** There is no timeout of its own: `timeout(ofSeconds(5), () -> …connect(…))`.
public final class Connector {
  private static final Duration DELAY = Duration.ofMillis(250);

  private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
  private Settings settings = Settings.DEFAULT;
  private Duration attemptDelay = DELAY;
  private @Nullable SocketAddress from;
  private @Nullable Tls tls;

  Connector() {}

  /// Secures the connection before it is returned.
  ///
  /// @param client a client's settings
  /// @return this
  public Connector tls(Tls client) {
    if (!client.isClient()) {
      throw new IllegalArgumentException("to connect takes Tls.client(…), not a server's");
    }
    tls = client;
    return this;
  }

  /// Sets one of the JDK's `StandardSocketOptions`. `TCP_NODELAY` is on unless it is set to false.
  ///
  /// @param option the option
  /// @param value its value
  /// @param <T> the type of the value
  /// @return this
  public <T> Connector option(SocketOption<T> option, T value) {
    options.put(Objects.requireNonNull(option, "option"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /// The address of this side.
  ///
  /// @param address a resolved address of this machine, with port 0 for any
  /// @return this
  public Connector from(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
      throw new IllegalArgumentException(
          "to connect from " + address + ": give an address of this machine, looked up before");
    }
    from = address;
    return this;
  }

  /// How long a line, or what stands before a separator, may be: 64 KiB unless it is set.
  ///
  /// @param bytes at least 1
  /// @return this
  public Connector readLimit(int bytes) {
    settings = settings.withReadLimit(bytes);
    return this;
  }

  /// From how many received bytes on that nobody has read the peer has to wait: 128 KiB unless it
  /// is set. What is under way when it is reached is kept too.
  ///
  /// @param bytes at least 1
  /// @return this
  public Connector readBuffer(int bytes) {
    settings = settings.withReadBuffer(bytes);
    return this;
  }

  /// With how many unsent bytes a write still returns at once: 64 KiB unless it is set. One that
  /// had to wait goes on when a quarter of that is left. With 0 every write waits until the system
  /// has taken everything.
  ///
  /// @param bytes at least 0
  /// @return this
  public Connector writeBuffer(int bytes) {
    return writeBuffer(bytes / 4, bytes);
  }

  /// As [#writeBuffer(int)], with the number at which a write goes on.
  ///
  /// @param low at least 0
  /// @param high at least `low`
  /// @return this
  public Connector writeBuffer(int low, int high) {
    settings = settings.withWriteBuffer(low, high);
    return this;
  }

  /// How long closing waits for what has not been sent: 30 seconds unless it is set.
  ///
  /// @param limit zero or more
  /// @return this
  public Connector linger(Duration limit) {
    settings = settings.withLinger(Durations.check(limit, "linger"));
    return this;
  }

  /// How long one address is tried alone before the next one is tried too: 250 ms unless it is set.
  ///
  /// @param delay zero or more
  /// @return this
  public Connector attemptDelay(Duration delay) {
    attemptDelay = Durations.check(delay, "a delay between attempts");
    return this;
  }

  /// Connects over TCP. All addresses of the host are tried, the families by turns, the next one
  /// whenever one has failed or the last one was not there after [#attemptDelay] (RFC 8305, Happy
  /// Eyeballs); the first to be there wins and the others are closed.
  ///
  /// **Cancellation.** Closes every socket that was opened. A look-up of the name that hangs is
  /// left alone.
  ///
  /// @param host a name or an address
  /// @param port its port
  /// @return the connection, after the TLS handshake if there is one
  /// @throws java.net.UnknownHostException if the name has no address
  /// @throws ConnectException if no address can be reached; it says why for each
  /// @throws IOException if the handshake fails
  public Connection connect(String host, int port) throws IOException {
    Driver driver = Driver.current();
    List<InetAddress> all = Resolver.interleaved(Resolver.resolve(host));
    List<InetSocketAddress> addresses =
        all.stream().map(one -> new InetSocketAddress(one, port)).toList();
    DebugStack openedAt = DebugStack.ofCaller("opened here");
    ConnectionImpl made =
        addresses.size() == 1
            ? attempt(driver, addresses.getFirst(), host, openedAt)
            : new Eyeballs(driver, host, port, addresses, openedAt).connect();
    return secured(made, host);
  }

  /// Connects to an address.
  ///
  /// TLS demands that the certificate is for the address itself: an `InetAddress` takes on any name
  /// that somebody looks up for it. For a name use [#connect(String, int)] or [Tls#serverName].
  ///
  /// @param address an `InetSocketAddress`, for TCP, or a `UnixDomainSocketAddress`
  /// @return the connection, after the TLS handshake if there is one
  /// @throws IOException if it cannot be reached, or the handshake fails
  public Connection connect(SocketAddress address) throws IOException {
    if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
      return connect(inet.getHostString(), inet.getPort());
    }
    String host =
        address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "";
    return secured(
        attempt(Driver.current(), address, host, DebugStack.ofCaller("opened here")), host);
  }

  private ConnectionImpl attempt(
      Driver driver, SocketAddress address, String host, @Nullable DebugStack openedAt)
      throws IOException {
    return new Attempt(driver, address, host, from, Map.copyOf(options), settings, openedAt).make();
  }

  private Connection secured(ConnectionImpl made, String host) throws IOException {
    if (tls != null) {
      boolean done = false;
      try {
        made.startTls(tls, host);
        done = true;
      } finally {
        if (!done) {
          made.abort();
        }
      }
    }
    return made;
  }

  /// Attempts that overlap.
  private final class Eyeballs {
    private final Driver driver;
    private final String host;
    private final String target;
    private final List<InetSocketAddress> addresses;
    private final @Nullable DebugStack openedAt;
    private final List<IOException> failures = new ArrayList<>();
    private final StringJoiner reasons = new StringJoiner("; ");
    private @Nullable ConnectionImpl winner;

    Eyeballs(
        Driver driver,
        String host,
        int port,
        List<InetSocketAddress> addresses,
        @Nullable DebugStack openedAt) {
      this.driver = driver;
      this.host = host;
      this.target = host + ":" + port;
      this.addresses = addresses;
      this.openedAt = openedAt;
    }

    ConnectionImpl connect() throws IOException {
      boolean over = false;
      try {
        scope(all -> {
          attempt(all, 0);
        });
        over = true;
      } finally {
        if (!over && winner != null) {
          winner.abort();
        }
      }
      if (winner == null) {
        throw failure();
      }
      return winner;
    }

    private void attempt(Scope all, int number) {
      Event failed = Event.create();
      if (number + 1 < addresses.size()) {
        all.async(
            "attempt-" + (number + 2),
            () -> {
              timeoutOr(
                  attemptDelay,
                  null,
                  () -> {
                    failed.await();
                    return null;
                  });
              attempt(all, number + 1);
            });
      }
      try {
        ConnectionImpl made = Connector.this.attempt(driver, addresses.get(number), host, openedAt);
        if (winner == null) {
          winner = made;
          all.cancel("connected");
        } else {
          made.abort();
        }
      } catch (IOException e) {
        failures.add(e);
        reasons.add(
            Failures.reasonOf(e.getCause())
                + " ("
                + addresses.get(number).getAddress().getHostAddress()
                + ")");
        failed.set();
      }
    }

    private ConnectException failure() {
      ConnectException combined = new ConnectException("connecting to " + target + ": " + reasons);
      failures.forEach(combined::addSuppressed);
      return combined;
    }
  }
}
