package dev.thrum;

import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofNanos;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.sync.RateLimiter;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A rate limiter in virtual time, with cancellations at random moments. `-Dthrum.seed=…` begins
/// with a given seed.
class RateStressTest {

  @Test
  void aRateIsKeptToTheNanosecond() {
    Rounds.SHORT.run("rates", 0, RateStressTest::rate);
  }

  @Test
  @Tag("soak")
  void aRateIsKeptToTheNanosecondForLong() {
    Rounds.LONG.run("rates", 500_000, RateStressTest::rate);
  }

  /// One who wanted permits of a rate limiter.
  private static final class Request {
    final int permits;
    final long begin;
    long end;
    boolean served;

    Request(int permits, long begin) {
      this.permits = permits;
      this.begin = begin;
    }
  }

  private static long rate(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    int permits = 1 + random.nextInt(1000);
    long per = 1 + random.nextLong(1_000_000);
    int burst = 1 + random.nextInt(5);
    RateLimiter limiter = RateLimiter.create(permits, ofNanos(per), burst);
    VirtualTime time = new VirtualTime();
    List<Request> requests = new ArrayList<>();
    int tasks = 1 + random.nextInt(6);
    @Nullable Scope[] open = new Scope[tasks];
    Runner.builder()
        .time(time)
        .run(() ->
            scope(s -> {
              for (int i = 0; i < tasks; i++) {
                int number = i;
                s.async(() -> {
                  for (int round = 0; round < 100; round++) {
                    if (random.nextInt(3) == 0) {
                      sleep(ofNanos(random.nextLong(1, 4 * per)));
                    }
                    Scope victim = open[random.nextInt(tasks)];
                    if (victim != null && random.nextInt(4) == 0) {
                      victim.cancel("enough");
                    }
                    Request request = new Request(1 + random.nextInt(burst), time.nanoTime());
                    requests.add(request);
                    scope(own -> {
                      open[number] = own;
                      if (random.nextInt(4) > 0) {
                        limiter.acquire(request.permits);
                        request.served = true;
                      } else {
                        request.served = limiter.tryAcquire(request.permits);
                      }
                    });
                    open[number] = null;
                    request.end = time.nanoTime();
                  }
                });
              }
            }));
    checkRate(requests, permits, per, burst);
    Queues.checkNobodyIsLeft(limiter);
    return requests.size();
  }

  /// Each is served at the first moment at which nobody is before it and the bucket holds enough; a
  /// cancelled one leaves the bucket as it was.
  private static void checkRate(List<Request> requests, int permits, long per, int burst) {
    long full = burst * per;
    long level = full;
    long known = 0;
    long turn = 0;
    for (Request request : requests) {
      turn = Math.max(turn, request.begin);
      long wanted = request.permits * per;
      if (request.served) {
        long missing = wanted - Math.min(full, level + (turn - known) * permits);
        long ready = missing <= 0 ? turn : turn + Math.ceilDiv(missing, permits);
        assertTrue(
            Math.abs(request.end - ready) <= 1,
            () -> "served at " + request.end + " and not at " + ready);
        level = Math.min(full, level + (request.end - known) * permits) - wanted;
        known = request.end;
      }
      turn = Math.max(turn, request.end);
    }
  }
}
