package dev.thrum.channel;

import dev.thrum.internal.Sneaky;
import org.jspecify.annotations.Nullable;

/// How a channel ended, as those find it who wait for an item or for room.
///
/// @param channel the channel's description
/// @param how what was done to it
/// @param error what it was closed with, or null
record End(String channel, String how, @Nullable Throwable error) {

  ChannelClosedException forSender() {
    return new ChannelClosedException(
        channel + " is " + how + ": nothing can be sent any more", error);
  }

  RuntimeException forReceiver() {
    if (error != null) {
      throw Sneaky.sneak(error);
    }
    return new ChannelClosedException(
        channel + " is " + how + " and empty: a for statement or next() ends there quietly", null);
  }
}
