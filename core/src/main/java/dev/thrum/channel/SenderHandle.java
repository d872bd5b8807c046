package dev.thrum.channel;

import dev.thrum.internal.Steering;
import dev.thrum.internal.wait.OpenWait;
import java.util.Objects;

/// One of several handles on the sending end; the last one to close closes it.
final class SenderHandle<T> implements Sender<T>, OpenWait {
  private final ChannelImpl<T> channel;
  private volatile boolean closed;

  SenderHandle(ChannelImpl<T> channel) {
    this.channel = channel;
  }

  @Override
  public void send(T item) {
    channel.send(item, this);
  }

  @Override
  public boolean trySend(T item) {
    return channel.trySend(item, this);
  }

  ChannelImpl<T> channel() {
    return channel;
  }

  /// Whether this handle was closed, whatever the channel is.
  boolean isShut() {
    channel.look();
    return closed;
  }

  End shut() {
    return new End(toString(), "closed", null);
  }

  @Override
  public void close() {
    if (markClosed()) {
      channel.handleClosed(this);
    }
  }

  @Override
  public void close(Throwable error) {
    Objects.requireNonNull(error, "error");
    if (markClosed()) {
      channel.handleFailed(error);
    }
  }

  private synchronized boolean markClosed() {
    Steering.touch(channel, Steering.Touch.WRITE);
    boolean first = !closed;
    closed = true;
    return first;
  }

  @Override
  public boolean isClosed() {
    return channel.isClosed() || closed;
  }

  @Override
  public String toString() {
    return "handle of " + channel;
  }
}
