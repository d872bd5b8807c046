package dev.thrum.net;

import dev.thrum.internal.Durations;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Driver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Collects a listener's settings.
final class ListenerBuilder implements Listener.Builder {

  /// What it has collected.
  record Plan(
      Map<SocketOption<?>, Object> options,
      Settings settings,
      @Nullable Tls tls,
      int backlog,
      int maxConnections,
      Duration grace,
      boolean keepsFile) {}

  private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
  private Settings settings = Settings.DEFAULT;
  private @Nullable Tls tls;
  private int backlog = 1024;
  private int maxConnections = Integer.MAX_VALUE;
  private Duration grace = Duration.ZERO;
  private boolean keepsFile;

  @Override
  public Listener.Builder tls(Tls server) {
    if (server.isClient()) {
      throw new IllegalArgumentException("to listen takes Tls.server(…), not a client's");
    }
    tls = server;
    return this;
  }

  @Override
  public <T> Listener.Builder option(SocketOption<T> option, T value) {
    options.put(Objects.requireNonNull(option, "option"), Objects.requireNonNull(value, "value"));
    return this;
  }

  @Override
  public Listener.Builder reusePort() {
    return option(StandardSocketOptions.SO_REUSEPORT, true);
  }

  @Override
  public Listener.Builder backlog(int connections) {
    backlog = positive(connections, "a backlog");
    return this;
  }

  @Override
  public Listener.Builder maxConnections(int connections) {
    maxConnections = positive(connections, "a limit");
    return this;
  }

  private static int positive(int value, String what) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " of " + value + " connections: give at least 1");
    }
    return value;
  }

  @Override
  public Listener.Builder grace(Duration limit) {
    grace = Durations.check(limit, "a grace");
    return this;
  }

  @Override
  public Listener.Builder readLimit(int bytes) {
    settings = settings.withReadLimit(bytes);
    return this;
  }

  @Override
  public Listener.Builder readBuffer(int bytes) {
    settings = settings.withReadBuffer(bytes);
    return this;
  }

  @Override
  public Listener.Builder writeBuffer(int bytes) {
    return writeBuffer(bytes / 4, bytes);
  }

  @Override
  public Listener.Builder writeBuffer(int low, int high) {
    settings = settings.withWriteBuffer(low, high);
    return this;
  }

  @Override
  public Listener.Builder linger(Duration limit) {
    settings = settings.withLinger(Durations.check(limit, "linger"));
    return this;
  }

  @Override
  public Listener.Builder keepFile() {
    keepsFile = true;
    return this;
  }

  @Override
  public Listener listen(int port) throws IOException {
    return listen(new InetSocketAddress(port));
  }

  @Override
  public Listener listen(String host, int port) throws IOException {
    InetAddress first = Net.resolve(host).getFirst();
    return listen(new InetSocketAddress(first, port));
  }

  @Override
  public Listener listen(SocketAddress address) throws IOException {
    if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
      return listen(inet.getHostString(), inet.getPort());
    }
    Driver driver = Driver.current();
    Party.current().enter();
    if (tls != null) {
      tls.prepare();
    }
    Plan plan =
        new Plan(Map.copyOf(options), settings, tls, backlog, maxConnections, grace, keepsFile);
    return new ListenerImpl(driver, address, plan).open();
  }
}
