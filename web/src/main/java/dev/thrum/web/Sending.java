package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.http.Exchange;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Status;
import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.http.internal.Departed;
import dev.thrum.web.internal.MediaTypes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

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
      case Content.FileParts parts -> parts(exchange, response, parts);
      case Content.Socket(WebSocketHandler handler, WebSocketSettings settings) -> {
        socket(exchange, response, handler, settings);
        yield 0;
      }
      case Content.Value _, Content.FileAt _ ->
          throw new IllegalStateException("a response that is not ready to be sent");
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

  /// A response in which it has been seen which parts of a file are wanted. The file system is
  /// asked beside the loop.
  ///
  /// @throws HttpException with 404 if the file is not there
  static Response resolved(Exchange exchange, Response response) throws IOException {
    if (!(response.content() instanceof Content.FileAt(Path path))) {
      return response;
    }
    FileAnswer file =
        file(
            path,
            response
                .header("Content-Type")
                .orElseGet(() -> MediaTypes.of(String.valueOf(path.getFileName()))),
            response.header("ETag"));
    boolean conditional =
        response.status() == 200
            && (exchange.method().equals("GET") || exchange.method().equals("HEAD"));
    return conditional
        ? file.answer(
            exchange.method(),
            exchange.headers(),
            response,
            response.header("Content-Encoding").orElse(""))
        : file.whole(response.type(file.type()));
  }

  private static FileAnswer file(Path path, String type, Optional<String> etag) throws IOException {
    BasicFileAttributes about = Async.blocking(() -> look(path));
    return new FileAnswer(
        path,
        type,
        about.size(),
        about.lastModifiedTime().toInstant(),
        etag.orElseGet(() -> FileAnswer.etag(about, "")));
  }

  private static BasicFileAttributes look(Path path) throws IOException {
    try {
      BasicFileAttributes about = Files.readAttributes(path, BasicFileAttributes.class);
      if (about.isRegularFile()) {
        return about;
      }
    } catch (NoSuchFileException | NotDirectoryException _) {
      // as if it were a folder
    }
    throw new HttpException(404);
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
    try (FileChannel channel = Async.blocking(() -> open(parts.path()))) {
      exchange.begin(response.status(), headers);
      for (Content.FilePart one : parts.parts()) {
        text(exchange, one.before());
        exchange.write(channel, one.first(), one.count());
      }
      text(exchange, parts.end());
      exchange.end();
      return parts.length();
    } catch (Departed e) {
      throw new GoneException(e);
    }
  }

  private static void text(Exchange exchange, String text) throws IOException {
    if (!text.isEmpty()) {
      exchange.write(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static FileChannel open(Path path) throws IOException {
    try {
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException _) {
      throw new HttpException(404);
    }
  }

  private static void socket(
      Exchange exchange, Response response, WebSocketHandler handler, WebSocketSettings wanted)
      throws Exception {
    Headers headers = wanted.headers().copy();
    response.headers().forEach(one -> headers.add(one.getKey(), one.getValue()));
    WebSocketSettings settings =
        new WebSocketSettings(
            wanted.subprotocols(),
            wanted.maxMessage(),
            wanted.deflate(),
            wanted.pingEvery(),
            headers);
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
