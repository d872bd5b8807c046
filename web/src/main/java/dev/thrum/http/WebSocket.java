package dev.thrum.http;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;

/// An open WebSocket: messages in each direction, until one side closes.
///
/// ```java
/// for (WebSocket.Message message : socket) {
///   socket.send("you said " + message.text());
/// }
/// ```
///
/// **Receiving.** One task at a time. Pings are answered, and fragments are put together, without
/// the program.
///
/// **Sending.** Any number of tasks of the loop; each message stays whole. It waits while the peer
/// does not read.
///
/// **Cancellation.** A receive that is cancelled takes nothing; a send that is cancelled has sent
/// its message or nothing of it.
///
/// **Threads.** It belongs to the loop on which it was opened.
public interface WebSocket extends Iterable<WebSocket.Message>, Closeable {

  /// A message.
  sealed interface Message {

    /// The text of a message of text.
    ///
    /// @return the text
    /// @throws IllegalStateException if it is one of bytes
    String text();

    /// The bytes of a message of bytes, or those of a text in UTF-8.
    ///
    /// @return the bytes
    byte[] bytes();
  }

  /// A message of text.
  ///
  /// @param text the text
  record Text(String text) implements Message {
    @Override
    public byte[] bytes() {
      return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /// A message of bytes.
  ///
  /// @param bytes the bytes
  @SuppressWarnings("ArrayRecordComponent")
  record Binary(byte[] bytes) implements Message {
    @Override
    public String text() {
      throw new IllegalStateException("this message has " + bytes.length + " bytes and no text");
    }
  }

  /// How it was closed.
  ///
  /// @param code the code of the side that closed first: 1000 in good order, 1005 without a code,
  ///   1006 if the connection was lost
  /// @param reason its reason, perhaps empty
  record Closed(int code, String reason) {}

  /// Waits for a message.
  ///
  /// @return the message; nothing once the peer has closed in good order or was closed here
  /// @throws IOException if the connection is lost
  Optional<Message> receive() throws IOException;

  /// The messages from here on, until the WebSocket is closed. Leaving the loop early loses
  /// nothing.
  ///
  /// Where [#receive()] throws an `IOException`, it throws an `UncheckedIOException`.
  ///
  /// @return the messages, for one loop at a time
  @Override
  default Iterator<Message> iterator() {
    return new Messages(this);
  }

  /// Sends a text.
  ///
  /// @param text the text
  /// @throws IOException if it is closed or the connection is lost
  void send(String text) throws IOException;

  /// Sends bytes.
  ///
  /// @param bytes the bytes, which must not be changed any more
  /// @throws IOException if it is closed or the connection is lost
  void send(byte[] bytes) throws IOException;

  /// Sends a ping.
  ///
  /// @param bytes at most 125 bytes
  /// @throws IOException if it is closed or the connection is lost
  void ping(byte[] bytes) throws IOException;

  /// Closes, telling the peer why, and waits a little for its answer.
  ///
  /// @param code 1000 to 1014 without 1004, 1005 and 1006, or 3000 to 4999
  /// @param reason at most 123 bytes in UTF-8
  /// @throws IOException if the connection is lost
  void close(int code, String reason) throws IOException;

  /// Closes with 1000. Closing twice does nothing.
  @Override
  void close() throws IOException;

  /// How it was closed.
  ///
  /// @return nothing while it is open
  Optional<Closed> closed();

  /// The sub-protocol that both sides speak.
  ///
  /// @return its name; empty if there is none
  String subprotocol();
}
