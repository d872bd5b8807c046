package dev.thrum.net;

import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Datagrams;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
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
final class UdpSocketImpl extends Endpoint implements UdpSocket {
  private static final int LARGEST = 65_507;
  private static final int MOST_UNSENT = 1 << 20;

  private final @Nullable InetSocketAddress at;
  private final @Nullable InetSocketAddress remote;
  private final Map<SocketOption<?>, Object> options;
  private final int receiveBuffer;
  private final ArrayDeque<Datagram> received = new ArrayDeque<>();
  private final Waiting receivers;
  private final Waiting senders;
  private InetSocketAddress local = new InetSocketAddress(0);
  private Datagrams.@Nullable Nothing nothing;
  private @Nullable Throwable failure;
  private int receivedBytes;
  private int unsent;
  private boolean paused;

  /// @param at where it is, if it is not connected
  UdpSocketImpl(
      Driver driver,
      @Nullable InetSocketAddress at,
      @Nullable InetSocketAddress remote,
      Map<SocketOption<?>, Object> options,
      int receiveBuffer) {
    super(driver);
    this.at = at;
    this.remote = remote;
    this.options = options;
    this.receiveBuffer = receiveBuffer;
    this.receivers = Waiting.on("a datagram on ", this, true);
    this.senders = Waiting.on("room to send on ", this, true);
  }

  // Opening

  UdpSocketImpl open() throws IOException {
    open(remote == null ? "opening a UDP socket at " + at : "opening a UDP socket to " + remote);
    return this;
  }

  @Override
  Channel make() {
    Datagrams made = driver.transport().datagrams(familyOf(at == null ? remote : at));
    nothing = made.nothing();
    return made.channel();
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

  @Override
  ChannelFuture bind() {
    Channel own = channel();
    options.forEach((option, value) -> Options.set(own, option, value));
    return remote == null ? own.bind(Objects.requireNonNull(at)) : own.connect(remote);
  }

  @Override
  void bound() {
    local = (InetSocketAddress) channel().localAddress();
  }

  // Receiving: by the poller

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof DatagramPacket packet && !isClosed()) {
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
    if (!isClosed()) {
      paused = !on;
      var _ = channel().config().setAutoRead(on);
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
    var _ = channel().writeAndFlush(packet).addListener(sent -> sent(count, sent.cause()));
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
    if (problem != null && !isClosed()) {
      failed(problem);
    }
  }

  @Override
  void letGo() {
    received.clear();
    receivers.wakeAll();
    senders.wakeAll();
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
