package dev.thrum.bench.echo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The load: connections of one thread, which wait for each echo before they send again.
public final class Load implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 * 1024;

  /// So long nothing may come where something should.
  static final int SILENCE_MILLIS = 10_000;

  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Payload payload;
  private long bytes;
  private int waiting;
  private boolean ending;

  private Load(int length) throws IOException {
    payload = new Payload(length);
  }

  /// Connects; nothing is sent but a greeting, which each connection has had echoed.
  public static Load connect(int port, int connections, int length) throws IOException {
    var load = new Load(length);
    try {
      load.add(port, connections);
      return load;
    } catch (IOException e) {
      load.close();
      throw e;
    }
  }

  /// Connects more.
  void add(int port, int connections) throws IOException {
    var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < connections; i++) {
      clients.add(Client.connect(server, clients.size(), payload, selector));
    }
  }

  /// Every connection sends its first message.
  public void begin() throws IOException {
    begin(clients.size());
  }

  /// So many of the connections send their first message.
  void begin(int some) throws IOException {
    waiting = some;
    for (int i = 0; i < some; i++) {
      clients.get((int) ((long) i * clients.size() / some)).begin();
    }
  }

  /// Fails if anything comes, the end of a connection included.
  void expectSilence(Duration time) throws IOException {
    if (selector.select(_ -> {}, time.toMillis()) > 0) {
      throw new IOException("the server has closed a connection that did nothing");
    }
  }

  /// Keeps the connections that have begun busy for so long.
  public void run(Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      if (advance() == 0) {
        throw new IOException("no byte came back for " + SILENCE_MILLIS / 1000 + " seconds");
      }
    }
  }

  /// Lets what is on its way come back, and sends no more. Fails if an echo does not come.
  public void end() throws IOException {
    ending = true;
    long end = System.nanoTime() + SILENCE_MILLIS * 1_000_000L;
    while (waiting > 0) {
      if (advance() == 0 || System.nanoTime() > end) {
        throw new IOException(
            "%,d of %,d connections wait for an echo in vain".formatted(waiting, clients.size()));
      }
    }
  }

  /// Goes on with all connections for which something has come; how many they are.
  private int advance() throws IOException {
    try {
      return selector.select(this::advance, SILENCE_MILLIS);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void advance(SelectionKey key) {
    try {
      var client = (Client) key.attachment();
      int count = client.advance(buffer);
      bytes += count;
      if (count > 0 && client.isAnswered()) {
        answered(client);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answered(Client client) throws IOException {
    if (ending) {
      waiting--;
    } else {
      client.begin();
    }
  }

  /// Messages that have been echoed so far; parts count as parts.
  public double messages() {
    return (double) bytes / payload.length();
  }

  @Override
  public void close() throws IOException {
    for (var client : clients) {
      client.close();
    }
    selector.close();
  }
}
