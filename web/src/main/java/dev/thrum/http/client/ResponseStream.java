package dev.thrum.http.client;

import dev.thrum.http.internal.BodyQueue;
import dev.thrum.internal.wait.Party;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// The body of a response as it comes. At its end the connection is given back.
final class ResponseStream extends InputStream {
  private static final int SLICE = 1 << 16;

  private final Call call;
  private final BodyQueue queue;
  private final Target target;

  ResponseStream(Call call, Target target) {
    this.call = call;
    this.queue = call.body();
    this.target = target;
  }

  private Party enter() throws IOException {
    call.channel().raw.driver().host().checkHere(call);
    Party me = Party.current();
    me.enter();
    return me;
  }

  private boolean awaitSome(Party me) throws IOException {
    while (queue.isEmpty() && !queue.isEnded()) {
      checkLost();
      if (call.isOver()) {
        throw new IOException("the response to " + target + " has been closed here");
      }
      queue.await(me);
    }
    if (queue.isEmpty()) {
      call.over();
      return false;
    }
    return true;
  }

  private void checkLost() throws IOException {
    if (queue.failure() instanceof Lost lost) {
      throw Sending.told(lost, call.request().method() + " " + target, "in its body");
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int from, int max) throws IOException {
    Objects.checkFromIndexSize(from, max, to.length);
    Party me = enter();
    if (max == 0) {
      return 0;
    }
    boolean there = !queue.isEmpty();
    if (!awaitSome(me)) {
      return -1;
    }
    if (there) {
      me.passed();
    }
    return queue.take(to, from, max);
  }

  /// All that comes.
  ///
  /// @param limit how much that may be
  byte[] readAll(int limit) throws IOException {
    Party me = enter();
    queue.wholeIsWanted(true); // the limit says how much that can be
    try {
      while (true) {
        if (queue.came() > limit) {
          throw tooLarge(target, limit);
        }
        if (queue.isEnded()) {
          byte[] all = queue.take(Integer.MAX_VALUE);
          call.over();
          return all;
        }
        checkLost();
        if (call.isOver()) {
          throw new IOException("the response to " + target + " has been closed here");
        }
        queue.await(me);
      }
    } finally {
      queue.wholeIsWanted(false);
    }
  }

  static HttpClientException.TooLarge tooLarge(Target target, long limit) {
    return new HttpClientException.TooLarge(
        "the response to "
            + target
            + " has more than "
            + limit
            + " bytes; raise maxBody, or read it as a stream");
  }

  @Override
  public int available() {
    return queue.isEmpty() && queue.isEnded() ? 0 : SLICE;
  }

  @Override
  public void close() {
    call.over();
  }
}
