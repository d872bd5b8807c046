package dev.thrum.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// A stream of bytes in each direction: TCP, TLS, a Unix socket, or a pair in memory.
///
/// ```java
/// try (Connection connection = Net.connect("example.org", 7)) {
///   connection.write("hello\n");
///   Optional<String> answer = connection.readLine();
/// }
/// ```
///
/// **Reading.** What has come is kept up to [Connector#readBuffer] bytes; then the peer has to
/// wait. One task reads at a time: a read while another task's read is under way is an
/// `IllegalStateException`. A read that is cancelled takes nothing, unless it says otherwise.
///
/// **Writing.** What is written leaves at the end of the loop's turn, together with whatever else
/// was written to this connection in it, or as soon as the peer takes it. A write returns when
/// everything has been accepted and no more than [Connector#writeBuffer] bytes have still to leave:
/// so it waits for a peer that reads slowly. Several tasks may write: what one call writes stays
/// together, and who comes first is served first. The arrays and buffers may be changed as soon as
/// the write has returned.
///
/// **Non-guarantees.** A write that has returned, or a [#flush()], does not mean that the peer has
/// got anything. That the peer is gone shows at the next read, or at a write after the first one
/// that could not be delivered.
///
/// **Cancellation.** Every method that can wait is a suspension point and throws first if the task
/// is cancelled. A write that is cancelled was accepted as a whole or not at all; only of one that
/// is longer than the write buffer it may have been a part. That leaves a stream that nobody can
/// make sense of, and later writes are refused. [#close()] closes whatever happens.
///
/// **Threads.** A connection belongs to the loop on which it was opened: only that loop's tasks may
/// use it; from elsewhere it is a `WrongThreadException`, but for its addresses. Use
/// `loop.submit(…)`.
///
/// **Errors.** What was received before an error is delivered first; from then on each read throws
/// it. When only sending fails, what the peer had sent before can still be read. Using a connection
/// after closing it is a [ConnectionClosedException], also for those who wait in a read or write
/// while another task closes it.
///
/// **Unix sockets** know no reset: where a peer would see one it sees the end. Over NIO a write
/// that fails takes with it what has not been received.
public sealed interface Connection extends Closeable permits ConnectionImpl {

  // Reading

  /// Waits until something has come and takes it.
  ///
  /// @param max at most so many bytes; with 0 it does not wait
  /// @return at least one byte; empty at the end of the stream
  /// @throws IOException if the connection is broken or closed
  byte[] read(int max) throws IOException;

  /// Waits until something has come and puts it into a buffer.
  ///
  /// @param to where it goes; with no room it does not wait
  /// @return how many bytes, or -1 at the end of the stream
  /// @throws IOException if the connection is broken or closed
  int read(ByteBuffer to) throws IOException;

  /// Waits for so many bytes.
  ///
  /// @param count how many
  /// @return the bytes
  /// @throws IncompleteReadException if the stream ends before; it has what came
  /// @throws IOException if the connection is broken or closed
  byte[] readExactly(int count) throws IOException;

  /// Waits for a separator and takes everything up to its end.
  ///
  /// @param separator at least one byte
  /// @return what stands before the separator, and the separator
  /// @throws LimitExceededException if there are more bytes before the separator than
  ///   [Connector#readLimit]; nothing is taken
  /// @throws IncompleteReadException if the stream ends before; it has what came
  /// @throws IOException if the connection is broken or closed
  byte[] readUntil(byte[] separator) throws IOException;

  /// Reads a line of UTF-8, which ends with `\n`, `\r\n`, or the end of the stream. What is no
  /// UTF-8 is replaced.
  ///
  /// @return the line without its end; nothing at the end of the stream
  /// @throws LimitExceededException if it is longer than [Connector#readLimit]; it is thrown away,
  ///   with what has still to come of it, and the next line can be read
  /// @throws IOException if the connection is broken or closed
  Optional<String> readLine() throws IOException;

  /// The lines from here on, each as soon as it has come. Leaving the loop early loses nothing.
  ///
  /// Its iterator throws an `UncheckedIOException` where [#readLine()] throws.
  ///
  /// @return the lines, for one loop at a time
  Iterable<String> lines();

  /// Reads to the end of the stream, without a limit. If it is cancelled or fails, what has come is
  /// read by the next one.
  ///
  /// @return everything that was left
  /// @throws IOException if the connection is broken or closed
  byte[] readAll() throws IOException;

  /// Reads to the end of the stream.
  ///
  /// @param limit how many bytes at the most
  /// @return everything that was left
  /// @throws LimitExceededException if there is more; nothing is taken
  /// @throws IOException if the connection is broken or closed
  byte[] readAll(int limit) throws IOException;

  /// Reads to the end of the stream, as UTF-8.
  ///
  /// @return everything that was left
  /// @throws IOException if the connection is broken or closed
  String readString() throws IOException;

  /// The same bytes as a stream of `java.io`, for libraries that want one. It is used by this
  /// loop's tasks only. Closing it closes the connection.
  ///
  /// @return a stream that reads from here
  InputStream inputStream();

  // Writing

  /// Writes bytes.
  ///
  /// @param bytes the bytes
  /// @throws IOException if the connection is broken or closed
  void write(byte[] bytes) throws IOException;

