package dev.thrum.net;

import static dev.thrum.Async.shield;
import static dev.thrum.Async.supervise;

import dev.thrum.Scope;
import dev.thrum.VoidBodyOf;
import dev.thrum.internal.Offload;
import dev.thrum.internal.Warnings;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.RawListener;
import dev.thrum.net.internal.Transport;
import dev.thrum.net.internal.Waiting;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A socket that listens. The poller accepts while somebody wants connections and few are waiting
/// to be handed out; the rest stays with the system.
final class ListenerImpl extends Endpoint implements Listener, RawListener {
  private static final int MOST_WAITING = 16;
  private static final int MOST_AT_ONCE = 16;
  private static final long PAUSE_SECONDS = 1;

  private final SocketAddress wanted;
  private final ListenerBuilder.Plan plan;
  private final @Nullable SocketFile file;
  private final ArrayDeque<ConnectionImpl> ready = new ArrayDeque<>();
  private final Set<ConnectionImpl> unready = new HashSet<>();
  private final Waiting accepting;
  private SocketAddress address;
  private @Nullable Taker taker;
  private int open;
  private boolean demanded;
  private boolean served;
  private boolean resting;

  ListenerImpl(Driver driver, SocketAddress wanted, ListenerBuilder.Plan plan) {
    super(driver);
    this.wanted = wanted;
    this.address = wanted;
    this.plan = plan;
    this.file = wanted instanceof UnixDomainSocketAddress unix ? new SocketFile(unix) : null;
    this.accepting = Waiting.on("a connection to ", this, true);
  }

  // Opening

  ListenerImpl open() throws IOException {
    if (file != null) {
      Offload.call("looking at " + wanted, Offload.OnCancel.WAIT, Offload.valued(file::makeRoom));
    }
    open("listening on " + wanted);
    return this;
  }

  @Override
  Channel make() {
    ServerChannel own = driver.transport().server(file != null);
    own.config().setAutoRead(false);
    return own;
  }

  @Override
  ChannelFuture bind() {
    Channel own = channel();
    own.config().setOption(ChannelOption.SO_BACKLOG, plan.backlog());
    if (file == null) {
      own.config().setOption(ChannelOption.SO_REUSEADDR, true);
    }
    setOptions(own);
    return own.bind(driver.transport().toNetty(file == null ? wanted : file.provisional()));
  }

  /// What is no option of the listener has to be one of its connections.
  private void setOptions(Channel own) {
    Map<SocketOption<?>, Object> others = new LinkedHashMap<>();
    plan.options()
        .forEach((option, value) -> {
          if (!Options.setIfThere(own, option, value)) {
            others.put(option, value);
          }
        });
    if (!others.isEmpty()) {
      Channel sample = driver.transport().stream(file != null);
      try {
        others.forEach((option, value) -> Options.set(sample, option, value));
      } finally {
        sample.unsafe().closeForcibly();
      }
    }
  }

  @Override
  void bound() throws IOException {
    if (file == null) {
      address = Transport.toJdk(channel().localAddress());
    } else {
      file.publish();
    }
  }

