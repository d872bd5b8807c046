package dev.thrum.channel;

import dev.thrum.internal.wait.OpenWait;

/// One of several handles on the sending end; the last one to close closes it.
final class SenderHandle<T> implements Sender<T>, OpenWait {
  private final ChannelImpl<T> channel;
  private volatile boolean closed;

  SenderHandle(ChannelImpl<T> channel) {
    this.channel = channel;
  }

  @Override
  public void send(T item) {
    checkOpen();
    channel.send(item, this);
  }

  @Override
  public boolean trySend(T item) {
    checkOpen();
    return channel.trySend(item);
  }

  /// The channel, for one more operation.
  ChannelImpl<T> channel() {
    checkOpen();
    return channel;
  }

  private void checkOpen() {
    if (closed) {
      throw closed().forSender();
    }
  }

  End closed() {
    return new End("this handle of " + channel, "closed", null);
  }

  @Override
  public void close() {
    if (markClosed()) {
      channel.handleClosed(this);
    }
  }

  @Override
  public void close(Throwable error) {
    if (markClosed()) {
      channel.close(error);
    }
  }

  private synchronized boolean markClosed() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  @Override
  public boolean isClosed() {
    return closed || channel.isClosed();
  }
}
