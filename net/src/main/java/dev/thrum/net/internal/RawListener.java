package dev.thrum.net.internal;

import java.util.function.Consumer;

/// A listener that can give out its connections as channels.
public interface RawListener {

  /// Has every connection taken from now on, when its TLS is agreed on. On the loop, once, instead
  /// of accepting.
  ///
  /// @param taker gets each connection, by the poller, before anything of it has been read
  void takeAll(Consumer<RawChannel> taker);
}
