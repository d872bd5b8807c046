package dev.thrum.http;

import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.http.internal.WebSocketChannel;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Driver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request that came over a network, and its response.
final class ExchangeImpl extends ReceivedHead {

  private enum Response {
    NONE,
    BEGUN,
    ENDED
  }

  private static final io.netty.handler.codec.http.HttpVersion HTTP_1_1 =
      io.netty.handler.codec.http.HttpVersion.HTTP_1_1;

  private final RequestBody body;
  private final boolean withoutBody;
  private @Nullable Headers trailers;
  private @Nullable Task<?> task;
  private Response response = Response.NONE;
  private boolean over;
  private boolean closes;
  private boolean continues;
  private int status;
  private long left = -1;
  private long announced = -1;
  private @Nullable WebSocketChannel socket;
  private final @Nullable Instant time;
  private final long begun;
  private long sent;

  ExchangeImpl(HttpChannel channel, HttpRequest request, HttpVersion version, boolean continues) {
    super(channel, request, version);
    this.continues = continues;
    this.body = new RequestBody(this, channel.server.settings.maxBody());
    boolean logged = channel.server.log != null;
    this.time = logged ? Instant.now() : null;
    this.begun = logged ? System.nanoTime() : 0;
    this.withoutBody = request.method().equals(io.netty.handler.codec.http.HttpMethod.HEAD);
  }

  HttpChannel channel() {
    return channel;
  }

  RequestBody body() {
    return body;
  }

  // Life

  /// Has it answered in a task of its own.
  void start() {
    task = channel.server.start(name(), this::run);
  }

  private String name() {
    String path = request.uri();
    int query = path.indexOf('?');
    return method() + " " + (query < 0 ? path : path.substring(0, query));
  }

  /// What has been waiting meanwhile for its turn on the same connection goes on in the same task,
  /// where nothing is left of what that did.
  private void run() {
    ExchangeImpl now = this;
    while (true) {
      now.answer();
      ExchangeImpl next = channel.over(now);
      if (next == null) {
        return;
      }
      if (!channel.server.host.renew(next.name())) {
        next.start();
        return;
      }
      next.task = task;
      now = next;
    }
  }

  private void answer() {
    try {
      channel.server.handle(this);
      finish();
    } catch (CancelledException e) {
      if (socket != null) {
        socket.cutOff();
      } else if (response != Response.ENDED) {
        channel.cutOff();
      }
      throw e;
    } catch (Throwable e) {
      failed(e);
    } finally {
      over = true;
      body.drop();
      note();
    }
  }

  /// For the access log.
  private void note() {
    AccessLogging log = channel.server.log;
    if (log != null && time != null) {
      log.note(this, time, Duration.ofNanos(System.nanoTime() - begun), status, sent, knownId());
    }
  }

  /// The application has returned.
  private void finish() {
    switch (response) {
      case NONE -> {
        if (!over) {
          failed(new IllegalStateException("the application has given no response"));
        }
      }
      case BEGUN -> {
        if (left > 0 && hasBody()) {
          failed(
              new IllegalStateException(
                  "the response has " + left + " bytes less than its Content-Length"));
        } else {
          end();
        }
      }
      case ENDED -> {
        if (socket != null) {
          socket.closeQuietly(1000, "");
        }
      }
    }
  }

  private void failed(Throwable why) {
    WebSocketChannel opened = socket;
    if (opened != null) {
      if (!opened.hasCaused(why)) {
        Failed.log(this, why);
      }
      opened.closeQuietly(1011, "internal error");
      return;
    }
    if (channel.isGone() && (why instanceof IOException || why instanceof HttpException)) {
      return; // nobody is there who could be told, and the program has done nothing wrong
    }
    if (response == Response.ENDED || channel.isGone()) {
      Failed.log(this, why);
      return;
    }
    if (response == Response.BEGUN) {
      if (!Failed.isDeparture(why)) {
        Failed.log(this, why);
      }
      channel.cutOff();
    } else if (why instanceof HttpException told) {
      respond(
          told.status(),
          told.headers().copy().set("Content-Type", "text/plain; charset=utf-8"),
          Failed.text(told.status(), told.detail()));
    } else {
      Failed.log(this, why);
      respond(
          500,
          Headers.of("Content-Type", "text/plain; charset=utf-8"),
          Failed.text(500, Status.reason(500)));
    }
  }

