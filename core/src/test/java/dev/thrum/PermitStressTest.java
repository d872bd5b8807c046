package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.sync.Barrier;
import dev.thrum.sync.CapacityLimiter;
import dev.thrum.sync.Event;
import dev.thrum.sync.RwLock;
import dev.thrum.sync.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Permits and meetings of tasks of several loops and plain threads, with cancellations at random
/// moments. `-Dthrum.seed=…` begins with a given seed.
class PermitStressTest {

  @Test
  void noPermitIsLost() {
    Rounds.SHORT.run("semaphores", 0, PermitStressTest::semaphore);
  }

  @Test
  @Tag("soak")
  void noPermitIsLostForLong() {
    Rounds.LONG.run("semaphores", 1_000_000, PermitStressTest::semaphore);
  }

  @Test
  void noTokenIsLost() {
    Rounds.SHORT.run("limiters", 0, PermitStressTest::limiter);
  }

  @Test
  @Tag("soak")
  void noTokenIsLostForLong() {
    Rounds.LONG.run("limiters", 1_000_000, PermitStressTest::limiter);
  }

  @Test
  void whoWritesIsAlone() {
    Rounds.SHORT.run("read-write locks", 0, PermitStressTest::readWrite);
  }

  @Test
  @Tag("soak")
  void whoWritesIsAloneForLong() {
    Rounds.LONG.run("read-write locks", 1_000_000, PermitStressTest::readWrite);
  }

  @Test
  void noSettingOfAnEventIsMissed() {
    Rounds.SHORT.run("events", 0, PermitStressTest::events);
  }

  @Test
  @Tag("soak")
  void noSettingOfAnEventIsMissedForLong() {
    Rounds.LONG.run("events", 500_000, PermitStressTest::events);
  }

  @Test
  void allMeetInEveryRound() {
    Rounds.SHORT.run("barriers", 0, PermitStressTest::barrier);
  }

  @Test
  @Tag("soak")
  void allMeetInEveryRoundForLong() {
    Rounds.LONG.run("barriers", 500_000, PermitStressTest::barrier);
  }

