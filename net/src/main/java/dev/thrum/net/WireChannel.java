package dev.thrum.net;

import dev.thrum.net.internal.Driver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection in memory as one of Netty's channels, so that what a socket can have in front of it
/// (TLS) can be had there too. What the wire tells is passed on by the poller.
final class WireChannel extends AbstractChannel implements Wire.End {
  private static final ChannelMetadata METADATA = new ChannelMetadata(false);
  private static final int MOST_UNSENT = 1 << 16;

  private final Driver driver;
  private final MemoryWire wire;
  private final ChannelConfig config;
  private long unsent;
  private boolean open = true;
  private boolean resets;
  private @Nullable IOException failure;

  /// @param unsent how much the wire has still to send of what came before
  WireChannel(Driver driver, MemoryWire wire, long unsent) {
    super(null);
    this.driver = driver;
    this.wire = wire;
    this.unsent = unsent;
    this.config = new Config();
  }

  /// What the wire can be told by options.
  private final class Config extends DefaultChannelConfig {
    Config() {
      super(WireChannel.this);
    }

    /// Whoever does not linger resets.
    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
      if (option == ChannelOption.SO_LINGER) {
        resets = true;
        return true;
      }
      return super.setOption(option, value);
    }

    @Override
    protected void autoReadCleared() {
      wire.pause();
    }
  }

  String name() {
    return wire.toString();
  }

  // What the wire tells

  @Override
  public void received(ByteBuf data) {
    driver.execute(() -> {
      if (!open) {
        data.release();
        return;
      }
      var _ = pipeline().fireChannelRead(data);
      var _ = pipeline().fireChannelReadComplete();
      if (!config.isAutoRead()) {
        wire.pause(); // somebody has asked for this much
      }
    });
  }

  @Override
  public void ended() {
    driver.execute(() -> {
      var _ = pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    });
  }

  @Override
  public void sent(int bytes) {
    boolean wasFull = unsent >= MOST_UNSENT;
    unsent -= bytes;
    if (wasFull) {
      driver.execute(unsafe()::flush);
    }
  }

  @Override
  public void outputBroken(IOException why) {
    if (failure == null) {
      failure = why;
      driver.execute(unsafe()::flush);
    }
  }

  @Override
  public void broken(IOException why) {
    failure = failure == null ? why : failure;
    driver.execute(() -> {
      if (open) {
        var _ = pipeline().fireExceptionCaught(why);
      }
    });
  }

  @Override
  public boolean closed() {
    driver.execute(() -> unsafe().close(voidPromise()));
    return true;
  }

  @Override
  public void giveBack(Consumer<ByteBuf> to) {
    // Nothing is kept here.
  }

  @Override
  public void forsaken() {
    // It has no user.
  }

  // What Netty asks for

  @Override
  protected void doBeginRead() {
    wire.resume();
  }

  /// Takes as much as the wire shall have at a time; the rest follows when it has got rid of that.
  @Override
  protected void doWrite(ChannelOutboundBuffer in) throws IOException {
    while (failure == null && unsent < MOST_UNSENT && in.current() instanceof ByteBuf data) {
      int count = data.readableBytes();
      if (count > 0) {
        unsent += count;
        wire.send(wire.buffer(count).writeBytes(data), count);
      }
      boolean _ = in.remove();
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  protected void doClose() {
    open = false;
    if (resets) {
      wire.abort();
    } else {
      wire.close();
    }
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doBind(SocketAddress address) {
    throw new UnsupportedOperationException("a connection in memory has no address");
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new AbstractUnsafe() {
      @Override
      public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        var _ = promise.setFailure(new UnsupportedOperationException("it is connected"));
      }
    };
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected SocketAddress localAddress0() {
    return wire.localAddress();
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return wire.remoteAddress();
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }
}