  /// Writes a part of an array.
  ///
  /// @param bytes the bytes
  /// @param offset the first one
  /// @param length how many
  /// @throws IOException if the connection is broken or closed
  void write(byte[] bytes, int offset, int length) throws IOException;

  /// Writes what remains in a buffer, whose position then is its limit.
  ///
  /// @param bytes the bytes
  /// @throws IOException if the connection is broken or closed
  void write(ByteBuffer bytes) throws IOException;

  /// Writes what remains in several buffers, as one write.
  ///
  /// @param parts the bytes
  /// @throws IOException if the connection is broken or closed
  void write(ByteBuffer... parts) throws IOException;

  /// Writes text as UTF-8.
  ///
  /// @param text the text; no line end is added
  /// @throws IOException if the connection is broken or closed
  void write(String text) throws IOException;

  /// Writes a part of a file. Without TLS the system copies it by itself. Other writes wait until
  /// it is done. The channel's own position is neither used nor moved, and it stays open.
  ///
  /// **Cancellation.** On the way it spoils the output as that of a write does; where the system
  /// copies it aborts the connection.
  ///
  /// @param file open for reading
  /// @param position the first byte
  /// @param count how many; what the file lacks is not sent, so `Long.MAX_VALUE` is its rest
  /// @return how many were sent
  /// @throws SendFileException if it fails on the way; it says how much has been sent
  /// @throws java.nio.channels.NonReadableChannelException if the file is not open for reading
  /// @throws IOException if the connection is broken or closed
  long sendFile(FileChannel file, long position, long count) throws IOException;

  /// Waits until the system has taken everything that was written.
  ///
  /// @throws IOException if the connection is broken or closed
  void flush() throws IOException;

  /// The same bytes as a stream of `java.io`, for libraries that want one. It is used by this
  /// loop's tasks only. Its `flush` does nothing, as nothing is held back; closing it closes the
  /// connection.
  ///
  /// @return a stream that writes to here
  OutputStream outputStream();

  /// Ends the output: the peer reads to its end, after what was written before. Reading goes on. It
  /// does not wait. Over TLS it sends a `close_notify`; before version 1.3, and whenever the peer's
  /// TLS ends its own output for that, as OpenSSL's does in a program like this one, the reading
  /// ends too.
  ///
  /// @throws IOException if the connection is broken or closed
  /// @throws IllegalStateException if a task writes
  void closeOutput() throws IOException;

  // Closing

  /// Closes it, after sending what was written before. It waits for that, at most
  /// [Connector#linger]; if the task is or gets cancelled, only for what the system takes at once.
  /// What cannot be sent then is lost, and the peer sees a reset and no orderly end. So it does, at
  /// once, after a write or a file that was given up halfway: a part is never taken for the whole.
  /// Closing twice does nothing.
  ///
  /// **Cancellation.** In a task that is cancelled it closes without waiting. It throws the
  /// cancellation only if something was lost by it.
  ///
  /// @throws IOException if something that was written could not be sent; it is closed all the same
  @Override
  void close() throws IOException;

  /// Closes it at once, without sending what has been written: the peer sees a reset; that of a
  /// Unix socket, which has none, an end. It does not wait, and can be called at any time.
  void abort();

  /// Whether it has been closed here.
  ///
  /// @return true from the call of [#close()] or [#abort()] on
  boolean isClosed();

  // TLS

  /// Goes on in TLS, after what was written before. It waits for the handshake; until then a read
  /// of another task is refused, and a write waits for its turn. What has come and has not been
  /// read is taken for the beginning of the peer's TLS, and never given out as text.
  ///
  /// @param tls [Tls#client()] or one of its kin on one side, [Tls#server] on the other
  /// @throws javax.net.ssl.SSLException if the handshake fails; the connection is closed then
  /// @throws IOException if the connection is broken or closed; or if a file of the settings cannot
  ///   be read or used, and then nothing has happened to the connection
  /// @throws IllegalStateException if it is in TLS already, or a task reads or writes
  void startTls(Tls tls) throws IOException;

  /// Goes on in TLS, as a client that talks to a host of this name.
  ///
  /// @param tls a client's
  /// @param host whom the peer's certificate must be for
  /// @throws javax.net.ssl.SSLException if the handshake fails; the connection is closed then
  /// @throws IOException if the connection is broken or closed
  void startTls(Tls tls, String host) throws IOException;

  /// What the handshake has agreed on.
  ///
  /// @return the session; nothing without TLS
  Optional<TlsSession> tls();

  // Who and how

  /// The address of this side.
  ///
  /// @return an `InetSocketAddress` or a `UnixDomainSocketAddress`
  SocketAddress localAddress();

  /// The address of the other side. That of a client on a Unix socket has an empty path.
  ///
  /// @return an `InetSocketAddress` or a `UnixDomainSocketAddress`
  SocketAddress remoteAddress();

  /// How many bytes were written and have not been taken by the system.
  ///
  /// @return the number
  long unsent();

  /// Sets one of the JDK's `StandardSocketOptions` while it is open.
  ///
  /// @param option the option
  /// @param value its value
  /// @param <T> the type of the value
  /// @throws UnsupportedOperationException if this kind of connection does not have it
  /// @throws IllegalArgumentException if the system refuses the value
  /// @throws IllegalStateException if it is not open any more
  <T> void set(SocketOption<T> option, T value);
}
