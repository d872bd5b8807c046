package dev.thrum.net.internal;

import java.util.function.Consumer;

/// A connection that can be given away as a channel.
public interface RawConnection {

  /// Gives it away. On the loop; nobody may use the connection any more.
  ///
  /// @param taker gets it, by the poller; what has been read of it comes through its pipeline as
  ///   soon as this has returned
  void giveAway(Consumer<RawChannel> taker);
}
