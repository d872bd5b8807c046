package dev.thrum.net;

import dev.thrum.VoidBodyOf;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;

/// Takes connections in, one by one with [#accept()], or each in a task of its own with [#serve].
///
/// **Limits.** No more than [Builder#maxConnections] are open at a time; who comes then waits in
/// the system's queue. When the process is out of file descriptors, that is logged and accepting
/// goes on a second later; the listener stays open.
///
/// **TLS.** The handshake is made before a connection is handed out. One that fails is logged at
/// level `DEBUG` and closed; a slow one keeps nobody from being accepted.
///
/// **Threads.** It belongs to the loop on which it was opened.
///
/// **Cancellation.** [#accept()] and [#serve] are suspension points. A cancelled accept loses no
/// connection.
public sealed interface Listener extends Closeable permits ListenerImpl {

  /// Waits for the next connection, which the caller has to close. Several tasks may wait: who came
  /// first gets the first.
  ///
  /// @return the connection, after the TLS handshake if there is one
  /// @throws ConnectionClosedException if the listener is or gets closed
  /// @throws IOException if it fails
  /// @throws IllegalStateException if it is served
  Connection accept() throws IOException;

  /// Runs a handler for each connection, in a task of its own, until the listener is closed or the
  /// calling task is cancelled.
  ///
  /// When the handler returns, its connection is closed, after what it wrote was sent. When it
  /// fails, the connection is aborted, so that the peer does not take a part for the whole, and the
  /// failure goes to the loop's exception handler; a failure that only says that the peer is gone
  /// does not, and is logged at level `DEBUG`. The other connections go on.
  ///
  /// **The end.** It stops accepting and closes the listener. The handlers that still run have the
  /// [Builder#grace] to end by themselves; then they are cancelled, and what they leave is aborted.
  /// This method returns when all have ended.
  ///
  /// @param handler what to do with a connection
  /// @throws ConnectionClosedException if the listener has been closed before
  /// @throws IOException if accepting fails for good
  /// @throws IllegalStateException if it is served already
  void serve(VoidBodyOf<Connection, ?> handler) throws IOException;

  /// Where it listens, with the real port.
  ///
  /// @return an `InetSocketAddress` or a `UnixDomainSocketAddress`
  SocketAddress address();

  /// The port it listens on.
  ///
  /// @return the real one
  /// @throws IllegalStateException if it listens on a Unix socket
  int port();

  /// How many of its connections are open.
  ///
  /// @return the number, with those that have not been handed out
  int connections();

  /// Stops accepting; who waits in [#accept()] gets a [ConnectionClosedException], and [#serve]
  /// comes to its end. Connections that have not been handed out are aborted; the others stay open.
  /// Closing twice does nothing. When it returns the address is free again.
  @Override
  void close() throws IOException;

  /// Whether it has been closed.
  ///
  /// @return true from the call of [#close()] on
  boolean isClosed();

  /// How to listen: options first, then [#listen].
  sealed interface Builder permits ListenerBuilder {

    /// Secures every connection.
    ///
    /// @param server a server's settings
    /// @return this
    Builder tls(Tls server);

    /// Sets one of the JDK's `StandardSocketOptions`, on the listener where it has the option, else
    /// on each connection. `SO_REUSEADDR` and `TCP_NODELAY` are on unless they are set to false.
    ///
    /// @param option the option
    /// @param value its value
    /// @param <T> the type of the value
    /// @return this
    <T> Builder option(SocketOption<T> option, T value);

    /// Lets several listeners, of several loops, have the same address; the system spreads the
    /// connections. Where the system can do that.
    ///
    /// @return this
    Builder reusePort();

    /// How many connections may wait in the system's queue: 1,024 unless it is set.
    ///
    /// @param connections at least 1
    /// @return this
    Builder backlog(int connections);

    /// How many connections may be open at a time: no limit unless it is set.
    ///
    /// @param connections at least 1
    /// @return this
    Builder maxConnections(int connections);

    /// How long handlers may go on when serving ends: not at all unless it is set.
    ///
    /// @param limit zero or more
    /// @return this
    Builder grace(Duration limit);

    /// See [Connector#readLimit].
    ///
    /// @param bytes at least 1
    /// @return this
    Builder readLimit(int bytes);

    /// See [Connector#readBuffer].
    ///
    /// @param bytes at least 1
    /// @return this
    Builder readBuffer(int bytes);

    /// See [Connector#writeBuffer(int)].
    ///
    /// @param bytes at least 0
    /// @return this
    Builder writeBuffer(int bytes);

    /// See [Connector#writeBuffer(int, int)].
    ///
    /// @param low at least 0
    /// @param high at least `low`
    /// @return this
    Builder writeBuffer(int low, int high);

    /// See [Connector#linger].
    ///
    /// @param limit zero or more
    /// @return this
    Builder linger(Duration limit);

    /// Leaves the file of a Unix socket where it is when the listener is closed.
    ///
    /// @return this
    Builder keepFile();

    /// Listens on an address. The file of a Unix socket must not be there; one that a process has
    /// left behind, to which nobody listens any more, is replaced. It is removed when the listener
    /// is closed, if it still is the same.
    ///
    /// @param address an `InetSocketAddress` or a `UnixDomainSocketAddress`
    /// @return the listener
    /// @throws java.net.BindException if the address cannot be had
    /// @throws IOException if the files of TLS cannot be read
    Listener listen(SocketAddress address) throws IOException;

    /// Listens on one address of this machine.
    ///
    /// @param host a name or an address; the first address of a name
    /// @param port the port; 0 for any free one
    /// @return the listener
    /// @throws IOException if the address cannot be had
    Listener listen(String host, int port) throws IOException;

    /// Listens on any address of this machine.
    ///
    /// @param port the port; 0 for any free one
    /// @return the listener
    /// @throws IOException if the port cannot be had
    Listener listen(int port) throws IOException;
  }
}
