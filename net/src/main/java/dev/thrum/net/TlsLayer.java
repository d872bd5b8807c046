package dev.thrum.net;

import dev.thrum.internal.engine.Engine;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ImmediateExecutor;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;

/// TLS in front of a wire: how far it is, and how the peer's half of it ends. Used by the poller.
final class TlsLayer {
  private final Channel channel;
  private final SslHandler handler;
  private final boolean forgivesCutOff;
  private final Runnable whenInputEnds;
  private boolean outputEnded;
  private boolean peerClosed;
  private boolean endSeen;
  private int besideTheLoop;

  /// @param host whom the peer's certificate must be for
  /// @param whenInputEnds is told again of an end that was put off
  TlsLayer(Channel channel, Tls tls, String host, int port, Runnable whenInputEnds)
      throws SSLException {
    this.channel = channel;
    this.forgivesCutOff = tls.isHttpsCompatible();
    this.whenInputEnds = whenInputEnds;
    Executor heavy =
        channel instanceof WireChannel ? ImmediateExecutor.INSTANCE : this::runBesideTheLoop;
    this.handler = tls.handler(channel.alloc(), host, port, heavy);
  }

  SslHandler handler() {
    return handler;
  }

  /// The heavy work of a handshake, but in memory, where a test's time stands still for no thread
  /// and its order is to be the same each time. TLS takes up what has come meanwhile before this is
  /// done.
  private void runBesideTheLoop(Runnable work) {
    besideTheLoop++;
    Engine.outsideThread(
            "thrum-tls",
            () -> {
              try {
                work.run();
              } finally {
                tellThatWorkIsDone();
              }
            })
        .start();
  }

  private void tellThatWorkIsDone() {
    try {
      channel
          .eventLoop()
          .execute(() -> {
            besideTheLoop--;
            if (endSeen && besideTheLoop == 0) {
              whenInputEnds.run();
            }
          });
    } catch (RejectedExecutionException _) {
      // The loop has ended.
    }
  }

  /// Whether an end of the input has to wait, since what came before it waits for the work of a
  /// handshake.
  boolean putsOffEnd() {
    boolean putsOff = besideTheLoop > 0 && channel.isActive();
    endSeen |= putsOff;
    return putsOff;
  }

  boolean isShakingHands() {
    return !handler.handshakeFuture().isDone();
  }

  /// Whether an end of the input that comes now is one, and has not been cut off.
  boolean endsOrderly() {
    return peerClosed || forgivesCutOff;
  }

  void endOutput() {
    outputEnded = true;
    var _ = handler.closeOutbound();
  }

  /// Whether no event tells of the peer's end any more, as after the end of the own output.
  boolean isToBeAsked() {
    return outputEnded;
  }

  /// Whether the peer has ended its output. OpenSSL says that it is closed also where only this
  /// side's is.
  boolean hasPeerClosed() {
    peerClosed |= handler.engine().isInboundDone();
    return peerClosed;
  }

  Optional<TlsSession> session() {
    return handler.handshakeFuture().isSuccess()
        ? Optional.of(TlsContext.describe(handler))
        : Optional.empty();
  }
}
