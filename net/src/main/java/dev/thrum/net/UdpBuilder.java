package dev.thrum.net;

import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Driver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Collects a datagram socket's settings.
final class UdpBuilder implements UdpSocket.Builder {
  private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
  private int receiveBuffer = 1 << 20;

  @Override
  public <T> UdpSocket.Builder option(SocketOption<T> option, T value) {
    options.put(Objects.requireNonNull(option, "option"), Objects.requireNonNull(value, "value"));
    return this;
  }

  @Override
  public UdpSocket.Builder receiveBuffer(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "a receive buffer of " + bytes + " bytes: give at least 1");
    }
    receiveBuffer = bytes;
    return this;
  }

  @Override
  public UdpSocket bind(int port) throws IOException {
    return open(new InetSocketAddress(port), null);
  }

  @Override
  public UdpSocket bind(String host, int port) throws IOException {
    InetAddress first = Net.resolve(host).getFirst();
    return open(new InetSocketAddress(first, port), null);
  }

  @Override
  public UdpSocket connect(String host, int port) throws IOException {
    InetAddress first = Net.resolve(host).getFirst();
    return open(null, new InetSocketAddress(first, port));
  }

  private UdpSocket open(@Nullable InetSocketAddress local, @Nullable InetSocketAddress remote)
      throws IOException {
    Driver driver = Driver.current();
    Party.current().enter();
    return new UdpSocketImpl(driver, local, remote, Map.copyOf(options), receiveBuffer).open();
  }
}
