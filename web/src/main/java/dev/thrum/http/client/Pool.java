package dev.thrum.http.client;

import dev.thrum.http.internal.HttpConnection;
import dev.thrum.http.internal.WebSocketChannel;
import dev.thrum.internal.Durations;
import dev.thrum.internal.Timer;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.Connection;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.RawConnection;
import dev.thrum.net.internal.Waiting;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The connections of a client.
///
/// So many are open at a time. Who needs one more has the one closed that has been idle for the
/// longest time, and otherwise waits until one is closed: one that is given back while somebody
/// waits for another origin is closed instead of kept.
final class Pool {
  private final Driver driver;
  private final ClientSettings settings;
  private final Dialer dialer;
  private final Permits room;
  private final Map<Target.Origin, Lane> lanes = new LinkedHashMap<>();
  private final Set<Http1Connection> idle = new LinkedHashSet<>();
  private final Set<HttpConnection> open = new LinkedHashSet<>();
  private final Waiting quiet = Waiting.on("the connections of ", this, true);
  private final Watch watch = new Watch();
  private boolean watching;
  private boolean closed;

  /// Closes what has been idle for too long.
  private final class Watch extends Timer {
    @Override
    protected void fire() {
      driver.execute(Pool.this::look);
    }
  }

  Pool(Driver driver, ClientSettings settings) {
    this.driver = driver;
    this.settings = settings;
    this.dialer = new Dialer(settings);
    this.room = new Permits("room for a connection of ", this, settings.maxConnections());
  }

  Driver driver() {
    return driver;
  }

  ClientSettings settings() {
    return settings;
  }

  // Use: by tasks

  /// A connection, or a stream of one, for one request.
  ///
  /// @param fresh whether one that was used before will not do
  ClientChannel channel(Party me, Target.Origin origin, boolean fresh) throws IOException {
    checkOpen();
    Lane lane = lanes.computeIfAbsent(origin, key -> new Lane(this, key));
    lane.enter();
    try {
      return lane.channel(me, fresh);
    } finally {
      lane.leave();
    }
  }

  /// Connects, when there is room.
  Object dial(Party me, Lane lane) throws IOException {
    if (!room.tryAcquire()) {
      makeRoom();
      room.acquire(me);
    }
    boolean taken = false;
    try {
      checkOpen();
      Connection connection = dialer.dial(lane.origin());
      taken = true; // who takes it over gives the room back when it is closed
      return takeOver(me, lane, connection);
    } finally {
      if (!taken) {
        room.release();
      }
    }
  }

  /// What comes of a connection that is given away.
  private static final class Taken {
    @Nullable Object connection;
    @Nullable IOException failure;
  }

  private Object takeOver(Party me, Lane lane, Connection connection) throws IOException {
    Taken taken = new Taken();
    Waiting done = Waiting.on("the handing over of ", connection, true);
    ((RawConnection) connection)
        .giveAway(
            raw -> {
              try {
                taken.connection = lane.begin(raw);
              } catch (RuntimeException e) {
                taken.failure = new IOException(e);
                var _ = raw.channel().close();
              }
              done.wakeAll();
            },
            why -> {
              taken.failure = why;
              done.wakeAll();
            });
    while (taken.connection == null && taken.failure == null) {
      done.awaitMasked(me);
    }
    Object made = taken.connection;
    if (made == null) {
      room.release();
      connection.abort();
      throw new IOException("the server has closed the connection at once", taken.failure);
    }
    return made;
  }

  private void makeRoom() {
    if (!idle.isEmpty()) {
      Http1Connection oldest = idle.iterator().next();
      boolean _ = idle.remove(oldest);
      oldest.lane().evict(oldest);
      return;
    }
    for (Lane one : lanes.values()) {
      Http2Session session = one.session();
      if (session != null && session.isQuiet()) {
        driver.execute(session::closeGently);
        return;
      }
    }
  }

  void drop(Lane lane) {
    boolean _ = lanes.remove(lane.origin(), lane);
  }

  /// Whether somebody waits until a connection is closed.
  boolean isFull() {
    return room.isWaitedFor();
  }

  void idle(Http1Connection connection) {
    boolean _ = idle.add(connection);
    watch();
  }

  void busy(Http1Connection connection) {
    boolean _ = idle.remove(connection);
  }

  // Time

  void watch() {
    if (!watching && !closed) {
      watching = true;
      set(Durations.nanos(settings.idle()));
    }
  }

  private void set(long nanos) {
    driver.host().timers().set(watch, driver.host().timeAfter(Math.max(1, nanos)));
  }

  private void look() {
    watching = false;
    long limit = Durations.nanos(settings.idle());
    long now = driver.host().nanos();
    long next = Long.MAX_VALUE;
    for (Http1Connection one : List.copyOf(idle)) {
      long left = one.idleSince() + limit - now;
      if (left <= 0) {
        boolean _ = idle.remove(one);
        one.lane().evict(one);
      } else {
        next = Math.min(next, left);
      }
    }
    for (Lane lane : List.copyOf(lanes.values())) {
      Http2Session session = lane.session();
      if (session != null && session.isQuiet()) {
        long left = session.quietSince() + limit - now;
        if (left <= 0) {
          session.closeGently();
        } else {
          next = Math.min(next, left);
        }
      }
    }
    if (next != Long.MAX_VALUE && !closed) {
      watching = true;
      set(next);
    }
  }

  // What connections tell: by the poller

  void opened(HttpConnection connection) {
    boolean _ = open.add(connection);
    if (closed) {
      driver.execute(connection::abort);
    }
  }

  void closed(HttpConnection connection) {
    if (open.remove(connection) && !(connection instanceof WebSocketChannel)) {
      room.release();
    }
    if (open.isEmpty()) {
      quiet.wakeAll();
    }
  }

  // The end

  boolean isClosed() {
    return closed;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the client has been closed");
    }
  }

  /// Closes all connections, also those that are in use.
  void close() {
    closed = true;
    driver.host().timers().unset(watch);
    driver.execute(() -> List.copyOf(open).forEach(HttpConnection::abort));
    Party me = Party.current();
    while (!open.isEmpty()) {
      quiet.awaitMasked(me);
    }
  }

  int connections() {
    return open.size();
  }

  int idle() {
    return idle.size();
  }

  @Override
  public String toString() {
    return "the client";
  }
}
