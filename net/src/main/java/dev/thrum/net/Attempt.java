package dev.thrum.net;

import dev.thrum.internal.DebugStack;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.Transport;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One attempt to connect to one address. If the task is cancelled its socket is closed.
final class Attempt {
  private final Driver driver;
  private final SocketAddress address;
  private final String host;
  private final @Nullable SocketAddress from;
  private final Map<SocketOption<?>, Object> options;
  private final Settings settings;
  private final Reply<ConnectionImpl> connected;
  private final @Nullable DebugStack openedAt;
  private @Nullable Channel channel;

  Attempt(
      Driver driver,
      SocketAddress address,
      String host,
      @Nullable SocketAddress from,
      Map<SocketOption<?>, Object> options,
      Settings settings,
      @Nullable DebugStack openedAt) {
    this.driver = driver;
    this.address = address;
    this.host = host;
    this.from = from;
    this.options = options;
    this.settings = settings;
    this.connected = new Reply<>("connecting to " + address, ConnectionImpl::abort);
    this.openedAt = openedAt;
  }

  ConnectionImpl make() throws IOException {
    driver.execute(this::start);
    return connected.awaitOrUndo(() -> driver.execute(this::giveUp));
  }

  // By the poller

  private void start() {
    if (connected.isAbandoned()) {
      return;
    }
    try {
      Channel own = driver.transport().stream(address instanceof UnixDomainSocketAddress);
      channel = own;
      driver.register(own, () -> connect(own), this::fail);
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void connect(Channel own) {
    try {
      Options.forStream(own);
      options.forEach((option, value) -> Options.set(own, option, value));
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    SocketAddress to = driver.transport().toNetty(address);
    var connecting = from == null ? own.connect(to) : own.connect(to, from);
    Driver.follow(connecting, () -> succeed(own), this::fail);
  }

  private void succeed(Channel own) {
    NettyWire wire =
        new NettyWire(driver, own, Transport.toJdk(own.localAddress()), address, host, openedAt);
    ConnectionImpl connection = new ConnectionImpl(driver.host(), wire, settings);
    wire.start(connection);
    channel = null;
    connected.succeed(connection);
  }

  private void fail(Throwable why) {
    giveUp();
    connected.fail(why);
  }

  private void giveUp() {
    Channel own = channel;
    channel = null;
    if (own != null) {
      var _ = own.close();
    }
  }
}
