package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.Async;
import dev.thrum.VoidBodyOf;
import dev.thrum.http.Serving;
import dev.thrum.net.Connection;
import dev.thrum.net.ConnectionClosedException;
import dev.thrum.net.Listener;
import dev.thrum.net.Net;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A server that reads the heads of requests and says whatever bytes a test wants.
final class RawServer {
  final List<String> heads = new ArrayList<>();
  private final Listener listener;
  private final VoidBodyOf<Peer, ?> serve;
  int connections;

  /// One connection of it.
  final class Peer {
    final Connection connection;
    final int number;

    Peer(Connection connection, int number) {
      this.connection = connection;
      this.number = number;
    }

    /// The head of the next request.
    String head() throws IOException {
      String head = new String(connection.readUntil("\r\n\r\n".getBytes(ISO_8859_1)), ISO_8859_1);
      heads.add(head);
      return head;
    }

    void say(String text) throws IOException {
      connection.write(text.getBytes(ISO_8859_1));
      connection.flush();
    }

    void ok(String body) throws IOException {
      say("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }
  }

  private RawServer(Listener listener, VoidBodyOf<Peer, ?> serve) {
    this.listener = listener;
    this.serve = serve;
  }

  String url(String path) {
    return "http://127.0.0.1:" + listener.port() + path;
  }

  private void serveAll() throws IOException {
    try {
      listener.serve(this::serve);
    } catch (ConnectionClosedException _) {
      // the test was over before it began
    }
  }

  private void serve(Connection connection) throws IOException {
    try {
      serve.run(new Peer(connection, ++connections));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      if (!(e instanceof IOException)) { // else the client has left, which is its business
        throw new AssertionError(e);
      }
    }
  }

  /// What a test does with it.
  interface Body {
    void run(RawServer server) throws Exception;
  }

  /// Runs both on one loop.
  static void with(VoidBodyOf<Peer, ?> serve, Body body) throws Exception {
    try {
      Serving.run(() -> {
        try (Listener listener = Net.listen(0)) {
          RawServer server = new RawServer(listener, serve);
          Async.background(server::serveAll);
          body.run(server);
        }
      });
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
