package dev.thrum.web;

import dev.thrum.http.WebSocketSettings;
import java.nio.file.Path;
import java.util.List;

/// What the body of a response is.
sealed interface Content {
  Content NONE = new Bytes(new byte[0]);

  /// All of it.
  @SuppressWarnings("ArrayRecordComponent")
  record Bytes(byte[] bytes) implements Content {}

  /// An object that becomes JSON before the first middleware sees the response.
  record Value(Object value) implements Content {}

  /// It is written while it is sent.
  record Written(BodyWriter writer) implements Content {}

  /// A file.
  record FileAt(Path path) implements Content {}

  /// Parts of a file, with texts around them.
  record FileParts(Path path, List<FilePart> parts, String end) implements Content {
    long length() {
      return parts.stream().mapToLong(one -> one.before.length() + one.count).sum() + end.length();
    }
  }

  /// A part of a file, with a text of ASCII before it.
  record FilePart(String before, long first, long count) {}

  /// No body, but a WebSocket.
  record Socket(WebSocketHandler handler, WebSocketSettings settings) implements Content {}
}
