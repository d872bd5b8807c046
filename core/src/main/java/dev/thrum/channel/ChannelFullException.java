package dev.thrum.channel;

/// A channel that is made to fail when it is full is full, or a reader of a broadcast that is made
/// so was too slow.
public final class ChannelFullException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  ChannelFullException(String message) {
    super(message);
  }
}
