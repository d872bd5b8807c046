package dev.thrum.http;

import dev.thrum.net.TlsSession;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// A request and the response to it, as the server and an [Application] pass them on.
///
/// **Request.** What the client has said is there when the application is called; the body is read
/// while it comes.
///
/// **Response.** Either as a whole by [#respond(int, Headers, byte[])], or by [#begin], any number
/// of writes, and [#end()]. The headers belong to the exchange from then on. To a `HEAD` request
/// the body is left out, with its length told all the same.
///
/// **Back-pressure.** The client has to wait while its body is not read, and a write waits while
/// the client does not read.
///
/// **Cancellation.** Everything that can wait is a suspension point. The task of the application is
/// cancelled when the client goes away; what is done after that has no effect.
///
/// **Threads.** An exchange belongs to the loop of its server; only that loop's tasks may use it,
/// one at a time.
public interface Exchange {

  // The request

  /// What is spoken.
  ///
  /// @return the version
  HttpVersion version();

  /// The method.
  ///
  /// @return `GET`, `POST` or whatever the client has said
  String method();

  /// The scheme of the connection, or what a proxy that is trusted says.
  ///
  /// @return `http` or `https`
  String scheme();

  /// Whom the request is for.
  ///
  /// @return the host and perhaps the port, as the client has said; empty if it has not
  String authority();

  /// What the request is for, as the client has said: mostly a path, perhaps with a query, in which
  /// nothing has been decoded; `*`, or with `CONNECT` a host and a port.
  ///
  /// @return the target
  String target();

  /// The headers of the request.
  ///
  /// @return the headers, to be read
  Headers headers();

  /// Where the request comes from, or what a proxy that is trusted says.
  ///
  /// @return an `InetSocketAddress` or a `UnixDomainSocketAddress`
  SocketAddress remoteAddress();

  /// The address of this side.
  ///
  /// @return an `InetSocketAddress` or a `UnixDomainSocketAddress`
  SocketAddress localAddress();

  /// What the TLS of the connection has agreed on.
  ///
  /// @return the session; nothing without TLS
  Optional<TlsSession> tls();

  /// Waits for some of the request's body. A client that has asked whether it may send it is told
  /// to go on at the first call.
  ///
  /// @param max at most so many bytes, at least 1
  /// @return at least one byte; empty at the end
  /// @throws HttpException with 413 if the body is longer than the server's limit, 408 if it does
  ///   not come in time, 400 if it is malformed
  /// @throws IOException if the client is gone
  byte[] read(int max) throws IOException;

  /// Waits for some of the request's body, as [#read(int)] does.
  ///
  /// @param into where it goes
  /// @param from the first one's place
  /// @param length at most so many bytes, at least 1
  /// @return how many came, at least 1; -1 at the end
  /// @throws HttpException as [#read(int)] does
  /// @throws IOException if the client is gone
  int read(byte[] into, int from, int length) throws IOException;

  /// Waits for the whole of the request's body, or what is left of it.
  ///
  /// @return the bytes
  /// @throws HttpException as [#read(int)] does
  /// @throws IOException if the client is gone
  byte[] readAll() throws IOException;

  /// The most that the body may have, at first the server's limit.
  ///
  /// @param bytes the most, to be set before reading
  void bodyLimit(long bytes);

  /// What came after the body.
  ///
  /// @return the trailers, empty before the end of the body
  Headers trailers();

  /// A name for this request in logs: what [#id(String)] was given, else what was sent as
  /// `X-Request-ID` if that is fit to be one, otherwise a random one.
  ///
  /// @return at most 128 letters, digits and `-_.`
  String id();

  /// Gives it a name for logs.
  ///
  /// @param id at most 128 letters, digits and `-_.`
  /// @throws IllegalArgumentException if it is none
  void id(String id);

  /// Whether a proxy has passed it on whose word the server believes: see
  /// [Server.Builder#trustForwarded].
  ///
  /// @return false if it comes from somebody else
  boolean isFromTrustedProxy();

  // The response

  /// Whether the status has been given.
  ///
  /// @return true from [#respond(int, Headers, byte[])] or [#begin] on
  boolean isBegun();

  /// Whether the response is complete.
  ///
  /// @return true from [#respond(int, Headers, byte[])] or [#end()] on
  boolean isEnded();

  /// Sends something before the response, such as `103` with hints. HTTP/1.0 has no place for it,
  /// and it is left out.
  ///
  /// @param status from 102 to 199
  /// @param headers the headers
  /// @throws IllegalStateException if the response has begun
  void inform(int status, Headers headers);

  /// Gives the whole response. It does not wait. `Content-Length` and `Date` are added.
  ///
  /// @param status from 200 to 999
  /// @param headers the headers
  /// @param body the body, which must not be changed any more
  /// @throws IllegalStateException if the response has begun
  void respond(int status, Headers headers, byte[] body);

  /// Begins a response whose body follows. Without `Content-Length` it is of any length.
  ///
  /// @param status from 200 to 999
  /// @param headers the headers
  /// @throws IllegalStateException if the response has begun
  void begin(int status, Headers headers);

  /// Writes a part of the body. It is sent at the end of the loop's turn; this returns when not
  /// much has still to be sent.
  ///
  /// @param bytes the part, which must not be changed any more
  /// @throws IOException if the client is gone
  /// @throws IllegalStateException if the response has not begun or is ended, or if it would become
  ///   longer than it has said
  void write(byte[] bytes) throws IOException;

  /// Writes a part of the body.
  ///
  /// @param bytes what remains in it is taken before this returns
  /// @throws IOException if the client is gone
  void write(ByteBuffer bytes) throws IOException;

  /// Writes a part of a file, by the system itself where that is possible. The channel stays open
  /// and its position is not moved.
  ///
  /// @param file open for reading
  /// @param position the first byte
  /// @param count how many
  /// @throws IOException if the client is gone, or the file cannot be read or has not so much
  void write(FileChannel file, long position, long count) throws IOException;

  /// Ends the response.
  default void end() {
    end(Headers.create());
  }

  /// Ends the response.
  ///
  /// @param trailers what is to come after the body; HTTP/1.0 has no place for it
  /// @throws IllegalStateException if the response has not begun, or has more to come
  void end(Headers trailers);

  /// Cuts the response off, so that the client sees that it is not whole.
  void abort();

  /// Whether the client asks for a WebSocket.
  ///
  /// @return true if [#webSocket] can be called
  boolean isWebSocket();

  /// Answers with a WebSocket. The exchange is over when this returns, but for its headers and
  /// addresses.
  ///
  /// @param settings limits, sub-protocols and headers
  /// @return the open WebSocket
  /// @throws HttpException with 400 or 426 if the request is none for a WebSocket
  /// @throws IOException if the client is gone
  WebSocket webSocket(WebSocketSettings settings) throws IOException;
}
