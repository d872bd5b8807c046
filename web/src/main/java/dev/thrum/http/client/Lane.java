package dev.thrum.http.client;

import dev.thrum.http.internal.HttpConnection;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.RawChannel;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The connections to one origin, and who waits for one.
///
/// With HTTP/1.1 each request has a slot, and a connection as long as it has it: one that is idle,
/// else a new one. With HTTP/2 all share one connection, and each has a stream of it. Which of the
/// two it is only the first connection tells; the others wait for that.
final class Lane {
  private final Pool pool;
  private final Target.Origin origin;
  private final Permits slots;
  private final Permits dialing;
  private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
  private @Nullable Http2Session session;
  private boolean plain;
  private int users;
  private long dials;
  private long failedDial = -1;
  private @Nullable IOException failure;

  Lane(Pool pool, Target.Origin origin) {
    this.pool = pool;
    this.origin = origin;
    this.slots = new Permits("a connection to ", origin, pool.settings().maxPerHost());
    this.dialing = new Permits("the first connection to ", origin, 1);
    this.plain =
        switch (pool.settings().protocols()) {
          case HTTP_1_1 -> true;
          case HTTP_2 -> false;
          case NEGOTIATED -> !origin.secure();
        };
  }

  ClientSettings settings() {
    return pool.settings();
  }

  Target.Origin origin() {
    return origin;
  }

  // Use: by tasks

  void enter() {
    users++;
  }

  void leave() {
    users--;
    dropIfUnused();
  }

  private void dropIfUnused() {
    if (users == 0 && slots.taken() == 0 && idle.isEmpty() && session == null) {
      pool.drop(this);
    }
  }

  /// @param fresh whether a connection that was used before will not do
  ClientChannel channel(Party me, boolean fresh) throws IOException {
    Http2Session shared = plain ? null : session(me);
    if (shared != null) {
      return shared.open(me);
    }
    slots.acquire(me);
    boolean done = false;
    try {
      Http1Connection made = fresh ? null : takeIdle();
      if (made == null) {
        if (fresh) {
          dropIdle();
        }
        made = (Http1Connection) dial(me);
      }
      done = true;
      return made;
    } finally {
      if (!done) {
        slots.release();
      }
    }
  }

  /// The connection that all share.
  ///
  /// @return null if there is none because HTTP/1.1 is spoken
  private @Nullable Http2Session session(Party me) throws IOException {
    Http2Session known = session;
    if (known != null && known.isUsable()) {
      return known;
    }
    long before = dials;
    dialing.acquire(me);
    try {
      known = session;
      if (plain || (known != null && known.isUsable())) {
        return plain ? null : known;
      }
      if (failure != null && failedDial >= before) {
        throw tried(failure);
      }
      return first(me);
    } finally {
      dialing.release();
    }
  }

  private @Nullable Http2Session first(Party me) throws IOException {
    long number = dials++;
    try {
      Object made = dial(me);
      if (made instanceof Http2Session shared) {
        session = shared;
        shared.awaitReady(me);
        return shared;
      }
      plain = true;
      giveBack((Http1Connection) made, false);
      return null;
    } catch (IOException e) {
      failure = e;
      failedDial = number;
      throw e;
    }
  }

  /// It has been tried meanwhile.
  private static IOException tried(IOException why) {
    return why instanceof HttpClientException.Untrusted untrusted
        ? new HttpClientException.Untrusted(String.valueOf(why.getMessage()), untrusted)
        : new HttpClientException.Unreachable(String.valueOf(why.getMessage()), why);
  }

  private Object dial(Party me) throws IOException {
    return pool.dial(me, this);
  }

  private @Nullable Http1Connection takeIdle() {
    for (Http1Connection one = idle.pollLast(); one != null; one = idle.pollLast()) {
      pool.busy(one);
      if (one.isUsable()) {
        return one;
      }
    }
    return null;
  }

  /// They were idle as long as one that was found dead.
  private void dropIdle() {
    for (Http1Connection one = idle.pollLast(); one != null; one = idle.pollLast()) {
      pool.busy(one);
      one.cutOff();
    }
  }

  void giveBack(Http1Connection connection) {
    giveBack(connection, true);
  }

  private void giveBack(Http1Connection connection, boolean hadSlot) {
    boolean wantedElsewhere = pool.isFull() && !slots.isWaitedFor() && hadSlot;
    if (wantedElsewhere || pool.isClosed()) {
      connection.cutOff();
    } else {
      idle.addLast(connection);
      pool.idle(connection);
    }
    if (hadSlot) {
      slots.release();
    }
  }

  /// A connection is not used any more, and will be closed.
  void giveUp() {
    slots.release();
    dropIfUnused();
  }

  /// It is closed for having been idle too long, or for another one.
  void evict(Http1Connection connection) {
    boolean _ = idle.remove(connection);
    connection.cutOff();
  }

  // What connections tell: by the poller

  /// By what TLS has agreed on.
  Object begin(RawChannel raw) {
    boolean agreed = raw.tls().map(one -> one.applicationProtocol().equals("h2")).orElse(false);
    boolean second =
        agreed || (settings().protocols() == ClientSettings.Protocols.HTTP_2 && !plain);
    return second ? Http2Session.begin(this, raw) : Http1Connection.begin(this, raw);
  }

  void opened(HttpConnection connection) {
    pool.opened(connection);
  }

  void closed(HttpConnection connection) {
    if (connection instanceof Http1Connection one && idle.remove(one)) {
      pool.busy(one);
    }
    if (connection == session) {
      session = null;
    }
    pool.closed(connection);
    dropIfUnused();
  }

  /// A session has nothing to do now, or will be used no more.
  void quiet(Http2Session one, boolean drained) {
    if (drained && one == session) {
      session = null;
    }
    if (drained || pool.isFull()) {
      one.closeGently();
    } else {
      pool.watch();
    }
  }

  /// A session takes no more requests.
  void leaves(Http2Session one) {
    if (one == session) {
      session = null;
    }
  }

  @Nullable Http2Session session() {
    return session;
  }

  @Override
  public String toString() {
    return origin.toString();
  }
}