  private static long semaphore(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    int permits = 1 + random.nextInt(5);
    Semaphore semaphore = Semaphore.create(permits);
    AtomicInteger taken = new AtomicInteger();
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(semaphore));
    int times = 1 + random.nextInt(500);
    for (int i = 2 + random.nextInt(6); i > 0; i--) {
      swarm.add(
          "taker " + i,
          me -> {
            for (int time = 0; time < times; time++) {
              int wanted = 1 + me.random.nextInt(me.random.nextBoolean() ? 1 : permits);
              VoidBody<RuntimeException> use =
                  () -> {
                    assertTrue(taken.addAndGet(wanted) <= permits, "more than there are");
                    linger(me, () -> taken.addAndGet(-wanted), () -> semaphore.release(wanted));
                  };
              if (me.random.nextInt(4) > 0) {
                me.maybeAttempt(() -> {
                  semaphore.acquire(wanted);
                  use.run();
                });
              } else if (me.certainly(() -> semaphore.tryAcquire(wanted))) {
                use.run();
              }
            }
          });
    }
    long done = swarm.run();
    assertEquals(permits, semaphore.availablePermits(), "free permits");
    Queues.checkNobodyIsLeft(semaphore);
    return done;
  }

  /// Holds something for a while; a cancellation may end that.
  private static void linger(Member me, Runnable note, Runnable giveBack) {
    try {
      if (me.random.nextInt(4) == 0) {
        me.pause();
      }
    } finally {
      note.run();
      giveBack.run();
    }
  }

  private static long limiter(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    int most = 1 + random.nextInt(4);
    CapacityLimiter limiter = CapacityLimiter.create(most);
    AtomicInteger taken = new AtomicInteger();
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(limiter));
    int times = 1 + random.nextInt(500);
    for (int i = 2 + random.nextInt(6); i > 0; i--) {
      swarm.add(
          "borrower " + i,
          me -> {
            for (int time = 0; time < times; time++) {
              VoidBody<RuntimeException> use =
                  () -> {
                    assertTrue(taken.incrementAndGet() <= most, "more than there are");
                    linger(me, taken::decrementAndGet, limiter::release);
                  };
              switch (me.random.nextInt(6)) {
                case 0 -> me.certainly(() -> limiter.resize(1 + me.random.nextInt(most)));
                case 1 -> {
                  if (me.certainly(() -> limiter.tryAcquire())) {
                    use.run();
                  }
                }
                default ->
                    me.maybeAttempt(() -> {
                      limiter.acquire();
                      use.run();
                    });
              }
            }
          });
    }
    long done = swarm.run();
    assertEquals(0, limiter.borrowed(), "borrowed tokens");
    Queues.checkNobodyIsLeft(limiter);
    return done;
  }

  /// What only a writer changes.
  private static final class Shared {
    private int one;
    private int other;

    void change() {
      one++;
      other++;
    }

    void look() {
      assertEquals(one, other, "somebody reads while another one writes");
    }
  }

  private static long readWrite(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    RwLock lock = RwLock.create();
    Shared shared = new Shared();
    AtomicInteger changes = new AtomicInteger();
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(lock));
    int times = 1 + random.nextInt(500);
    for (int i = 2 + random.nextInt(6); i > 0; i--) {
      swarm.add(
          "member " + i,
          me -> {
            for (int time = 0; time < times; time++) {
              switch (me.random.nextInt(6)) {
                case 0, 1 ->
                    me.maybeAttempt(() -> lock.withWrite(() -> write(me, shared, changes)));
                case 2 -> {
                  if (me.certainly(() -> lock.tryLockWrite())) {
                    changes.incrementAndGet();
                    linger(me, shared::change, lock::unlockWrite);
                  }
                }
                case 3 -> {
                  if (me.certainly(() -> lock.tryLockRead())) {
                    linger(me, shared::look, lock::unlockRead);
                  }
                }
                default ->
                    me.maybeAttempt(() -> {
                      lock.lockRead();
                      linger(me, shared::look, lock::unlockRead);
                    });
              }
            }
          });
    }
    long done = swarm.run();
    assertEquals(changes.get(), shared.one, "changes");
    assertEquals(0, lock.readers());
    assertFalse(lock.isWriteLocked());
    Queues.checkNobodyIsLeft(lock);
    return done;
  }

  private static void write(Member me, Shared shared, AtomicInteger changes) {
    shared.one++;
    try {
      if (me.random.nextInt(4) == 0) {
        me.pause();
      }
    } finally {
      shared.other++;
      changes.incrementAndGet();
    }
  }

  /// One sets them in turn, and the others follow.
  private static long events(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    Event[] events =
        IntStream.rangeClosed(0, random.nextInt(300))
            .mapToObj(i -> Event.create("E" + i))
            .toArray(Event[]::new);
    Swarm swarm =
        new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe((Object[]) events));
    AtomicInteger next = new AtomicInteger();
    swarm.add(
        "setter",
        me -> {
          for (Event event : events) {
            if (me.random.nextBoolean()) {
              me.pause();
            }
            next.incrementAndGet();
            me.certainly(event::set);
          }
        });
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      swarm.add(
          "follower " + i,
          me -> {
            for (int event = 0; event < events.length; event++) {
              Event awaited = events[event];
              while (!me.maybeAttempt(awaited::await)) {
                me.pause();
              }
              assertTrue(next.get() > event, "an event came before it was set");
            }
          });
    }
    long done = swarm.run();
    Queues.checkNobodyIsLeft((Object[]) events);
    return done;
  }

  private static long barrier(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    int parties = 1 + random.nextInt(5);
    int rounds = 1 + random.nextInt(300);
    Barrier barrier = Barrier.create(parties);
    AtomicIntegerArray arrived = new AtomicIntegerArray(rounds);
    AtomicIntegerArray places = new AtomicIntegerArray(rounds * parties);
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(barrier));
    for (int i = 0; i < parties; i++) {
      swarm.add(
          "party " + i,
          me -> {
            for (int round = 0; round < rounds; round++) {
              int number = round;
              arrived.incrementAndGet(number);
              while (!me.maybeAttempt(
                  () -> places.incrementAndGet(number * parties + barrier.await()))) {
                me.pause();
              }
              assertEquals(parties, arrived.get(number), "let go before all had come");
            }
          });
    }
    long done = swarm.run();
    for (int place = 0; place < places.length(); place++) {
      assertEquals(1, places.get(place), "how often a place was given out");
    }
    Queues.checkNobodyIsLeft(barrier);
    return done;
  }
}
