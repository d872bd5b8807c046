import org.jspecify.annotations.NullMarked;

/// TCP, TLS, UDP, Unix sockets and DNS on the loop's own thread.
@NullMarked
@SuppressWarnings({"module", "requires-automatic", "requires-transitive-automatic"})
module dev.thrum.net {
  requires transitive dev.thrum.core;
  requires static org.jspecify;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.classes.io_uring;
  requires io.netty.transport.classes.kqueue;
  requires io.netty.transport.unix.common;

  exports dev.thrum.net;

  // To Thrum's own modules only.
  exports dev.thrum.net.internal to
      dev.thrum.web;
}
