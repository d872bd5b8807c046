package dev.thrum.http.internal;

import dev.thrum.net.internal.Driver;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/// Has what the streams of a turn send leave at once at its end.
public final class OneFlush extends ChannelOutboundHandlerAdapter {
  private final Driver driver;
  private boolean asked;

  /// To be added before the codec.
  ///
  /// @param driver the poller
  public OneFlush(Driver driver) {
    this.driver = driver;
  }

  @Override
  public void flush(ChannelHandlerContext own) {
    if (!asked) {
      asked = true;
      driver.execute(() -> {
        asked = false;
        var _ = own.flush();
      });
    }
  }
}