  // Accepting: by the poller

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel child = (Channel) message;
    if (isClosed()) {
      child.unsafe().closeForcibly();
      return;
    }
    open++;
    update();
    SocketAddress local = file == null ? Transport.toJdk(child.localAddress()) : address;
    NettyWire wire =
        new NettyWire(driver, child, local, Transport.toJdk(child.remoteAddress()), "", null);
    ConnectionImpl connection = new ConnectionImpl(driver.host(), wire, plan.settings());
    connection.whenOver(this::oneLess);
    wire.start(connection);
    driver.register(
        child,
        () -> prepare(child, wire, connection),
        _ -> {
          child.unsafe().closeForcibly(); // and nobody hears of its end
          wire.forget();
          oneLess();
        });
  }

  private void oneLess() {
    open--;
    update();
  }

  private void prepare(Channel child, NettyWire wire, ConnectionImpl connection) {
    try {
      Options.forStream(child);
      plan.options().forEach((option, value) -> Options.setIfThere(child, option, value));
    } catch (RuntimeException e) {
      warn("a connection to " + this + " could not be set up", e);
      connection.abort();
      return;
    }
    boolean held =
        taker != null
            && taker.holds(
                child,
                () -> {
                  unready.remove(connection);
                  secure(child, wire, connection);
                });
    if (held) {
      unready.add(connection);
      var _ = child.closeFuture().addListener(_ -> giveUpIfUnready(connection));
    } else {
      secure(child, wire, connection);
    }
  }

  private void giveUpIfUnready(ConnectionImpl connection) {
    if (unready.remove(connection)) {
      connection.abort();
    }
  }

  private void secure(Channel child, NettyWire wire, ConnectionImpl connection) {
    Tls tls = plan.tls();
    if (tls == null) {
      offer(connection, wire);
      return;
    }
    connection.secure();
    unready.add(connection);
    wire.secure(
        tls,
        "",
        failure -> {
          unready.remove(connection);
          if (failure == null) {
            offer(connection, wire);
          } else {
            logger()
                .log(
                    System.Logger.Level.DEBUG,
                    () -> "the TLS handshake on " + connection + " failed",
                    failure);
            giveUp(child, wire, connection, failure);
          }
        });
  }

  /// Who speaks no TLS is told so, if there is a way to tell.
  private void giveUp(Channel child, NettyWire wire, ConnectionImpl connection, Throwable failure) {
    if (taker != null && child.isActive() && TlsFailures.isClearText(failure)) {
      wire.sayInClearText(taker.toClearText());
      var _ = child.closeFuture().addListener(_ -> connection.abort());
    } else {
      connection.abort();
    }
  }

  private void offer(ConnectionImpl connection, NettyWire wire) {
    if (isClosed()) {
      connection.abort();
    } else if (taker != null) {
      connection.giveAway(wire, taker::taken);
    } else if (!accepting.hand(connection)) {
      ready.add(connection);
      update();
    }
  }

  /// Accepting stops when there is nobody to have another one.
  private void update() {
    if (isClosed()) {
      return;
    }
    Channel own = channel();
    int room = plan.maxConnections() - open;
    boolean wants = demanded && !resting && room > 0 && ready.size() < MOST_WAITING;
    if (own.eventLoop().inEventLoop()) {
      if (wants) {
        acceptAtOnce(own, Math.min(room, MOST_AT_ONCE));
      }
      own.config().setAutoRead(wants);
    } else if (own.config().isAutoRead() != wants) {
      driver.execute(this::update);
    }
  }

  /// Netty may accept so many before it asks again.
  private static void acceptAtOnce(Channel own, int most) {
    if (own.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator limit) {
      limit.maxMessagesPerRead(most);
    }
  }

  /// Out of file descriptors, most likely.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    warn(
        this
            + " could not accept a connection and tries again in "
            + PAUSE_SECONDS
            + " s: "
            + Failures.explain(cause),
        null);
    resting = true;
    update();
    var _ =
        context
            .executor()
            .schedule(
                () -> {
                  resting = false;
                  update();
                },
                PAUSE_SECONDS,
                TimeUnit.SECONDS);
  }

  private static void warn(String what, @Nullable Throwable why) {
    Warnings.warn(what, why);
  }

  private static System.Logger logger() {
    return System.getLogger("dev.thrum");
  }

  // Handing out

  @Override
  public Connection accept() throws IOException {
    Party me = enter();
    if (served) {
      throw new IllegalStateException(this + " is served: its handler gets the connections");
    }
    ConnectionImpl next = next(me);
    if (next == null) {
      throw isClosedHere();
    }
    return next;
  }

  private @Nullable ConnectionImpl next(Party me) {
    if (isClosed()) {
      return null;
    }
    demanded = true;
    ConnectionImpl first = ready.poll();
    update();
    if (first == null) {
      return (ConnectionImpl) accepting.await(me);
    }
    me.passed();
    return first;
  }

  @Override
  public void takeAll(Taker all) {
    driver.host().checkHere(this);
    if (served || demanded) {
      throw new IllegalStateException(this + " is in use already");
    }
    served = true;
    taker = all;
    demanded = true;
    update();
  }

  @Override
  public void serve(VoidBodyOf<Connection, ?> handler) throws IOException {
    Party me = enter();
    if (served) {
      throw new IllegalStateException(this + " is served already");
    }
    served = true;
    supervise(scope -> {
      serve(me, scope, handler);
    });
  }

  private void serve(Party me, Scope scope, VoidBodyOf<Connection, ?> handler) {
    try {
      for (ConnectionImpl one = next(me); one != null; one = next(me)) {
        ConnectionImpl connection = one;
        scope.async("serving " + clientOf(connection), () -> serve(connection, handler));
        me.enter();
      }
      scope.cancel(this + " was closed");
    } finally {
      stop();
    }
  }

  private Object clientOf(Connection connection) {
    return file == null ? connection.remoteAddress() : "a client of " + address;
  }

  private void serve(ConnectionImpl connection, VoidBodyOf<Connection, ?> handler)
      throws Throwable {
    try {
      shield(
          plan.grace(),
          () -> {
            handler.run(connection);
            connection.close();
          });
    } catch (CancellationException e) {
      throw e;
    } catch (Exception e) {
      if (!connection.hasCaused(e)) {
        throw e;
      }
      logger().log(System.Logger.Level.DEBUG, () -> "the peer of " + connection + " is gone", e);
    } finally {
      connection.abort();
    }
  }

  // Closing

  @Override
  void letGo() {
    accepting.wakeAll();
    ready.forEach(ConnectionImpl::abort);
    ready.clear();
    unready.forEach(ConnectionImpl::abort);
  }

  @Override
  void closing() {
    if (file != null && !plan.keepsFile()) {
      try {
        file.removeIfOurs();
      } catch (IOException e) {
        warn(wanted + " could not be removed", e);
      }
    }
  }

  // What it is

  @Override
  public SocketAddress address() {
    return address;
  }

  @Override
  public int port() {
    if (address instanceof InetSocketAddress inet) {
      return inet.getPort();
    }
    throw new IllegalStateException(this + " has no port");
  }

  @Override
  public int connections() {
    return open;
  }

  @Override
  public String toString() {
    return "listener " + address;
  }
}
