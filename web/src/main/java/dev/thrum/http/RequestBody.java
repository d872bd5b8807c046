package dev.thrum.http;

import dev.thrum.http.internal.BodyQueue;
import dev.thrum.internal.wait.Party;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;

/// The body of a request: what has come of it and has not been read, with a limit.
final class RequestBody {
  private final ExchangeImpl exchange;
  private final BodyQueue queue;
  private long limit;

  RequestBody(ExchangeImpl exchange, long limit) {
    this.exchange = exchange;
    this.queue = new BodyQueue(exchange, exchange.channel());
    this.limit = limit;
  }

  // What comes: by the poller

  void received(ByteBuf part) {
    queue.received(part);
  }

  void end() {
    queue.end();
  }

  boolean isEnded() {
    return queue.isEnded();
  }

  /// Whether the rest will not come, or cannot be read.
  boolean isFailed() {
    return queue.failure() != null;
  }

  /// How many bytes have come, read or not.
  long came() {
    return queue.came();
  }

  void fail(Exception why) {
    queue.fail(why);
  }

  /// Nobody will read it any more.
  void drop() {
    queue.drop();
  }

  // Who reads

  void limit(long bytes) {
    limit = bytes;
  }

  long limit() {
    return limit;
  }

  byte[] read(Party me, int max) throws IOException {
    awaitSome(me);
    return queue.take(max);
  }

  /// How many bytes it was, 0 at the end.
  int read(Party me, byte[] into, int from, int max) throws IOException {
    awaitSome(me);
    return queue.take(into, from, max);
  }

  private void awaitSome(Party me) throws IOException {
    checkLimit();
    while (queue.isEmpty() && !queue.isEnded()) {
      await(me);
      checkLimit();
    }
  }

  byte[] readAll(Party me) throws IOException {
    checkLimit();
    queue.wholeIsWanted(true); // the limit says how much that can be
    try {
      while (!queue.isEnded()) {
        await(me);
        checkLimit();
      }
    } finally {
      queue.wholeIsWanted(false);
    }
    return queue.take(Integer.MAX_VALUE);
  }

  private void checkLimit() throws IOException {
    if (queue.came() > limit) {
      throw tooLong();
    }
    Exception why = queue.failure();
    if (why instanceof HttpException told) {
      throw told;
    }
    if (why != null && queue.isEmpty()) {
      throw new IOException(why.getMessage(), why);
    }
  }

  HttpException tooLong() {
    return new HttpException(413, "the body has more than " + limit + " bytes");
  }

  private void await(Party me) {
    Duration patience = exchange.channel().server.settings.bodyTimeout();
    long before = queue.came();
    if (!queue.awaitFor(me, patience)) {
      me.enter();
      if (queue.came() == before) {
        queue.fail(
            new HttpException(408, "nothing of the body came for " + patience.toSeconds() + " s"));
      }
    }
  }
}
