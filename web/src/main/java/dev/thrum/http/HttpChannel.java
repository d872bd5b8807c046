package dev.thrum.http;

import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.RawChannel;
import dev.thrum.net.internal.Waiting;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The end of a pipeline on which requests come and responses leave: an HTTP/1.1 connection, or a
/// stream of an HTTP/2 one.
///
/// What tasks send is put into an outbox. The poller writes it at the beginning of its next turn
/// and flushes once.
abstract class HttpChannel extends ChannelInboundHandlerAdapter implements Driver.Outbox {
  private static final int MOST_UNSENT = 1 << 16;

  final LoopServer server;
  final RawChannel raw;
  private final ArrayDeque<Object> outbox = new ArrayDeque<>(4);
  private @Nullable ChannelHandlerContext context;
  private @Nullable Waiting room;
  private int unsent;
  private boolean dirty;
  private boolean gone;
  private boolean paused;

  HttpChannel(LoopServer server, RawChannel raw) {
    this.server = server;
    this.raw = raw;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) {
    context = own;
  }

  final ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  final Channel channel() {
    return context().channel();
  }

  final boolean isGone() {
    return gone;
  }

  // Sending: by tasks

  /// Sends a message of Netty's.
  ///
  /// @param size about how many bytes it has
  final void send(Object message, int size) {
    if (gone) {
      ReferenceCountUtil.release(message);
      return;
    }
    outbox.add(message);
    unsent += size;
    markDirty();
  }

  private void markDirty() {
    if (!dirty) {
      dirty = true;
      server.driver.flushLater(this);
    }
  }

  private boolean isFull() {
    return unsent > MOST_UNSENT || (unsent == 0 && !channel().isWritable());
  }

  /// Waits until not much has to be sent.
  ///
  /// @throws IOException if the client is gone, or takes nothing for too long
  final void awaitRoom(Party me) throws IOException {
    if (!isFull() || gone) {
      me.passed();
      checkThere();
      return;
    }
    Waiting waiting = room;
    if (waiting == null) {
      waiting = Waiting.on("room to write to ", this, true);
      room = waiting;
    }
    while (!gone && isFull()) {
      if (!waiting.awaitFor(me, server.settings.writeTimeout())) {
        me.enter();
        if (isFull()) {
          cutOff();
          throw new IOException(
              this + " has taken nothing for " + server.settings.writeTimeout().toSeconds() + " s");
        }
      }
    }
    checkThere();
  }

  final void checkThere() throws IOException {
    if (gone) {
      throw new IOException("the client of " + this + " is gone");
    }
  }

  /// Closes at once, so that the other side sees that something is missing. By a task.
  abstract void cutOff();

  // Sending: by the poller

  @Override
  public void flush() {
    dirty = false;
    ChannelHandlerContext own = context();
    boolean some = false;
    for (Object message = outbox.poll(); message != null; message = outbox.poll()) {
      some = true;
      write(own, message);
    }
    unsent = 0;
    if (some) {
      own.flush();
    }
    wakeWriters();
  }

  /// Writes one message, without flushing.
  abstract void write(ChannelHandlerContext own, Object message);

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext own) {
    wakeWriters();
  }

  private void wakeWriters() {
    Waiting waiting = room;
    if (waiting != null && (gone || channel().isWritable())) {
      waiting.wakeAll();
    }
  }

  final boolean isAllWritten() {
    return outbox.isEmpty()
        && (context == null
            || channel().unsafe().outboundBuffer() == null
            || channel().unsafe().outboundBuffer().isEmpty());
  }

  /// Nothing can be sent or come any more.
  final void goneNow() {
    gone = true;
    for (Object message = outbox.poll(); message != null; message = outbox.poll()) {
      ReferenceCountUtil.release(message);
    }
    unsent = 0;
    wakeWriters();
  }

  // Reading

  /// Has the peer wait, or go on.
  final void pause(boolean wanted) {
    if (paused != wanted) {
      paused = wanted;
      server.driver.execute(() -> {
        if (!gone) {
          var _ = channel().config().setAutoRead(!paused);
        }
      });
    }
  }

  /// Whether the system can copy a file into the connection.
  abstract boolean canSendFile(FileChannel file);

  /// Completes the headers of a response. By a task.
  abstract void framed(ExchangeImpl exchange, HttpHeaders headers);

  /// The length of a response is not known when it begins. By a task.
  abstract void unframed(ExchangeImpl exchange, HttpHeaders headers);

  /// The exchange is over: its response is complete or given up. By its task.
  ///
  /// @return what is to be answered next
  abstract @Nullable ExchangeImpl over(ExchangeImpl exchange);

  /// Tells a client to send the body that it has asked about. By a task.
  abstract void sendContinue();
}
