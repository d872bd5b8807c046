package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Status;
import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.http.internal.HttpDate;
import dev.thrum.web.internal.MediaTypes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// Sends responses.
final class Sending {
  private static final byte[] NOTHING = {};

  private Sending() {}

  /// Sends a response.
  ///
  /// @return how many bytes its body has
  static long send(Exchange exchange, Response response) throws Exception {
    return switch (response.content()) {
      case Content.Bytes(byte[] bytes) -> {
        byte[] body = Status.isWithoutBody(response.status()) ? NOTHING : bytes;
        exchange.respond(response.status(), response.headers(), body);
        yield body.length;
      }
      case Content.Written(BodyWriter writer) -> stream(exchange, response, writer);
      case Content.FileAt(Path path) -> file(exchange, response, path);
      case Content.FileParts parts -> parts(exchange, response, parts);
      case Content.Socket(WebSocketHandler handler) -> {
        socket(exchange, response, handler);
        yield 0;
      }
      case Content.Value _ -> throw new IllegalStateException("an object that was not written");
    };
  }

  private static boolean hasNoBody(Exchange exchange, Response response) {
    return exchange.method().equals("HEAD") || Status.isWithoutBody(response.status());
  }

  private static long stream(Exchange exchange, Response response, BodyWriter writer)
      throws Exception {
    Headers headers = response.headers();
    if (hasNoBody(exchange, response)) {
      exchange.begin(response.status(), headers);
      exchange.end();
      return 0;
    }
    exchange.begin(response.status(), headers);
    BodyStream out = new BodyStream(exchange);
    try {
      writer.write(out);
      out.flush();
    } catch (Exception e) {
      if (out.isBroken()) {
        throw new GoneException(e);
      }
      throw e;
    }
    exchange.end();
    return out.sent();
  }

  /// A file that is open, and what is known of it.
  private record Opened(FileChannel channel, BasicFileAttributes about) {}

  private static long file(Exchange exchange, Response response, Path path) throws Exception {
    Opened opened = Async.blocking(() -> open(path));
    FileChannel channel = opened.channel;
    try {
      Headers headers = response.headers();
      if (!headers.contains("Content-Type")) {
        var _ = headers.set("Content-Type", MediaTypes.of(String.valueOf(path.getFileName())));
      }
      if (!headers.contains("Last-Modified")) {
        var _ =
            headers.set("Last-Modified", HttpDate.of(opened.about.lastModifiedTime().toInstant()));
      }
      long size = opened.about.size();
      var _ = headers.set("Content-Length", Long.toString(size));
      exchange.begin(response.status(), headers);
      if (!hasNoBody(exchange, response)) {
        exchange.write(channel, 0, size);
      }
      exchange.end();
      return size;
    } finally {
      channel.close();
    }
  }

  private static long parts(Exchange exchange, Response response, Content.FileParts parts)
      throws Exception {
    Headers headers = response.headers();
    var _ = headers.set("Content-Length", Long.toString(parts.length()));
    if (hasNoBody(exchange, response)) {
      exchange.begin(response.status(), headers);
      exchange.end();
      return 0;
    }
    try (FileChannel channel = Async.blocking(() -> open(parts.path())).channel) {
      exchange.begin(response.status(), headers);
      for (Content.FilePart one : parts.parts()) {
        text(exchange, one.before());
        exchange.write(channel, one.first(), one.count());
      }
      text(exchange, parts.end());
      exchange.end();
      return parts.length();
    }
  }

  private static void text(Exchange exchange, String text) throws IOException {
    if (!text.isEmpty()) {
      exchange.write(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static Opened open(Path path) throws IOException {
    try {
      BasicFileAttributes about =
          Files.readAttributes(path, BasicFileAttributes.class, new LinkOption[0]);
      if (!about.isRegularFile()) {
        throw new HttpException(404);
      }
      return new Opened(FileChannel.open(path, StandardOpenOption.READ), about);
    } catch (NoSuchFileException | NotDirectoryException _) {
      throw new HttpException(404);
    }
  }

  private static void socket(Exchange exchange, Response response, WebSocketHandler handler)
      throws Exception {
    WebSocketSettings plain = WebSocketSettings.DEFAULT;
    WebSocketSettings settings =
        new WebSocketSettings(
            plain.subprotocols(),
            plain.maxMessage(),
            plain.deflate(),
            plain.pingEvery(),
            response.headers());
    WebSocket socket = exchange.webSocket(settings);
    boolean good = false;
    try {
      handler.handle(socket);
      good = true;
    } finally {
      close(socket, good);
    }
  }

  private static void close(WebSocket socket, boolean good) {
    try {
      if (good) {
        socket.close();
      } else if (socket.closed().isEmpty()) {
        socket.close(1011, "");
      }
    } catch (IOException _) {
      // the peer is gone, and needs to be told nothing
    }
  }

  /// What comes out of a writer whose client has gone away: nothing to be reported.
  static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    GoneException(Exception cause) {
      super(cause);
    }
  }
}
