package dev.thrum.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/// The front door: connect, listen, resolve. Everything here is called by a task and belongs to its
/// loop, which does the I/O on its own thread.
///
/// ```java
/// try (Listener listener = Net.listen(7)) {
///   listener.serve(connection -> {
///     for (String line : connection.lines()) {
///       connection.write(line + "\n");
///     }
///   });
/// }
/// ```
///
/// **Transport.** epoll on Linux, kqueue on macOS, NIO elsewhere and where the native library does
/// not load. `-Dthrum.net.transport=` `epoll`, `io_uring`, `kqueue` or `nio` chooses. The native
/// ones want `--enable-native-access=ALL-UNNAMED`, or the JDK warns.
public final class Net {
  private Net() {}

  /// Connects over TCP: see [Connector#connect(String, int)].
  ///
  /// @param host a name or an address
  /// @param port its port
  /// @return the connection
  /// @throws IOException if it cannot be reached
  public static Connection connect(String host, int port) throws IOException {
    return connector().connect(host, port);
  }

  /// Connects to an address.
  ///
  /// @param address an `InetSocketAddress`, for TCP, or a `UnixDomainSocketAddress`
  /// @return the connection
  /// @throws IOException if it cannot be reached
  public static Connection connect(SocketAddress address) throws IOException {
    return connector().connect(address);
  }

  /// Connects with options.
  ///
  /// @return what to set them on
  public static Connector connector() {
    return new Connector();
  }

  /// Listens for TCP connections to any address of this machine.
  ///
  /// @param port the port; 0 for any free one
  /// @return the listener
  /// @throws IOException if the port cannot be had
  public static Listener listen(int port) throws IOException {
    return listener().listen(new InetSocketAddress(port));
  }

  /// Listens for TCP connections to one address of this machine.
  ///
  /// @param host a name or an address
  /// @param port the port; 0 for any free one
  /// @return the listener
  /// @throws IOException if the port cannot be had
  public static Listener listen(String host, int port) throws IOException {
    return listener().listen(host, port);
  }

  /// Listens on an address.
  ///
  /// @param address an `InetSocketAddress`, for TCP, or a `UnixDomainSocketAddress`
  /// @return the listener
  /// @throws IOException if the address cannot be had
  public static Listener listen(SocketAddress address) throws IOException {
    return listener().listen(address);
  }

  /// Listens with options.
  ///
  /// @return what to set them on
  public static Listener.Builder listener() {
    return new ListenerBuilder();
  }

  /// Sends and receives datagrams of UDP.
  ///
  /// @return what to set options on, and to bind or connect
  public static UdpSocket.Builder udp() {
    return new UdpBuilder();
  }

  /// The addresses of a host, by the system's resolver, the preferred one first. It is asked beside
  /// the loop.
  ///
  /// **Cancellation.** Leaves a look-up that hangs alone.
  ///
  /// @param host a name or an address
  /// @return at least one
  /// @throws java.net.UnknownHostException if there is none
  /// @throws IOException if the resolver fails
  public static List<InetAddress> resolve(String host) throws IOException {
    return Resolver.resolve(host);
  }

  /// Two ends of a connection in memory, for tests and for tasks that talk by streams. They keep
  /// what other connections keep, but that nothing leaves the loop: a loop on which everybody waits
  /// for such an end is a deadlock, and virtual time moves on.
  ///
  /// @return the ends
  public static Pair pair() {
    return MemoryWire.pair(Settings.DEFAULT);
  }

  /// As [#pair()], over a network that misbehaves in both directions.
  ///
  /// @param faults what it does
  /// @return the ends
  public static Pair pair(Faults faults) {
    return pair(faults, faults);
  }

  /// As [#pair()], over a network that misbehaves.
  ///
  /// @param there what it does to what the first end sends
  /// @param back what it does to what the second end sends
  /// @return the ends
  public static Pair pair(Faults there, Faults back) {
    return FaultyWire.pair(there, back, Settings.DEFAULT);
  }

  /// The two ends of a connection.
  ///
  /// @param first one end
  /// @param second the other
  public record Pair(Connection first, Connection second) {}
}
