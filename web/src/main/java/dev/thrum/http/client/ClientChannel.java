package dev.thrum.http.client;

import dev.thrum.http.HttpVersion;
import dev.thrum.http.internal.PolledChannel;
import dev.thrum.net.internal.RawChannel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// The end of a pipeline on which requests leave and responses come: a connection of HTTP/1.1, or a
/// stream of one of HTTP/2.
abstract class ClientChannel extends PolledChannel {
  final RawChannel raw;
  @Nullable Call call;

  ClientChannel(RawChannel raw) {
    super(raw.driver(), ChronoUnit.FOREVER.getDuration());
    this.raw = raw;
  }

  /// Begins a request, to be sent by who gets it. By a task.
  Call begin(HttpRequest request) {
    Call made = new Call(this, request);
    call = made;
    return made;
  }

  abstract HttpVersion version();

  /// A request is over: its response was read or is not wanted. By its task.
  abstract void over(Call own);

  /// It cannot be used any more. By the poller.
  abstract void fail(Lost why);

  /// Whether the stream below has ended without saying that this is the end.
  abstract boolean isCutOff();

  /// The response has begun. By the poller.
  final void answeredEarly() {
    if (isUnwanted()) {
      wakeWriters();
    }
  }

  @Override
  protected final boolean isUnwanted() {
    Call known = call;
    return known != null && known.isAnsweredEarly();
  }

  @Override
  protected void write(ChannelHandlerContext own, Object message) {
    var _ = own.write(message);
  }
}
