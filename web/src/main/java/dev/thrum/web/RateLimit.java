package dev.thrum.web;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.internal.wait.Party;
import dev.thrum.web.Middleware.Next;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Objects;

/// Answers so many requests in so much time, of each client by itself.
///
/// ```java
/// app.use(RateLimit.of(1000, ofMinutes(1)));
/// api.use(RateLimit.of(100, ofMinutes(1)).by(req -> req.get(KEY)));
/// ```
///
/// Each key has as many requests as said at once, and gets them back at an even pace (the generic
/// cell rate algorithm of ITU-T I.371). Handlers that know the key only later, such as one that
/// checks a password, say [#take] themselves.
///
/// **Guarantees.** It needs memory for at most 10,000 keys: then the one that has not been seen for
/// the longest time is forgotten, which begins anew.
///
/// **Non-guarantees.** Each process counts by itself. Behind a proxy that the server does not trust
/// all clients have one address, and a client may have many.
///
/// **Errors.** A request too many is a 429, which says in `Retry-After` after how many seconds
/// there is another one.
///
/// **Threads.** Any, on any number of loops, of one clock: by one that is behind nothing comes back
/// until it has caught up.
public final class RateLimit implements Middleware {
  private static final int MOST = 10_000;
  private static final int LONGEST = 64;
  private static final int NETWORK_BYTES = 8;

  private final long pace; // nanoseconds
  private final long whole;
  private final By by;

  /// When each has all of its requests again; who was seen last is last.
  private final LinkedHashMap<String, Long> full = new LinkedHashMap<>(16, .75f, true);

  /// Whose request it is.
  @FunctionalInterface
  public interface By {

    /// Whose request it is.
    ///
    /// @param request the request
    /// @return what is counted by
    /// @throws Exception if it cannot be told: the same as if a handler had thrown it
    String key(Request request) throws Exception;
  }

  private RateLimit(long pace, long whole, By by) {
    this.pace = pace;
    this.whole = whole;
    this.by = by;
  }

  /// A limit for each address that requests come from. Of IPv6 it is for each network of 64 bits,
  /// since a client has all of the addresses there.
  ///
  /// @param requests how many, at least 1
  /// @param period in how much time
  /// @return a middleware
  public static RateLimit of(int requests, Duration period) {
    long pace = requests < 1 ? 0 : period.toNanos() / requests;
    if (pace < 1) {
      throw new IllegalArgumentException(
          requests
              + " requests in "
              + period
              + ": give at least one, in a time that allows for it");
    }
    return new RateLimit(pace, pace * requests, request -> address(request.remote()));
  }

  /// What is counted by of an address.
  static String address(SocketAddress remote) {
    if (!(remote instanceof InetSocketAddress inet)) {
      return "";
    }
    return inet.getAddress() instanceof Inet6Address six
        ? HexFormat.of().formatHex(six.getAddress(), 0, NETWORK_BYTES) + "/64"
        : inet.getHostString();
  }

  /// The same for something else than addresses. It counts by itself.
  ///
  /// @param other whose request it is
  /// @return a middleware
  public RateLimit by(By other) {
    return new RateLimit(pace, whole, Objects.requireNonNull(other, "other"));
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    take(by.key(request));
    return next.handle(request);
  }

  /// Counts a request that comes by no middleware.
  ///
  /// @param key whose it is
  /// @throws HttpException with 429 if it is one too many, which does not count
  public void take(String key) {
    long left = take(shortened(key), Party.current());
    if (left > 0) {
      long seconds = Math.ceilDiv(left, Duration.ofSeconds(1).toNanos());
      throw new HttpException(
          429,
          "too many requests: come back in " + seconds + " s",
          Headers.of("Retry-After", Long.toString(seconds)));
    }
  }

  /// @return 0 if it was taken, else how many nanoseconds are left until there is one
  private synchronized long take(String key, Party caller) {
    long now = caller.nanoTime();
    Long known = full.get(key);
    long ahead = known == null ? 0 : Math.clamp(known - now, 0, whole);
    long left = ahead + pace - whole;
    if (left > 0) {
      return left;
    }
    full.put(key, now + ahead + pace);
    if (full.size() > MOST) {
      var _ = full.pollFirstEntry();
    }
    return 0;
  }

  /// Forgets what was counted, as after the right password.
  ///
  /// @param key whose requests they were
  public void forget(String key) {
    String known = shortened(key);
    synchronized (this) {
      var _ = full.remove(known);
    }
  }

  /// What clients send may be long.
  private static String shortened(String key) {
    if (key.length() <= LONGEST) {
      return key;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
