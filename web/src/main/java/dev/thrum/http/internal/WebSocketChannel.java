package dev.thrum.http.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.WebSocket;
import dev.thrum.http.WebSocketSettings;
import dev.thrum.internal.Durations;
import dev.thrum.internal.Timer;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.RawChannel;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A WebSocket over a connection.
///
/// **Closing.** `closed` says how it was closed as soon as one side has; `sentClose` and `gotClose`
/// say which. This side, being the server, ends the connection when both have.
public final class WebSocketChannel extends PolledChannel implements WebSocket, HttpConnection {
  private static final int MOST_UNREAD = 1 << 18;
  private static final int MESSAGE = 64; // what one takes besides its bytes, about
  private static final int MOST_CONTROL = 125;
  private static final Duration CLOSING = Duration.ofSeconds(5);
  private static final int MOST_UNANSWERED = 2;

  private final Owner owner;
  private final RawChannel raw;
  private final WebSocketSettings settings;
  private final ArrayDeque<Received> messages = new ArrayDeque<>();
  private final Waiting opening = Waiting.on("the opening of ", this, true);
  private final Waiting receiving = Waiting.on("a message on ", this, true);
  private final Waiting closing = Waiting.on("the end of ", this, true);
  private final Clock clock = new Clock();
  private String subprotocol = "";
  private boolean open;
  private boolean refused;
  private boolean received;
  private boolean busy;
  private boolean full;
  private int unread;
  private int unanswered;
  private boolean sentClose;
  private boolean gotClose;
  private @Nullable Closed closed;
  private @Nullable IOException failure;

  /// The parts of a message that has not come as a whole.
  private @Nullable ByteBuf parts;

  private boolean partsAreText;

  /// A message that has come, and about how much it takes.
  private record Received(Message message, int size) {}

  /// Pings, and sees to it that closing comes to an end.
  private final class Clock extends Timer {
    @Override
    protected void fire() {
      driver.execute(WebSocketChannel.this::tick);
    }
  }

  /// Whose it is.
  public interface Owner {

    /// It is open. By the poller.
    ///
    /// @param connection the WebSocket
    void opened(HttpConnection connection);

    /// It is closed. By the poller.
    ///
    /// @param connection the WebSocket
    void closed(HttpConnection connection);

    /// The peer has left, and who uses it has had time to notice. By the poller.
    ///
    /// @param why a few words
    void lost(String why);
  }

  /// A WebSocket that has still to be opened.
  ///
  /// @param owner whose it is
  /// @param raw its connection
  /// @param settings how it is to be
  /// @param writeTimeout how long the peer may take nothing
  public WebSocketChannel(
      Owner owner, RawChannel raw, WebSocketSettings settings, Duration writeTimeout) {
    super(raw.driver(), writeTimeout);
    this.owner = owner;
    this.raw = raw;
    this.settings = settings;
  }

  // Opening

  /// Waits until it is open.
  ///
  /// @param me the caller
  /// @throws IOException if the peer is gone
  public void awaitOpen(Party me) throws IOException {
    while (!open && !refused) {
      var _ = opening.await(me);
    }
    if (refused) {
      throw new IOException("the client of " + this + " is gone");
    }
  }

  /// The peer is gone. By the poller.
  public void refused() {
    refused = true;
    opening.wakeAll();
  }

  /// It is open. By the poller.
  ///
  /// @param chosen the sub-protocol, perhaps empty
  public void opened(String chosen) {
    subprotocol = chosen;
    open = true;
    driver.opened(this);
    owner.opened(this);
    if (!settings.pingEvery().isZero()) {
      setClock(settings.pingEvery());
    }
    opening.wakeAll();
  }

  // Time

  private void setClock(Duration limit) {
    driver.host().timers().set(clock, driver.host().timeAfter(Durations.nanos(limit)));
  }

  private void tick() {
    if (isGone()) {
      owner.lost("the client has closed its WebSocket");
    } else if (sentClose || gotClose) {
      abort();
    } else {
      ping();
    }
  }

