package dev.thrum.http.internal;

import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.Waiting;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The end of a pipeline that tasks send to and the poller reads for them.
///
/// What tasks send is put into an outbox. The poller writes it at the beginning of its next turn
/// and flushes once.
public abstract class PolledChannel extends ChannelInboundHandlerAdapter implements Driver.Outbox {
  private static final int MOST_UNSENT = 1 << 16;

  /// The poller.
  protected final Driver driver;

  private final Duration writeTimeout;
  private final ArrayDeque<Object> outbox = new ArrayDeque<>(4);
  private @Nullable ChannelHandlerContext context;
  private @Nullable Waiting room;
  private int unsent;
  private boolean dirty;
  private boolean gone;
  private int reasonsToWait;

  /// The end of a pipeline, to be added to it.
  ///
  /// @param driver the poller
  /// @param writeTimeout how long the peer may take nothing while somebody waits for it
  protected PolledChannel(Driver driver, Duration writeTimeout) {
    this.driver = driver;
    this.writeTimeout = writeTimeout;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) {
    context = own;
  }

  /// Where it is in its pipeline.
  ///
  /// @return the context, once it has been added
  public final ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  /// What it is the end of.
  ///
  /// @return the channel, once it has been added
  public final Channel channel() {
    return context().channel();
  }

  /// Whether nothing can be sent or come any more.
  ///
  /// @return true if it is over
  public final boolean isGone() {
    return gone;
  }

  // Sending: by tasks

  /// Sends a message of Netty's.
  ///
  /// @param message the message, which belongs to the channel from now on
  /// @param size about how many bytes it has
  public final void send(Object message, int size) {
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
      driver.flushLater(this);
    }
  }

  /// Whether so much has still to be sent that nothing new should be begun.
  ///
  /// @return true if it is better to wait
  public final boolean isFull() {
    return unsent > MOST_UNSENT || (unsent == 0 && !channel().isWritable());
  }

  /// Waits until not much has to be sent.
  ///
  /// @param me the caller
  /// @throws IOException if the peer is gone, or takes nothing for too long
  public final void awaitRoom(Party me) throws IOException {
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
    while (!gone && isFull() && !isUnwanted()) {
      long before = pending();
      if (!waiting.awaitFor(me, writeTimeout)) {
        me.enter();
        if (isFull() && pending() >= before) {
          cutOff();
          String time = writeTimeout.toSeconds() + " s";
          throw new Departed(this + " has taken nothing for " + time, null);
        }
      }
    }
    checkThere();
  }

  /// Whether nobody wants what has still to be sent.
  ///
  /// @return true if nobody shall wait any longer to send more; see [#wakeWriters()]
  protected boolean isUnwanted() {
    return false;
  }

  private long pending() {
    return channel().isWritable() ? 0 : channel().bytesBeforeWritable();
  }

  /// Refuses to go on without a peer.
  ///
  /// @throws IOException if the peer is gone
  public final void checkThere() throws IOException {
    if (gone) {
      throw new Departed("the peer of " + this + " is gone", null);
    }
  }

  /// Closes at once, so that the other side sees that something is missing. By a task.
  public abstract void cutOff();

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
  ///
  /// @param own the context
  /// @param message what was sent
  protected abstract void write(ChannelHandlerContext own, Object message);

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext own) {
    wakeWriters();
  }

  /// Has those who wait for room look again. By the poller.
  protected final void wakeWriters() {
    Waiting waiting = room;
    boolean writable = !gone && channel().isWritable();
    if (waiting != null && (gone || writable || isUnwanted())) {
      waiting.wakeAll();
    }
    if (writable) {
      hasRoom();
    }
  }

  /// There is room to send more. By the poller.
  protected void hasRoom() {}

  /// Whether everything has left.
  ///
  /// @return false if closing now would lose something
  public final boolean isAllWritten() {
    return outbox.isEmpty()
        && (context == null
            || channel().unsafe().outboundBuffer() == null
            || channel().unsafe().outboundBuffer().isEmpty());
  }

  /// Nothing can be sent or come any more.
  protected final void goneNow() {
    gone = true;
    for (Object message = outbox.poll(); message != null; message = outbox.poll()) {
      ReferenceCountUtil.release(message);
    }
    unsent = 0;
    wakeWriters();
  }

  // Reading

  /// Has the peer wait, for one more reason.
  public final void pause() {
    if (reasonsToWait++ == 0) {
      readOrNot();
    }
  }

  /// A reason to have the peer wait is gone.
  public final void resume() {
    if (--reasonsToWait == 0) {
      readOrNot();
    }
  }

  private void readOrNot() {
    driver.execute(() -> {
      if (!gone && !readsAnyway()) {
        var _ = channel().config().setAutoRead(reasonsToWait == 0);
      }
    });
  }

  /// Whether what comes is taken to be thrown away. By the poller.
  ///
  /// @return true if nobody makes the peer wait
  protected boolean readsAnyway() {
    return false;
  }
}
