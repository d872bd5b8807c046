package dev.thrum.http.client;

import dev.thrum.http.Headers;
import dev.thrum.http.internal.BodyQueue;
import dev.thrum.http.internal.HeadersAccess;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A request on a connection or on a stream of one, and the response to it. One task sends and
/// reads; the poller notes what comes. Whoever has it must call [#over()] in the end.
final class Call {
  private static final int MOST_INFORMATIONAL = 16;
  private static final Duration CONTINUE = Duration.ofSeconds(1);

  private final ClientChannel channel;
  private final HttpRequest request;
  private final BodyQueue body;
  private final Waiting waiting;
  private @Nullable HttpResponse head;
  private @Nullable Headers trailers;
  private int informational;
  private boolean skipping;
  private boolean switched;
  private boolean mayGoOn;
  private boolean sent;
  private boolean over;
  private @Nullable Lost failure;

  Call(ClientChannel channel, HttpRequest request) {
    this.channel = channel;
    this.request = request;
    this.waiting = Waiting.on("the response to ", this, true);
    this.body = new BodyQueue(this, channel);
  }

  ClientChannel channel() {
    return channel;
  }

  HttpRequest request() {
    return request;
  }

  BodyQueue body() {
    return body;
  }

  // Sending

  /// Sends a request with its body, if it has one.
  ///
  /// @param expects whether to ask first whether the body is wanted
  void send(Party me, @Nullable HttpBody given, boolean expects) throws IOException {
    boolean whole = given == null || (given instanceof HttpBody.Bytes && !expects);
    if (whole) {
      byte[] bytes = given instanceof HttpBody.Bytes(var _, byte[] all) ? all : new byte[0];
      channel.send(
          new DefaultFullHttpRequest(
              request.protocolVersion(),
              request.method(),
              request.uri(),
              Unpooled.wrappedBuffer(bytes),
              request.headers(),
              EmptyHttpHeaders.INSTANCE),
          bytes.length + 200);
      sent = true;
      return;
    }
    channel.send(request, 200);
    if (given != null && (!expects || awaitContinue(me))) {
      long length = given.length();
      Sink sink = new Sink(length);
      try {
        given.writeTo(sink);
        sink.checkWhole();
      } catch (Unwanted _) {
        return;
      }
    } else if (given != null) {
      return;
    }
    channel.send(LastHttpContent.EMPTY_LAST_CONTENT, 0);
    sent = true;
  }

  /// @return false if the response is there already
  private boolean awaitContinue(Party me) throws IOException {
    if (!mayGoOn && head == null && failure == null && !waiting.awaitFor(me, CONTINUE)) {
      me.enter(); // many servers do not know what is expected
    }
    checkLost();
    return head == null;
  }

  private void checkLost() throws Lost {
    if (failure != null) {
      throw failure;
    }
  }

  /// The server has answered without having read everything.
  private static final class Unwanted extends IOException {
    private static final long serialVersionUID = 1L;

    Unwanted() {
      super("the server has answered before everything was sent");
    }
  }

  /// Whether the rest of the body is of no use.
  boolean isAnsweredEarly() {
    HttpResponse came = head;
    return failure != null || (!sent && came != null && came.status().code() >= 300);
  }

  /// Where a body is written to.
  private final class Sink extends OutputStream {
    private long left;

    Sink(long length) {
      left = length < 0 ? Long.MAX_VALUE : length;
      known = length >= 0;
    }

    private final boolean known;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      write(bytes, 0, bytes.length);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      Party me = Party.current();
      me.enter();
      check();
      if (count > left) {
        throw new IllegalStateException("the body becomes longer than it has said");
      }
      left -= count;
      if (count > 0) {
        byte[] own = java.util.Arrays.copyOfRange(bytes, from, from + count);
        channel.send(new DefaultHttpContent(Unpooled.wrappedBuffer(own)), count);
      }
      try {
        channel.awaitRoom(me);
      } catch (IOException e) {
        check();
        throw e;
      }
    }

