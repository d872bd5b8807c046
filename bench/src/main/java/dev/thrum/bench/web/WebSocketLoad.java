package dev.thrum.bench.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// WebSocket connections on one thread and one selector, each with one message at a time on its
/// way.
record WebSocketLoad(int port, int connections) implements Load {
  /// How long no message may come.
  private static final int SILENCE_MILLIS = 10_000;

  @Override
  public Tally run(Duration time) throws IOException {
    var latencies = new Latencies();
    var clients = new ArrayList<WebSocketClient>();
    try (var selector = Selector.open()) {
      try {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        while (clients.size() < connections) {
          clients.add(WebSocketClient.connect(server, SILENCE_MILLIS, selector));
        }
        double seconds = run(selector, clients, latencies, time.toNanos());
        return new Tally(latencies.count(), seconds, latencies.percentile(99), Optional.empty());
      } finally {
        for (var client : clients) {
          client.close();
        }
      }
    }
  }

  private static double run(
      Selector selector, List<WebSocketClient> clients, Latencies latencies, long nanos)
      throws IOException {
    long begin = System.nanoTime();
    for (var client : clients) {
      client.send();
    }
    long now = System.nanoTime();
    while (now - begin < nanos) {
      int count =
          selector.select(
              key -> ((WebSocketClient) key.attachment()).receive(latencies), SILENCE_MILLIS);
      if (count == 0) {
        throw new IOException("no message for " + SILENCE_MILLIS + " ms");
      }
      now = System.nanoTime();
    }
    for (var client : clients) {
      client.check();
    }
    return (now - begin) / 1e9;
  }
}