  /// The client is gone. By the poller.
  void lost(String why) {
    body.fail(new IOException(why));
    Task<?> running = task;
    if (running != null && response != Response.ENDED) {
      boolean _ = running.cancel(why);
    }
  }

  /// The WebSocket that it has become is over, and its task is not. By the poller.
  void socketLost(String why) {
    Task<?> running = task;
    if (running != null && !over) {
      boolean _ = running.cancel(why);
    }
  }

  // The request

  @Override
  public byte[] read(int max) throws IOException {
    checkAny(max);
    Party me = enterBody();
    return body.read(me, max);
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, into.length);
    checkAny(length);
    Party me = enterBody();
    int count = body.read(me, into, from, length);
    return count == 0 ? -1 : count;
  }

  @Override
  public byte[] readAll() throws IOException {
    Party me = enterBody();
    return body.readAll(me);
  }

  private static void checkAny(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("to read " + max + " bytes: give at least 1");
    }
  }

  private Party enterBody() {
    channel.server.host.checkHere(this);
    Party me = Party.current();
    me.enter();
    checkOpen();
    refuseIfTooLong();
    if (continues) {
      continues = false;
      if (!body.isEnded() && body.came() == 0) {
        channel.sendContinue();
      }
    }
    return me;
  }

  /// What is announced as too long need not come.
  private void refuseIfTooLong() {
    if (announced() > body.limit()) {
      throw body.tooLong();
    }
  }

  /// How long the client has said that its body is; 0 if it has not.
  long announced() {
    if (announced < 0) {
      String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
      announced = length == null ? 0 : Long.parseLong(length);
    }
    return announced;
  }

  /// Whether the client still waits to be told to send its body.
  boolean isBodyUnasked() {
    return continues;
  }

  private void checkOpen() {
    if (over) {
      throw new IllegalStateException(this + " is over");
    }
  }

  @Override
  public void bodyLimit(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a body of " + bytes + " bytes: give zero or more");
    }
    body.limit(bytes);
  }

  @Override
  public Headers trailers() {
    Headers known = trailers;
    return known == null ? Headers.create() : known;
  }

  void trailers(HttpHeaders came) {
    if (!came.isEmpty()) {
      trailers = Headers.around(came);
    }
  }

  // The response

  @Override
  public boolean isBegun() {
    return response != Response.NONE;
  }

  @Override
  public boolean isEnded() {
    return response == Response.ENDED;
  }

  /// Whether the connection is closed after this.
  boolean closes() {
    return closes;
  }

  /// Has the connection closed after this.
  void closeAfter() {
    closes = true;
  }

  @Override
  public void inform(int number, Headers more) {
    checkNew();
    if (number < 102 || number > 199) {
      throw new IllegalArgumentException("status " + number + " before a response: 102 to 199");
    }
    if (version() != HttpVersion.HTTP_1_0) {
      channel.send(
          new DefaultFullHttpResponse(
              HTTP_1_1,
              HttpResponseStatus.valueOf(number),
              Unpooled.EMPTY_BUFFER,
              more.netty(),
              EmptyHttpHeaders.INSTANCE),
          100);
    }
  }

  private void checkNew() {
    channel.server.host.checkHere(this);
    checkOpen();
    if (response != Response.NONE) {
      throw new IllegalStateException("the response has begun, with status " + status);
    }
  }

  private HttpHeaders begin(int number, Headers given, Response next) {
    checkNew();
    if (number < 200 || number > 999) {
      throw new IllegalArgumentException("status " + number + " of a response: 200 to 999");
    }
    HttpHeaders all = given.netty();
    var _ = all.remove(HttpHeaderNames.TRANSFER_ENCODING); // how it is sent is not its business
    if (number == 204) {
      var _ = all.remove(HttpHeaderNames.CONTENT_LENGTH);
    }
    if (!all.contains(HttpHeaderNames.DATE)) {
      var _ = all.set(HttpHeaderNames.DATE, channel.server.date());
    }
    status = number;
    response = next;
    return all;
  }

  @Override
  public void respond(int number, Headers given, byte[] bytes) {
    HttpHeaders all = begin(number, given, Response.ENDED);
    boolean bodiless = Status.isWithoutBody(number);
    boolean told = withoutBody && bytes.length == 0 && all.contains(HttpHeaderNames.CONTENT_LENGTH);
    if (!bodiless && !told) {
      var _ = all.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(bytes.length));
    }
    channel.framed(this, all);
    HttpResponseStatus line = HttpResponseStatus.valueOf(number);
    if (withoutBody || bodiless) {
      channel.send(new Bodiless(line, all), 100);
      channel.send(LastHttpContent.EMPTY_LAST_CONTENT, 0);
    } else {
      sent = bytes.length;
      ByteBuf content = bytes.length == 0 ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(bytes);
      channel.send(
          new DefaultFullHttpResponse(HTTP_1_1, line, content, all, EmptyHttpHeaders.INSTANCE),
          bytes.length);
    }
  }

  /// A response whose headers may speak of a body that is not sent.
  static final class Bodiless extends DefaultHttpResponse {
    Bodiless(HttpResponseStatus status, HttpHeaders headers) {
      super(HTTP_1_1, status, headers);
    }
  }

  @Override
  public void begin(int number, Headers given) {
    HttpHeaders all = begin(number, given, Response.BEGUN);
    boolean bodiless = withoutBody || Status.isWithoutBody(number);
    String length = all.get(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null) {
      left = Long.parseLong(length);
    } else if (!Status.isWithoutBody(number)) {
      channel.unframed(this, all);
    }
    channel.framed(this, all);
    HttpResponseStatus told = HttpResponseStatus.valueOf(number);
    channel.send(
        bodiless ? new Bodiless(told, all) : new DefaultHttpResponse(HTTP_1_1, told, all), 100);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    write(bytes, Unpooled.wrappedBuffer(bytes));
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    write(copy, Unpooled.wrappedBuffer(copy));
  }

  private void write(byte[] bytes, ByteBuf content) throws IOException {
    Party me = enterWrite(bytes.length);
    if (bytes.length > 0 && hasBody()) {
      channel.send(new DefaultHttpContent(content), bytes.length);
    }
    channel.awaitRoom(me);
  }

  private boolean hasBody() {
    return !withoutBody && !Status.isWithoutBody(status);
  }

  private void checkBegun() {
    checkOpen();
    if (response != Response.BEGUN) {
      throw new IllegalStateException(
          response == Response.NONE ? "the response has not begun" : "the response is ended");
    }
  }

  private Party enterWrite(long count) throws IOException {
    channel.server.host.checkHere(this);
    Party me = Party.current();
    me.enter();
    checkBegun();
    if (left >= 0 && count > left) {
      throw new IllegalStateException(
          "the response would become longer than its Content-Length, by " + (count - left));
    }
    channel.checkThere();
    if (left >= 0) {
      left -= count;
    }
    if (hasBody()) {
      sent += count;
    }
    return me;
  }

  @Override
  public void write(FileChannel file, long position, long count) throws IOException {
    Party me = enterWrite(count);
    if (!hasBody()) {
      me.passed();
      return;
    }
    FileSending.send(channel, me, file, position, count);
  }

  @Override
  public void end(Headers last) {
    channel.server.host.checkHere(this);
    checkBegun();
    if (left > 0 && hasBody()) {
      throw new IllegalStateException(
          "the response has " + left + " bytes less than its Content-Length");
    }
    response = Response.ENDED;
    channel.send(
        last.isEmpty()
            ? LastHttpContent.EMPTY_LAST_CONTENT
            : new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, last.netty()),
        10);
  }

  @Override
  public void abort() {
    channel.server.host.checkHere(this);
    if (!over && response != Response.ENDED) {
      response = Response.ENDED;
      channel.cutOff();
    }
  }

  // WebSockets

  @Override
  public boolean isWebSocket() {
    return channel instanceof Http1Channel && WebSocketHandshake.isAsked(request);
  }

  @Override
  public WebSocket webSocket(WebSocketSettings settings) throws IOException {
    checkNew();
    if (!(channel instanceof Http1Channel http)) {
      throw new HttpException(400, "a WebSocket is opened by HTTP/1.1 here");
    }
    Party me = Party.current();
    me.enter();
    WebSocketHandshake handshake = new WebSocketHandshake(request, settings);
    channel.checkThere();
    WebSocketChannel opened = channel.server.socket(this, channel.raw, settings);
    response = Response.ENDED;
    status = 101;
    socket = opened;
    driver().execute(() -> handshake.run(http, opened));
    opened.awaitOpen(me);
    return opened;
  }

  private Driver driver() {
    return channel.server.driver;
  }
}
