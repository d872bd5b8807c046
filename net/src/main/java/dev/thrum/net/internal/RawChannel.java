package dev.thrum.net.internal;

import dev.thrum.net.TlsSession;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.Optional;

/// An open connection as one of Netty's channels, for who speaks a protocol on it by handlers of
/// its own. It is registered with the loop's poller, and TLS, if there is any, is agreed on.
/// Whoever has it sees to its end.
///
/// @param driver the poller of its loop
/// @param channel the channel, whose pipeline has nothing but TLS
/// @param local the address of this side
/// @param remote the address of the other side
/// @param tls what the handshake has agreed on; nothing without TLS
public record RawChannel(
    Driver driver,
    Channel channel,
    SocketAddress local,
    SocketAddress remote,
    Optional<TlsSession> tls) {}
