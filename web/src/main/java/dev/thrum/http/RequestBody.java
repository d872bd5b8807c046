package dev.thrum.http;

import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Input;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The body of a request: what has come of it and has not been read.
final class RequestBody {
  private static final int MOST_UNREAD = 1 << 17;

  private final ExchangeImpl exchange;
  private @Nullable Input input;
  private @Nullable Waiting waiting;
  private long came;
  private long limit;
  private boolean ended;
  private boolean dropped;
  private boolean paused;
  private boolean whole;
  private @Nullable Exception failure;

  RequestBody(ExchangeImpl exchange, long limit) {
    this.exchange = exchange;
    this.limit = limit;
  }

  // What comes: by the poller

  void received(ByteBuf part) {
    came += part.readableBytes();
    if (dropped || failure != null) {
      part.release();
      return;
    }
    Input known = input;
    if (known == null) {
      known = new Input();
      input = known;
    }
    known.add(part);
    if (known.size() > MOST_UNREAD && !paused && !whole) {
      paused = true;
      exchange.channel().pause();
    }
    wake();
  }

  void end() {
    ended = true;
    wake();
  }

  boolean isEnded() {
    return ended;
  }

  /// Whether the rest will not come, or cannot be read.
  boolean isFailed() {
    return failure != null;
  }

  /// How many bytes have come, read or not.
  long came() {
    return came;
  }

  void fail(Exception why) {
    if (!ended && failure == null) {
      failure = why;
      wake();
    }
  }

  private void wake() {
    if (waiting != null) {
      waiting.wakeAll();
    }
  }

  /// Nobody will read it any more.
  void drop() {
    dropped = true;
    if (input != null) {
      input.clear();
    }
    resume();
  }

  private void resume() {
    if (paused) {
      paused = false;
      exchange.channel().resume();
    }
  }

  // Who reads

  void limit(long bytes) {
    limit = bytes;
  }

  long limit() {
    return limit;
  }

  byte[] read(Party me, int max) throws IOException {
    checkLimit();
    while (isEmpty() && !ended) {
      await(me);
      checkLimit();
    }
    return take(max);
  }

  byte[] readAll(Party me) throws IOException {
    checkLimit();
    whole = true; // the limit says how much that can be
    resume();
    while (!ended) {
      await(me);
      checkLimit();
    }
    return take(Integer.MAX_VALUE);
  }

  private boolean isEmpty() {
    return input == null || input.isEmpty();
  }

  private byte[] take(int max) {
    Input known = input;
    if (known == null || known.isEmpty()) {
      return new byte[0];
    }
    byte[] taken = known.take(Math.min(max, known.size()));
    if (known.size() <= MOST_UNREAD / 2) {
      resume();
    }
    return taken;
  }

  private void checkLimit() throws IOException {
    if (came > limit) {
      throw tooLong();
    }
    Exception why = failure;
    if (why instanceof HttpException told) {
      throw told;
    }
    if (why != null && isEmpty()) {
      throw new IOException(why.getMessage(), why);
    }
  }

  HttpException tooLong() {
    return new HttpException(413, "the body has more than " + limit + " bytes");
  }

  private void await(Party me) {
    Waiting known = waiting;
    if (known == null) {
      known = Waiting.on("the body of ", exchange, true);
      waiting = known;
    }
    Duration limit = exchange.channel().server.settings.bodyTimeout();
    long before = came;
    if (!known.awaitFor(me, limit)) {
      me.enter();
      if (came == before && !ended && failure == null) {
        failure =
            new HttpException(408, "nothing of the body came for " + limit.toSeconds() + " s");
      }
    }
  }
}
