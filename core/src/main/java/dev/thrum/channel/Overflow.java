package dev.thrum.channel;

/// What happens to an item that a full channel, or a slow reader of a broadcast, has no room for.
public enum Overflow {
  /// The sender waits for room.
  SUSPEND,

  /// The oldest item makes room.
  DROP_OLDEST,

  /// The new item is dropped.
  DROP_NEWEST,

  /// The sender gets a [ChannelFullException]; of a broadcast, the slow reader does and is out.
  FAIL
}
