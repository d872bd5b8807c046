package dev.thrum.net;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// How a connection reaches its peer. Its methods are called by tasks of the loop, and none waits:
/// what comes of them is told to the wire's [End], by whoever holds the loop.
interface Wire {

  /// The connection, as its wire sees it.
  interface End {

    /// Gives away what has come and has not been read, in order.
    void giveBack(Consumer<ByteBuf> to);

    /// Something has come.
    ///
    /// @param data belongs to the connection from now on
    void received(ByteBuf data);

    /// Nothing more will come.
    void ended();

    /// So many bytes have been taken.
    void sent(int bytes);

    /// Nothing can be sent any more; what comes can still be read.
    void outputBroken(IOException why);

    /// Neither direction works any more. What comes after the first time says nothing new.
    void broken(IOException why);

    /// The loop has ended, and nobody will read any more.
    void forsaken();

    /// It is closed, and will call no more.
    ///
    /// @return whether its user knows that; else [Wire#forget()] will come
    boolean closed();
  }

  /// Room for bytes.
  ByteBuf buffer(int size);

  /// Sends, after what was sent before.
  ///
  /// @param data from [#buffer]; belongs to the wire from now on
  /// @param count how many bytes it has; [End#sent] adds up to that
  void send(ByteBuf data, int count);

  /// Sends a part of a file, after what was sent before, and calls back.
  ///
  /// @return how many bytes have been taken so far
  LongSupplier sendFile(FileChannel file, long position, long count, Reply<Boolean> done);

  /// Whether [#sendFile] works.
  boolean canSendFile(FileChannel file);

  /// Asks for less, until [#resume()].
  void pause();

  /// Asks for more again.
  void resume();

  /// Ends the output, after what was sent before.
  void endOutput();

  /// Closes, after what was sent before.
  void close();

  /// Sends what can be sent at once, then closes; with a reset if something is left.
  void closeNow();

  /// Closes with a reset.
  void abort();

  /// Its connection, which was lost before, is closed by its user.
  void forget();

  /// Begins TLS, after what was sent before.
  ///
  /// @return the wire that is used from now on
  Wire startTls(Tls tls, String host, Reply<Boolean> done);

  /// What TLS has agreed on.
  Optional<TlsSession> tls();

  /// Whether somebody outside the loop is needed for anything to come.
  boolean isOutside();

  SocketAddress localAddress();

  SocketAddress remoteAddress();

  <T> void set(SocketOption<T> option, T value);
}
