package dev.thrum.channel;

import org.jspecify.annotations.Nullable;

/// A channel is closed: nothing can be sent, or nothing more will be received. If it was closed
/// with an error, that is the cause.
public final class ChannelClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  ChannelClosedException(String message, @Nullable Throwable error) {
    super(message, error);
  }
}