  private void ping() {
    unanswered = received ? 0 : unanswered + 1;
    received = false;
    if (unanswered > MOST_UNANSWERED) {
      failed(new IOException(this + ": the client has answered no ping"), 1006);
      abort();
    } else {
      var _ = context().writeAndFlush(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER));
      setClock(settings.pingEvery());
    }
  }

  // What comes: by the poller

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    try {
      received = true;
      if (message instanceof WebSocketFrame frame && !gotClose && failure == null) {
        take(frame);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void take(WebSocketFrame frame) {
    switch (frame) {
      case PingWebSocketFrame ping -> answer(ping);
      case PongWebSocketFrame _ -> {}
      case CloseWebSocketFrame close -> peerCloses(close);
      case ContinuationWebSocketFrame _ -> join(frame);
      default -> {
        partsAreText = frame instanceof TextWebSocketFrame;
        if (frame.isFinalFragment()) {
          deliver(frame.content());
        } else {
          parts = Unpooled.buffer(Math.max(256, frame.content().readableBytes()));
          join(frame);
        }
      }
    }
  }

  private void answer(PingWebSocketFrame ping) {
    if (!sentClose) {
      var _ = context().writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
    }
  }

  private void join(WebSocketFrame frame) {
    ByteBuf known = parts;
    if (known == null) {
      fail(1002, "a message goes on that has not begun");
      return;
    }
    if (known.readableBytes() + frame.content().readableBytes() > settings.maxMessage()) {
      parts = null;
      fail(1009, tooLong());
      return;
    }
    var _ = known.writeBytes(frame.content());
    if (frame.isFinalFragment()) {
      parts = null;
      deliver(known);
    }
  }

  private String tooLong() {
    return "a message has more than " + settings.maxMessage() + " bytes";
  }

  private void deliver(ByteBuf content) {
    int size = content.readableBytes();
    if (size > settings.maxMessage()) {
      fail(1009, tooLong());
      return;
    }
    Message message =
        partsAreText
            ? new Text(content.toString(UTF_8))
            : new Binary(ByteBufUtil.getBytes(content));
    messages.add(new Received(message, size + MESSAGE));
    unread += size + MESSAGE;
    if (unread > MOST_UNREAD && !full) {
      full = true;
      pause();
    }
    receiving.wakeAll();
  }

  private void peerCloses(CloseWebSocketFrame frame) {
    gotClose = true;
    int code = frame.statusCode() < 0 ? 1005 : frame.statusCode();
    if (closed == null) {
      String reason = frame.reasonText();
      closed = new Closed(code, reason == null ? "" : reason);
    }
    if (sentClose) {
      end();
    } else {
      sentClose = true;
      flush();
      var _ =
          context()
              .writeAndFlush(
                  code == 1005
                      ? new CloseWebSocketFrame()
                      : new CloseWebSocketFrame(new WebSocketCloseStatus(code, ""), ""))
              .addListener(_ -> end());
    }
    setClock(CLOSING);
    wakeAll();
  }

  private void wakeAll() {
    receiving.wakeAll();
    closing.wakeAll();
  }

  private void end() {
    if (!isGone()) {
      var _ = context().close();
    }
  }

  /// The peer does what it must not: it is told so, and the connection is given up.
  private void fail(int code, String why) {
    failed(new IOException(this + ": " + why), code);
    if (sentClose) {
      end();
      return;
    }
    sentClose = true;
    flush();
    var _ =
        context()
            .writeAndFlush(new CloseWebSocketFrame(new WebSocketCloseStatus(code, why), cut(why)))
            .addListener(_ -> end());
    setClock(CLOSING);
  }

  private static String cut(String reason) {
    return reason.length() > 100 ? reason.substring(0, 100) : reason;
  }

  private void failed(IOException why, int code) {
    if (closed == null) {
      closed = new Closed(code, why.getMessage() == null ? "" : why.getMessage());
    }
    if (failure == null) {
      failure = why;
    }
    wakeAll();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    switch (cause) {
      case CorruptedWebSocketFrameException e ->
          fail(e.closeStatus().code(), String.valueOf(e.getMessage()));
      case DecompressionException _ -> fail(1009, tooLong());
      case TooLongFrameException _ -> fail(1009, tooLong());
      case CodecException e -> {
        Throwable root = e.getCause() == null ? e : e.getCause();
        fail(
            root instanceof DecompressionException ? 1009 : 1002,
            "a frame is malformed: " + root.getMessage());
      }
      default -> abort();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    if (isGone()) {
      return;
    }
    boolean orderly = gotClose;
    goneNow();
    driver.host().timers().unset(clock);
    driver.closed(this);
    owner.closed(this);
    parts = null;
    if (!orderly && !sentClose) {
      failed(new IOException(this + " was lost"), 1006);
    } else if (closed == null) {
      closed = new Closed(1006, "");
    }
    wakeAll();
    if (orderly || sentClose) {
      setClock(CLOSING); // until then the task may come to its end by itself
    } else {
      owner.lost("the client has left");
    }
  }

  // Receiving

  private Party enter() {
    driver.host().checkHere(this);
    Party me = Party.current();
    me.enter();
    return me;
  }

  @Override
  public Optional<Message> receive() throws IOException {
    Party me = enter();
    if (busy) {
      throw new IllegalStateException("another task receives on " + this);
    }
    busy = true;
    try {
      Received first = messages.poll();
      if (first != null) {
        me.passed();
      }
      while (first == null) {
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
        if (gotClose || sentClose || isGone()) {
          return Optional.empty();
        }
        var _ = receiving.await(me);
        first = messages.poll();
      }
      unread -= first.size();
      if (full && unread < MOST_UNREAD / 2) {
        full = false;
        resume();
      }
      return Optional.of(first.message());
    } finally {
      busy = false;
    }
  }

  // Sending

  @Override
  public void send(String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    send(new TextWebSocketFrame(Unpooled.wrappedBuffer(bytes)), bytes.length);
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)), bytes.length);
  }

  @Override
  public void ping(byte[] bytes) throws IOException {
    if (bytes.length > MOST_CONTROL) {
      throw new IllegalArgumentException(
          "a ping of " + bytes.length + " bytes: give at most " + MOST_CONTROL);
    }
    send(new PingWebSocketFrame(Unpooled.wrappedBuffer(bytes)), bytes.length);
  }

  private void send(WebSocketFrame frame, int size) throws IOException {
    Party me = enter();
    checkUsable();
    super.send(frame, size + 10);
    awaitRoom(me);
  }

  private void checkUsable() throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    if (sentClose || gotClose) {
      throw new IOException(
          this + " is closed" + (closed == null ? "" : ", with " + closed.code()));
    }
    checkThere();
  }

  @Override
  protected void write(ChannelHandlerContext own, Object message) {
    var _ = own.write(message);
  }

  // Closing

  @Override
  public void close() throws IOException {
    close(1000, "");
  }

  @Override
  public void close(int code, String reason) throws IOException {
    if (!WebSocketCloseStatus.isValidStatusCode(code)) {
      throw new IllegalArgumentException("close code " + code + " is none that can be sent");
    }
    if (reason.getBytes(UTF_8).length > MOST_CONTROL - 2) {
      throw new IllegalArgumentException("a reason has at most " + (MOST_CONTROL - 2) + " bytes");
    }
    driver.host().checkHere(this);
    beginClosing(code, reason);
    Party me = Party.current();
    if (me.mustLeave()) {
      return;
    }
    while (!isGone()) {
      var _ = closing.await(me);
    }
  }

  private void beginClosing(int code, String reason) {
    if (sentClose || isGone()) {
      return;
    }
    sentClose = true;
    if (closed == null) {
      closed = new Closed(code, reason);
    }
    super.send(new CloseWebSocketFrame(new WebSocketCloseStatus(code, reason), reason), 10);
    setClock(CLOSING);
    wakeAll();
  }

  /// Closes without waiting for anything. By its task, at its end.
  ///
  /// @param code why
  /// @param reason the same in words
  public void closeQuietly(int code, String reason) {
    driver.host().timers().unset(clock);
    if (!isGone()) {
      beginClosing(code, reason);
      setClock(CLOSING);
    }
  }

  /// Whether somebody failed because this does not work any more.
  ///
  /// @param why the failure
  /// @return true if it is of this
  public boolean hasCaused(Throwable why) {
    return closed != null && (why instanceof IOException || why instanceof UncheckedIOException);
  }

  @Override
  public Optional<Closed> closed() {
    return Optional.ofNullable(closed);
  }

  @Override
  public String subprotocol() {
    return subprotocol;
  }

  @Override
  public void cutOff() {
    driver.execute(this::abort);
  }

  // As a connection

  @Override
  public void drain() {
    if (!isGone()) {
      beginClosing(1001, "the server is closing");
    }
  }

  @Override
  public void abort() {
    if (!isGone()) {
      channel().unsafe().close(channel().voidPromise());
    }
  }

  @Override
  public boolean isSent() {
    return isAllWritten();
  }

  @Override
  public String toString() {
    return "WebSocket of " + raw.remote();
  }
}
