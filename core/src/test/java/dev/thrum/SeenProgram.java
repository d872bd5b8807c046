package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.background;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;

import dev.thrum.channel.Channel;
import dev.thrum.inspect.Inspector;
import dev.thrum.sync.Event;
import dev.thrum.sync.Mutex;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/// A program that [SeenFromOutsideTest] looks into: it prints `ready` once everything is as the
/// test expects it, and goes on until its input ends.
final class SeenProgram {
  private static final Duration LONG = Duration.ofMinutes(10);

  private static final Pattern LONG_STALL =
      Pattern.compile("task busy holds .* taken ([3-9]\\d\\d ms|[\\d.]+ s) .*CPU loop");

  private SeenProgram() {}

  public static void main(String[] args) throws Exception {
    Runner.builder().name("main-loop").debug(args.length > 0).run(SeenProgram::live);
  }

  private static void live() throws Exception {
    Mutex database = Mutex.create("db");
    Channel<String> orders = Channel.<String>builder().name("orders").build();
    Event door = Event.create("door");
    async("holder", () -> database.withLock(() -> sleep(LONG)));
    for (int i = 0; i < 5; i++) {
      async("wanter-" + i, () -> database.withLock(() -> {}));
    }
    var _ = async("receiver", () -> orders.receive());
    var _ = async("fails", SeenProgram::fail);
    async("quick", () -> {});
    door.set();
    door.clear();
    async("late", () -> door.await());
    async("knot", SeenProgram::tieKnot);
    background(() -> sleep(LONG));
    async("victim", () -> sleep(LONG));
    async(
        "outer",
        () ->
            timeout(
                LONG,
                () ->
                    scope(s -> {
                      s.async("inner", () -> sleep(LONG));
                      sleep(LONG);
                    })));
    async("busy", SeenProgram::compute);
    sleep(Duration.ofMillis(1_200)); // until a wait for a signal that has been is suspicious
    IO.println("ready");
    blocking(() -> System.in.read());
    System.exit(0);
  }

  private static void fail() throws IOException {
    throw new IOException("no such host");
  }

  /// Holds the loop until it is told to have done so for a while.
  private static void compute() {
    CountDownLatch told = new CountDownLatch(1);
    Thread.ofPlatform().daemon().start(() -> awaitTold(told));
    while (told.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  private static void awaitTold(CountDownLatch told) {
    while (!LONG_STALL.matcher(Inspector.local().text("stalls", "")).find()) {
      LockSupport.parkNanos(5_000_000);
    }
    told.countDown();
  }

  /// On the confined engine two tasks that wait for each other's lock; on the portable one they
  /// would hold the loop, and do it beside it.
  private static void tieKnot() {
    if (!Loop.current().engineName().equals("confined")) {
      sleep(LONG);
      return;
    }
    ReentrantLock left = new ReentrantLock();
    ReentrantLock right = new ReentrantLock();
    var both = new Both(left, right);
    async("left", () -> both.lock(left, right));
    async("right", () -> both.lock(right, left));
  }

  private record Both(ReentrantLock left, ReentrantLock right) {
    void lock(ReentrantLock first, ReentrantLock second) throws InterruptedException {
      first.lock();
      try {
        sleep(Duration.ofMillis(20));
        second.lockInterruptibly(); // and never gets it
      } finally {
        first.unlock();
      }
    }
  }
}
