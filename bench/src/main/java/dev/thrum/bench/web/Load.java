package dev.thrum.bench.web;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Puts a load on a server.
interface Load {
  /// Opens the connections, asks as fast as answers come, and closes them.
  ///
  /// @throws IOException if that did not go as far as to a tally
  Tally run(Duration time) throws IOException, InterruptedException;

  /// The load of a row.
  ///
  /// @param peers the folder with what the load is told
  static Load of(Row row, int port, Path peers) {
    return switch (row.kind()) {
      case WS -> new WebSocketLoad(port, row.connections());
      case STALL -> new Stalls(row, port, peers);
      default -> Wrk.of(row, port, peers);
    };
  }
}
