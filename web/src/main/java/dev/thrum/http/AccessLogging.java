package dev.thrum.http;

import dev.thrum.internal.Offload;
import dev.thrum.internal.Warnings;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Hands the entries of an access log to a thread of its own. The loop takes no lock for that: it
/// adds to a queue without one, and drops what does not fit.
final class AccessLogging {
  private static final int MOST = 8192;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final AccessLog log;
  private final ConcurrentLinkedQueue<AccessLog.Entry> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger dropped = new AtomicInteger();
  private final Thread thread;
  private volatile boolean sleeps;
  private volatile boolean closed;

  AccessLogging(AccessLog log) {
    this.log = log;
    this.thread = Thread.ofPlatform().daemon().name("thrum-access-log").start(this::run);
  }

  /// Notes an exchange that is over. By its task.
  ///
  /// @param id its name, if it has got one
  void note(Exchange over, Instant time, Duration took, int status, long sent, String id) {
    add(
        new AccessLog.Entry(
            time,
            took,
            over.remoteAddress(),
            over.method(),
            over.target(),
            over.version(),
            status,
            sent,
            over.headers().get("Referer", ""),
            over.headers().get("User-Agent", ""),
            id));
  }

  /// Notes what the application has not seen. By the poller.
  ///
  /// @param took since the request began to come
  void note(Refusal refused, SocketAddress remote, Duration took) {
    HttpRequest head = refused.request();
    if (head instanceof FullHttpRequest) {
      head = null; // Netty's for what is none
    }
    Headers headers = head == null ? Headers.create() : Headers.around(head.headers());
    boolean old = head != null && head.protocolVersion().minorVersion() == 0;
    add(
        new AccessLog.Entry(
            Instant.now().minus(took),
            took,
            remote,
            head == null ? "" : head.method().name(),
            head == null ? "" : head.uri(),
            old ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1,
            refused.status(),
            refused.body().length,
            headers.get("Referer", ""),
            headers.get("User-Agent", ""),
            ""));
  }

  private void add(AccessLog.Entry entry) {
    if (waiting.get() >= MOST) {
      int _ = dropped.incrementAndGet();
      return;
    }
    int _ = waiting.incrementAndGet();
    boolean _ = queue.add(entry);
    if (sleeps) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (true) {
      boolean last = closed;
      writeAll();
      if (last) {
        return;
      }
      sleeps = true;
      if (queue.isEmpty() && !closed) {
        LockSupport.park(this);
      }
      sleeps = false;
    }
  }

  private void writeAll() {
    for (AccessLog.Entry one = queue.poll(); one != null; one = queue.poll()) {
      int _ = waiting.decrementAndGet();
      try {
        log.log(one);
      } catch (Throwable e) {
        Warnings.warn("the access log failed", e);
      }
    }
    int lost = dropped.getAndSet(0);
    if (lost > 0) {
      Warnings.warn("the access log is too slow: " + lost + " requests were left out", null);
    }
  }

  /// Waits until everything has been noted, but not for ever.
  void close() throws IOException {
    closed = true;
    LockSupport.unpark(thread);
    boolean _ =
        Offload.call(
            "the end of the access log",
            Offload.OnCancel.WAIT,
            () -> {
              try {
                return thread.join(PATIENCE);
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
              }
            });
  }
}
