package dev.thrum.bench.echo;

import static dev.thrum.Async.run;

import dev.thrum.Loop;
import dev.thrum.VoidBodyOf;
import dev.thrum.net.Connection;
import dev.thrum.net.Net;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Thrum, on the engine that the process's flags allow and the transport that they choose.
final class ThrumServer {
  private static final int BUFFER_BYTES = 64 * 1024;

  private ThrumServer() {}

  static void main(String[] args) throws Exception {
    var arguments = List.of(args);
    if (arguments.contains("version")) {
      System.out.println(version());
      return;
    }
    VoidBodyOf<Connection, IOException> echo =
        arguments.contains("bytes") ? ThrumServer::echoBytes : ThrumServer::echo;
    run(() -> {
      try (var listener = Net.listen("127.0.0.1", 0)) {
        Desk.open(listener.port());
        listener.serve(echo);
      }
    });
  }

  private static void echo(Connection connection) throws IOException {
    var buffer = ByteBuffer.allocate(BUFFER_BYTES);
    while (connection.read(buffer.clear()) >= 0) {
      connection.write(buffer.flip());
    }
  }

  /// Has no buffer while it waits, and makes a new array for each part that comes.
  private static void echoBytes(Connection connection) throws IOException {
    for (var bytes = connection.read(BUFFER_BYTES);
        bytes.length > 0;
        bytes = connection.read(BUFFER_BYTES)) {
      connection.write(bytes);
    }
  }

  private static String version() {
    var engine = run(() -> Loop.current().engineName());
    var transport = System.getProperty("thrum.net.transport");
    return transport == null
        ? "Thrum (%s engine)".formatted(engine)
        : "Thrum (%s engine, %s)".formatted(engine, transport);
  }
}
