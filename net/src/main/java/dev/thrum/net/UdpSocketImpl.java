package dev.thrum.net;

import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Datagrams;
import dev.thrum.net.internal.Driver;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A socket of UDP. The poller copies what comes and lets go of Netty's buffer at once.
final class UdpSocketImpl extends ChannelInboundHandlerAdapter implements UdpSocket, Driver.Open {
  private static final int LARGEST = 65_507;
  private static final int MOST_UNSENT = 1 << 20;

  private final Driver driver;
  private final @Nullable InetSocketAddress remote;
  private final int receiveBuffer;
  private final ArrayDeque<Datagram> received = new ArrayDeque<>();
  private final Waiting receivers;
  private final Waiting senders;
  private final Waiting closers;
  private final @Nullable Throwable openedAt;
  private InetSocketAddress local = new InetSocketAddress(0);
  private @Nullable DatagramChannel channel;
  private Datagrams.@Nullable Nothing nothing;
  private @Nullable Throwable failure;
  private int receivedBytes;
  private int unsent;
  private boolean paused;
  private boolean closed;
  private boolean over;

  UdpSocketImpl(Driver driver, @Nullable InetSocketAddress remote, int receiveBuffer) {
    this.driver = driver;
    this.remote = remote;
    this.receiveBuffer = receiveBuffer;
    this.receivers = Waiting.on("a datagram on ", this, true);
    this.senders = Waiting.on("room to send on ", this, true);
    this.closers = Waiting.on("the end of ", this, true);
    this.openedAt = driver.host().debug() ? new Throwable("opened here") : null;
  }

  // Opening

  UdpSocketImpl open(@Nullable InetSocketAddress at, Map<SocketOption<?>, Object> options)
      throws IOException {
    Reply<Boolean> opened =
        new Reply<>(
            remote == null ? "opening a UDP socket at " + at : "opening a UDP socket to " + remote,
            _ -> closeNow());
    driver.execute(() -> open(at, options, opened));
    boolean done = false;
    try {
      done = opened.await();
    } finally {
      if (!done) {
        driver.execute(this::closeNow);
      }
    }
    return this;
  }

  private void open(
      @Nullable InetSocketAddress at, Map<SocketOption<?>, Object> options, Reply<Boolean> opened) {
    if (opened.isAbandoned()) {
      return;
    }
    try {
      Datagrams made = driver.transport().datagrams(familyOf(at == null ? remote : at));
      DatagramChannel own = made.channel();
      channel = own;
      nothing = made.nothing();
      own.pipeline().addLast(this);
      driver.opened(this);
      var _ = own.closeFuture().addListener(_ -> gone());
      var _ =
          driver
              .register(own)
              .addListener(registered -> {
                if (registered.isSuccess()) {
                  bind(own, at, options, opened);
                } else {
                  fail(opened, registered.cause());
                }
              });
    } catch (RuntimeException | Error e) {
      fail(opened, e);
    }
  }

  /// @return null for both
  private static @Nullable SocketProtocolFamily familyOf(@Nullable InetSocketAddress address) {
    if (address == null || address.getAddress().isAnyLocalAddress()) {
      return null;
    }
    return address.getAddress() instanceof Inet6Address
        ? SocketProtocolFamily.INET6
        : SocketProtocolFamily.INET;
  }

  private void bind(
      DatagramChannel own,
      @Nullable InetSocketAddress at,
      Map<SocketOption<?>, Object> options,
      Reply<Boolean> opened) {
    try {
      options.forEach((option, value) -> Options.set(own, option, value));
    } catch (RuntimeException e) {
      fail(opened, e);
      return;
    }
    ChannelFuture binding =
        remote == null ? own.bind(Objects.requireNonNull(at)) : own.connect(remote);
    var _ =
        binding.addListener(done -> {
          if (done.isSuccess()) {
            local = own.localAddress();
            opened.succeed(true);
          } else {
            fail(opened, done.cause());
          }
        });
  }

  private void fail(Reply<Boolean> opened, Throwable why) {
    closeNow();
    opened.fail(why);
  }

