package dev.thrum.net.internal;

import java.io.IOException;
import java.util.function.Consumer;

/// A connection that can be given away as a channel.
public interface RawConnection {

  /// Gives it away, when its TLS is agreed on; what has come and has not been read comes through
  /// the channel again. From then on the connection itself is closed. On the loop, by a task that
  /// neither reads nor writes on it; one of the two is called by the poller.
  ///
  /// @param taker gets the channel
  /// @param otherwise gets the reason if the peer is gone already
  /// @throws IllegalStateException if it has been closed here, or is one in memory
  void giveAway(Consumer<RawChannel> taker, Consumer<IOException> otherwise);
}
