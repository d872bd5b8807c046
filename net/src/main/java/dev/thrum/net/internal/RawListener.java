package dev.thrum.net.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/// A listener that can give out its connections as channels.
public interface RawListener {

  /// Gets the connections. Everything is called by the poller.
  @FunctionalInterface
  interface Taker {

    /// A connection is there, and its TLS is agreed on. Nothing of it has been read.
    ///
    /// @param raw the connection
    void taken(RawChannel raw);

    /// A connection has been accepted, and TLS has not begun. Who wants something else to come
    /// before that puts a handler first into the pipeline, and holds the connection.
    ///
    /// @param channel the connection
    /// @param next has it go on, in a later turn of the poller and without the handler
    /// @return whether it is held; else it goes on by itself
    default boolean holds(Channel channel, Runnable next) {
      return false;
    }

    /// What somebody is told who does not speak TLS where it is to be spoken.
    ///
    /// @return the bytes, in clear text; the connection is closed after them
    default ByteBuf toClearText() {
      return Unpooled.EMPTY_BUFFER;
    }
  }

  /// Has every connection taken from now on. On the loop, once, instead of accepting.
  ///
  /// @param taker gets each connection
  void takeAll(Taker taker);
}