    private void check() throws IOException {
      HttpResponse came = head;
      if (came != null && (came.status().code() >= 300 || failure != null || channel.isGone())) {
        throw new Unwanted();
      }
      checkLost();
    }

    void checkWhole() {
      if (known && left > 0) {
        throw new IllegalStateException("the body is " + left + " bytes shorter than it has said");
      }
    }
  }

  // What comes: by the poller

  void receive(Object message) {
    if (message instanceof HttpResponse response && !begin(response)) {
      return;
    }
    if (message instanceof HttpContent content) {
      receive(content);
    }
  }

  /// @return whether it was in order
  private boolean begin(HttpResponse response) {
    if (response.decoderResult().isFailure()) {
      Throwable cause = response.decoderResult().cause();
      channel.fail(
          cause instanceof PrematureChannelClosureException
              ? new Lost(Lost.Kind.CLOSED, "the connection was closed in the head", cause)
              : Lost.malformed(cause));
      return false;
    }
    int status = response.status().code();
    if (status >= 200) {
      if (head != null) {
        channel.fail(Lost.malformed("a response in the middle of a response"));
        return false;
      }
      head = response;
      waiting.wakeAll();
      channel.answeredEarly();
      return true;
    }
    if (status == 101 || ++informational > MOST_INFORMATIONAL) {
      channel.fail(
          Lost.malformed(
              status == 101
                  ? "the server changes the protocol in a way that nobody has asked for"
                  : "more than " + MOST_INFORMATIONAL + " responses before the response"));
      return false;
    }
    skipping = true;
    if (status == 100) {
      mayGoOn = true;
      waiting.wakeAll();
    }
    return true;
  }

  private void receive(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (skipping) {
      skipping = !last;
      return;
    }
    if (content.decoderResult().isFailure()) {
      channel.fail(Lost.malformed(content.decoderResult().cause()));
      return;
    }
    if (content.content().isReadable()) {
      body.received(content.content().retain());
    }
    if (content instanceof LastHttpContent end) {
      if (!end.trailingHeaders().isEmpty()) {
        trailers = HeadersAccess.get().around(end.trailingHeaders());
      }
      if (channel.isCutOff()) {
        channel.fail(
            new Lost(
                Lost.Kind.CLOSED, "TLS was not closed in order: there may be more of it", null));
      } else {
        body.end();
      }
    }
  }

  /// Nothing more will come.
  void fail(Lost why) {
    if (failure == null && !body.isEnded()) {
      failure = why;
      body.fail(why);
      waiting.wakeAll();
    }
  }

  boolean isAnswered() {
    return head != null;
  }

  boolean isBegun() {
    return head != null || informational > 0;
  }

  boolean isComplete() {
    return head != null && body.isEnded() && sent;
  }

  // Reading

  /// It has become something else. By the poller.
  void switched() {
    switched = true;
    waiting.wakeAll();
  }

  /// Waits for a response, or for the connection to become something else.
  ///
  /// @return whether it has
  boolean awaitSwitch(Party me) throws IOException {
    while (head == null && !switched) {
      checkLost();
      var _ = waiting.await(me);
    }
    return switched;
  }

  boolean isSwitched() {
    return switched;
  }

  HttpResponse awaitHead(Party me) throws IOException {
    HttpResponse come = head;
    while (come == null) {
      checkLost();
      var _ = waiting.await(me);
      come = head;
    }
    return come;
  }

  Headers trailers() {
    Headers known = trailers;
    return known == null ? Headers.create() : known;
  }

  /// It is not used any more. By its task.
  void over() {
    if (!over) {
      over = true;
      body.drop();
      channel.over(this);
    }
  }

  boolean isOver() {
    return over;
  }

  @Override
  public String toString() {
    return request.method() + " " + request.uri() + " on " + channel;
  }
}