  // Receiving: by the poller

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof DatagramPacket packet && !closed) {
      byte[] data = new byte[packet.content().readableBytes()];
      packet.content().readBytes(data);
      take(new Datagram(data, packet.sender()));
    }
    ReferenceCountUtil.release(message);
  }

  private void take(Datagram datagram) {
    if (receivers.hand(datagram)) {
      return;
    }
    received.add(datagram);
    receivedBytes += sizeOf(datagram);
    if (receivedBytes >= receiveBuffer) {
      setAutoRead(false);
    }
  }

  private static int sizeOf(Datagram datagram) {
    return datagram.data().length + 1;
  }

  private void setAutoRead(boolean on) {
    DatagramChannel own = channel;
    if (own != null && !closed) {
      paused = !on;
      var _ = own.config().setAutoRead(on);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failed(cause);
  }

  private void failed(Throwable cause) {
    if (remote == null && cause instanceof PortUnreachableException) {
      return;
    }
    if (!receivers.hand(cause)) {
      failure = cause;
    }
  }

  // The tasks' side

  private Party enter() throws IOException {
    if (!driver.host().isHere()) {
      throw new WrongThreadException(
          this
              + " is used only by tasks of its own loop, not by "
              + Thread.currentThread()
              + "; use loop.submit(…)");
    }
    Party me = Party.current();
    me.enter();
    checkOpen();
    return me;
  }

  private void checkOpen() throws ConnectionClosedException {
    if (closed) {
      throw isClosedHere();
    }
  }

  private ConnectionClosedException isClosedHere() {
    return new ConnectionClosedException(this + " has been closed here");
  }

  private void throwFailure() throws IOException {
    Throwable known = failure;
    if (known != null) {
      failure = null;
      throw asIo(known);
    }
  }

  private IOException asIo(Throwable cause) {
    return Failures.asIo(cause, "a datagram sent before on " + this);
  }

  @Override
  public Datagram receive() throws IOException {
    Party me = enter();
    throwFailure();
    Datagram first = received.poll();
    if (first == null) {
      return switch (receivers.await(me)) {
        case Datagram next -> next;
        case Throwable cause -> throw asIo(cause);
        case null, default -> throw isClosedHere();
      };
    }
    receivedBytes -= sizeOf(first);
    if (paused && receivedBytes <= receiveBuffer / 2) {
      driver.execute(() -> setAutoRead(true));
    }
    me.passed();
    return first;
  }

  @Override
  public void send(byte[] data) throws IOException {
    if (remote == null) {
      throw new IllegalStateException(this + " is not connected: say where to send to");
    }
    send(data, remote);
  }

  @Override
  public void send(byte[] data, InetSocketAddress to) throws IOException {
    if (remote != null && !remote.equals(to)) {
      throw new IllegalStateException(this + " sends only to " + remote + ", not to " + to);
    }
    if (data.length > LARGEST) {
      throw new IllegalArgumentException(
          "a datagram of " + data.length + " bytes: UDP takes " + LARGEST + " at the most");
    }
    check(to);
    Party me = enter();
    throwFailure();
    while (unsent > MOST_UNSENT) {
      senders.await(me);
      checkOpen();
      throwFailure();
    }
    int count = data.length + 1;
    unsent += count;
    if (data.length == 0) {
      driver.execute(() -> sendNothing(to));
    } else {
      DatagramPacket packet = new DatagramPacket(Unpooled.copiedBuffer(data), to);
      driver.execute(() -> send(packet, count));
    }
    me.passed();
  }

  private void check(InetSocketAddress to) {
    if (to.isUnresolved()) {
      throw new IllegalArgumentException(to + " is a mere name: look it up with Net.resolve(…)");
    }
    InetAddress here = local.getAddress();
    if (here instanceof Inet4Address
        && !here.isAnyLocalAddress()
        && to.getAddress() instanceof Inet6Address) {
      throw new IllegalArgumentException(
          this + " has an address of IPv4 and cannot send to " + to + " of IPv6");
    }
  }

  private void send(DatagramPacket packet, int count) {
    DatagramChannel own = Objects.requireNonNull(channel);
    var _ = own.writeAndFlush(packet).addListener(sent -> sent(count, sent.cause()));
  }

  private void sendNothing(InetSocketAddress to) {
    Throwable problem = null;
    try {
      Objects.requireNonNull(nothing).send(to);
    } catch (IOException e) {
      problem = e;
    }
    sent(1, problem);
  }

  private void sent(int count, @Nullable Throwable problem) {
    unsent -= count;
    if (unsent <= MOST_UNSENT / 4) {
      senders.wakeAll();
    }
    if (problem != null && !closed) {
      failed(problem);
    }
  }

  // Closing

  @Override
  public void close() throws IOException {
    if (over) {
      return;
    }
    if (!driver.host().isHere()) {
      throw new WrongThreadException(this + " is closed by a task of its own loop");
    }
    if (!closed) {
      closed = true;
      received.clear();
      receivers.wakeAll();
      senders.wakeAll();
      driver.execute(this::closeNow);
    }
    Party me = Party.current();
    while (!over) {
      closers.awaitMasked(me);
    }
  }

  private void closeNow() {
    closed = true;
    DatagramChannel own = channel;
    if (own != null) {
      var _ = own.close();
    }
  }

  private void gone() {
    over = true;
    driver.closed(this);
    closers.wakeAll();
  }

  @Override
  public boolean isSent() {
    return true;
  }

  @Override
  public @Nullable Throwable openedAt() {
    return openedAt;
  }

  @Override
  public void closeAtEnd() {
    closeNow();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public InetSocketAddress localAddress() {
    return local;
  }

  @Override
  public String toString() {
    SocketAddress to = remote;
    return "UDP socket " + local + (to == null ? "" : " to " + to);
  }
}
