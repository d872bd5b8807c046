package dev.thrum.http.client;

import dev.thrum.http.internal.HttpConnection;
import dev.thrum.http.internal.OneFlush;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.RawChannel;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A connection on which HTTP/2 is spoken: its streams are shared by all who ask its server for
/// something.
///
/// The window of the connection is that of all streams together: a response that nobody reads keeps
/// no other one back.
final class Http2Session extends ChannelInboundHandlerAdapter implements HttpConnection {
  private static final int WINDOW = 1 << 17;
  private static final int MOST_STREAMS = 100;
  private static final int WINDOW_OF_ALL = WINDOW * (MOST_STREAMS + 1);

  private final Lane lane;
  private final RawChannel raw;
  private final Permits places;
  private final Set<Http2Call> streams = new LinkedHashSet<>();
  private final Waiting settling = Waiting.on("the settings of ", this, true);
  private @Nullable ChannelHandlerContext context;
  private boolean ready;
  private boolean leaving;
  private boolean gone;
  private boolean used;
  private long quietSince;
  private @Nullable Lost failure;

  private Http2Session(Lane lane, RawChannel raw) {
    this.lane = lane;
    this.raw = raw;
    this.places = new Permits("a stream of ", this, MOST_STREAMS);
  }

  /// By the poller.
  static Http2Session begin(Lane lane, RawChannel raw) {
    Http2Session made = new Http2Session(lane, raw);
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forClient()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .pushEnabled(false)
                    .initialWindowSize(WINDOW)
                    .maxHeaderListSize(lane.settings().maxHeader()))
            .build();
    var multiplex = new Http2MultiplexHandler(new Refusing());
    var _ = raw.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    var _ = raw.channel().pipeline().addLast(new OneFlush(raw.driver()), codec, multiplex, made);
    made.widen(codec);
    return made;
  }

  /// Nothing is pushed here.
  private static final class Refusing extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      var _ = stream.close();
    }
  }

  private void widen(Http2FrameCodec codec) {
    try {
      var flow = codec.connection().local().flowController();
      var all = codec.connection().connectionStream();
      flow.incrementWindowSize(all, WINDOW_OF_ALL - flow.windowSize(all));
      var _ = context().flush();
    } catch (Http2Exception e) {
      fail(Lost.malformed(e));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) {
    context = own;
    raw.driver().opened(this);
    lane.opened(this);
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  // Use: by tasks

  boolean isUsable() {
    return !leaving && !gone && failure == null;
  }

  /// Waits until the server has said how it is to be spoken with.
  void awaitReady(Party me) throws IOException {
    while (!ready) {
      if (failure != null || gone) {
        throw lost("the server has closed the connection");
      }
      var _ = settling.await(me);
    }
  }

  private Lost lost(String why) {
    Lost known = failure;
    return known == null ? new Lost(Lost.Kind.CLOSED, why, null) : known;
  }

  /// A stream for one request, when there is room for it.
  Http2Call open(Party me) throws IOException {
    awaitReady(me);
    places.acquire(me);
    if (!isUsable()) {
      places.release();
      throw new Lost(Lost.Kind.UNPROCESSED, "the server takes no more requests", failure);
    }
    Http2Call made = new Http2Call(this, raw);
    boolean _ = streams.add(made);
    raw.driver().execute(() -> open(made));
    made.awaitOpen(me);
    return made;
  }

  private void open(Http2Call call) {
    var _ =
        new Http2StreamChannelBootstrap(raw.channel())
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    var _ = stream.pipeline().addLast(new Responses(), call);
                  }
                })
            .open()
            .addListener(done -> {
              if (!done.isSuccess()) {
                call.refused(done.cause());
              }
            });
  }

  void closed(Http2Call stream) {
    if (streams.remove(stream)) {
      used = true;
      places.release();
      if (isQuiet()) {
        quietSince = raw.driver().host().nanos();
        raw.driver().execute(this::becameQuiet);
      }
    }
  }

  private void becameQuiet() {
    if (isQuiet()) {
      lane.quiet(this, leaving);
    }
  }

  /// Whether a request on it may have met a connection that was closed already.
  boolean isUsed() {
    return used;
  }

  /// Whether it has nothing to do.
  boolean isQuiet() {
    return streams.isEmpty() && !gone;
  }

  long quietSince() {
    return quietSince;
  }

  // What comes: by the poller

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    try {
      if (message instanceof Http2SettingsFrame frame) {
        Long most = frame.settings().maxConcurrentStreams();
        if (most != null || !ready) {
          places.all(most == null ? MOST_STREAMS : (int) Math.min(most, MOST_STREAMS));
        }
        ready = true;
        settling.wakeAll();
      } else if (message instanceof Http2GoAwayFrame) {
        drain();
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    if (cause instanceof Http2Exception) {
      fail(Lost.malformed(cause));
    } else {
      fail(new Lost(Lost.Kind.CLOSED, String.valueOf(cause.getMessage()), cause));
    }
  }

  private void fail(Lost why) {
    if (failure == null) {
      failure = why;
    }
    Set.copyOf(streams).forEach(one -> one.lostWith(why));
    settling.wakeAll();
    abort();
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    if (!gone) {
      gone = true;
      raw.driver().closed(this);
      lane.closed(this);
      settling.wakeAll();
      Set.copyOf(streams)
          .forEach(one -> one.lostWith(lost("the server has closed the connection")));
    }
    var _ = own.fireChannelInactive();
  }

  // The end

  @Override
  public void drain() {
    leaving = true;
    lane.leaves(this);
    becameQuiet();
  }

  void closeGently() {
    leaving = true;
    lane.leaves(this);
    if (!gone && streams.isEmpty()) {
      var _ =
          context()
              .writeAndFlush(Unpooled.EMPTY_BUFFER)
              .addListener(_ -> {
                var _ = context().close();
              });
    }
  }

  @Override
  public void abort() {
    if (!gone) {
      raw.channel().unsafe().close(raw.channel().voidPromise());
    }
  }

  @Override
  public boolean isSent() {
    return true;
  }

  @Override
  public boolean isSomebodys() {
    return false; // the client is
  }

  @Override
  public String toString() {
    return "HTTP/2 connection to " + lane.origin();
  }
}
