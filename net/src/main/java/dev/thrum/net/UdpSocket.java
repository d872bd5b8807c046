package dev.thrum.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;

/// Sends and receives datagrams of UDP.
///
/// **Guarantees.** A datagram comes whole or not at all.
///
/// **Non-guarantees.** Those of UDP: datagrams get lost, come twice and change places; also here,
/// when more than [Builder#receiveBuffer] bytes have come and nobody has received them. Sending
/// does not mean that anybody has got it.
///
/// An empty datagram is one too; only NIO cannot send it on a connected socket.
///
/// **Errors.** That a datagram of a connected socket was refused by the other side, or could not be
/// sent, shows once, at the next call of [#receive()] or [#send]; the socket goes on. A socket that
/// is not connected hears nothing of refusals.
///
/// **Cancellation.** [#send] and [#receive()] are suspension points. A cancelled receive loses
/// nothing.
///
/// **Threads.** It belongs to the loop on which it was opened. Several tasks may send, and several
/// receive: who came first gets the first.
public sealed interface UdpSocket extends Closeable permits UdpSocketImpl {

  /// Sends to the address that the socket is connected to.
  ///
  /// @param data at most 65,507 bytes; it may be changed afterwards
  /// @throws IOException if an earlier datagram was refused or could not be sent
  /// @throws IllegalStateException if it is not connected
  void send(byte[] data) throws IOException;

  /// Sends to an address.
  ///
  /// @param data at most 65,507 bytes; it may be changed afterwards
  /// @param to a resolved address
  /// @throws IOException if an earlier datagram could not be sent
  /// @throws IllegalStateException if it is connected, to another address
  void send(byte[] data, InetSocketAddress to) throws IOException;

  /// Waits for a datagram.
  ///
  /// @return the datagram
  /// @throws java.net.PortUnreachableException if one that was sent was refused
  /// @throws ConnectionClosedException if the socket is or gets closed
  /// @throws IOException if it fails
  Datagram receive() throws IOException;

  /// The address of this side, with the real port.
  ///
  /// @return the address
  InetSocketAddress localAddress();

  /// Closes it. What was sent before leaves, as far as the system takes it at once.
  @Override
  void close() throws IOException;

  /// Whether it has been closed here.
  ///
  /// @return true from the call of [#close()] on
  boolean isClosed();

  /// Options first, then [#bind] or [#connect].
  sealed interface Builder permits UdpBuilder {

    /// Sets one of the JDK's `StandardSocketOptions`.
    ///
    /// @param option the option
    /// @param value its value
    /// @param <T> the type of the value
    /// @return this
    <T> Builder option(SocketOption<T> option, T value);

    /// From how many received bytes on that nobody has taken datagrams are left to the system,
    /// which drops them when its own buffer is full: 1 MiB unless it is set.
    ///
    /// @param bytes at least 1
    /// @return this
    Builder receiveBuffer(int bytes);

    /// Opens a socket at any address of this machine.
    ///
    /// @param port the port; 0 for any free one
    /// @return the socket
    /// @throws IOException if the port cannot be had
    UdpSocket bind(int port) throws IOException;

    /// Opens a socket at one address of this machine.
    ///
    /// @param host a name or an address
    /// @param port the port; 0 for any free one
    /// @return the socket
    /// @throws IOException if the address cannot be had
    UdpSocket bind(String host, int port) throws IOException;

    /// Opens a socket that sends to one address, and receives only from there.
    ///
    /// @param host a name or an address
    /// @param port its port
    /// @return the socket
    /// @throws IOException if there is no such host
    UdpSocket connect(String host, int port) throws IOException;
  }
}
