package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeoutOr;
import static java.time.Duration.ofNanos;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Channel;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.sync.Barrier;
import dev.thrum.sync.CapacityLimiter;
import dev.thrum.sync.Condition;
import dev.thrum.sync.Event;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.RateLimiter;
import dev.thrum.sync.RwLock;
import dev.thrum.sync.Semaphore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Locks and signals that plain threads and several loops use at once (S13).
class SharedSyncTest {
  private static final int ROUNDS = 400;
  private static final int PARTIES = 8;

  private final Trail trail = new Trail();

  /// Runs a body in parties of every kind at once: two threads, and two loops of three tasks.
  private static void everywhere(VoidBody<?> body) {
    try (var together = new Together()) {
      for (int i = 0; i < 2; i++) {
        together.thread("thread " + i, body);
        together.loop(
            "loop " + i,
            () ->
                scope(s -> {
                  for (int task = 0; task < 3; task++) {
                    s.async(body);
                  }
                }));
      }
    }
  }

  /// A plain thread has no checkpoint; a task lets others run in the middle of things.
  private static void pause() {
    if (TaskImpl.currentOrNull() != null) {
      checkpoint();
    } else {
      Thread.onSpinWait();
    }
  }

  private static final class Counter {
    int value; // not volatile: what guards it must make it visible
  }

  @Test
  void s13_aMutexIsHeldByOneAtATime() {
    var mutex = Mutex.create();
    var counter = new Counter();
    everywhere(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        mutex.withLock(() -> {
          int seen = counter.value;
          pause();
          counter.value = seen + 1;
        });
      }
    });
    assertEquals(PARTIES * ROUNDS, counter.value);
    assertFalse(mutex.isLocked());
  }

  @Test
  void s13_aMutexSurvivesCancellationsAndTimeouts() {
    var mutex = Mutex.create();
    var counter = new Counter();
    var expected = new AtomicInteger();
    long seed = Seeds.next();
    everywhere(() -> {
      RandomGenerator random = Seeds.generator(seed + Thread.currentThread().threadId());
      for (int i = 0; i < ROUNDS; i++) {
        VoidBody<RuntimeException> body =
            () ->
                mutex.withLock(() -> {
                  counter.value++;
                  expected.incrementAndGet();
                  pause();
                });
        if (TaskImpl.currentOrNull() == null) {
          body.run();
        } else {
          boolean _ =
              timeoutOr(
                  ofNanos(random.nextInt(30_000)),
                  false,
                  () -> {
                    body.run();
                    return true;
                  });
        }
      }
    });
    assertEquals(expected.get(), counter.value, "seed " + seed);
    assertFalse(mutex.isLocked(), "seed " + seed);
  }

  @Test
  void s13_waitersAreServedInTheOrderInWhichTheyCameWhoeverTheyAre() {
    var mutex = Mutex.create();
    mutex.lock();
    try (var together = new Together()) {
      for (int i = 0; i < 6; i++) {
        String name = "waiter " + i;
        VoidBody<RuntimeException> body = () -> mutex.withLock(() -> trail.add(name));
        if (i % 2 == 0) {
          Thread thread = together.thread(name, body);
          Together.eventually("it waits", () -> Together.isBlocked(thread));
        } else {
          var task = new AtomicReference<TaskImpl<?>>();
          together.loop(
              name,
              () -> {
                task.set(TaskImpl.currentOrNull());
                body.run();
              });
          Together.eventually(
              "it waits", () -> task.get() != null && task.get().blockedOn() == mutex);
        }
      }
      mutex.unlock();
    }
    trail.expect("waiter 0", "waiter 1", "waiter 2", "waiter 3", "waiter 4", "waiter 5");
  }

  @Test
  void whatCannotWaitLetsNoOtherTaskRunAlsoWhileAThreadIsInTheMiddleOfIt() {
    var semaphore = Semaphore.create(0, 1);
    var taken = new CountDownLatch(1);
    try (var together = new Together()) {
      together.thread(
          "in the middle",
          () -> {
            ((Guarded) semaphore).guard();
            taken.countDown();
            Crew.pause();
            ((Guarded) semaphore).unguard();
          });
      together.loop(
          "releasing",
          () -> {
            taken.await();
            Task<?> other = async(() -> trail.add("the other task"));
            semaphore.release();
            trail.add("released");
            other.await();
          });
    }
    trail.expect("released", "the other task");
  }

  @Test
  void s13_virtualThreadsThatAreNoTasksTakeTheirTurns() throws Exception {
    var mutex = Mutex.create();
    var counter = new Counter();
    Channel<Integer> channel = Channel.rendezvous();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < PARTIES; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int k = 0; k < ROUNDS; k++) {
                  mutex.withLock(() -> counter.value++);
                  channel.send(1);
                }
              }));
    }
    int received = 0;
    for (int i = 0; i < PARTIES * ROUNDS; i++) {
      received += channel.receive();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(PARTIES * ROUNDS, received);
    assertEquals(PARTIES * ROUNDS, counter.value);
  }

  @Test
  void s13_aConditionJoinsProducersAndConsumers() {
    var mutex = Mutex.create();
    Condition notEmpty = mutex.newCondition();
    Condition notFull = mutex.newCondition();
    var items = new ArrayDeque<Integer>();
    var produced = new AtomicInteger();
    var sum = new AtomicInteger();
    VoidBody<RuntimeException> producer =
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            mutex.withLock(() -> {
              notFull.await(() -> items.size() < 3);
              items.add(produced.incrementAndGet());
              notEmpty.signal();
            });
          }
        };
    VoidBody<RuntimeException> consumer =
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            mutex.withLock(() -> {
              notEmpty.await(() -> !items.isEmpty());
              sum.addAndGet(items.remove());
              notFull.signal();
            });
          }
        };
    try (var together = new Together()) {
      together.thread("producer thread", producer);
      together.loop("producer loop", producer);
      together.thread("consumer thread", consumer);
      together.loop("consumer loop", consumer);
    }
    int count = 2 * ROUNDS;
    assertEquals(count * (count + 1) / 2, sum.get());
  }

  @Test
  void s13_aSemaphoreGivesNoMorePermitsThanItHas() {
    var semaphore = Semaphore.create(3);
    var used = new AtomicInteger();
    long seed = Seeds.next();
    everywhere(() -> {
      RandomGenerator random = Seeds.generator(seed + Thread.currentThread().threadId());
      for (int i = 0; i < ROUNDS; i++) {
        int wanted = 1 + random.nextInt(3);
        semaphore.acquire(wanted);
        assertTrue(used.addAndGet(wanted) <= 3, "seed " + seed);
        pause();
        used.addAndGet(-wanted);
        semaphore.release(wanted);
      }
    });
    assertEquals(3, semaphore.availablePermits());
  }

  @Test
  void s13_aSemaphoreLosesNoPermitToCancellations() {
    var semaphore = Semaphore.create(2);
    long seed = Seeds.next();
    everywhere(() -> {
      RandomGenerator random = Seeds.generator(seed + Thread.currentThread().threadId());
      for (int i = 0; i < ROUNDS; i++) {
        if (TaskImpl.currentOrNull() == null) {
          semaphore.withPermit(() -> pause());
        } else {
          boolean _ =
              timeoutOr(
                  ofNanos(random.nextInt(30_000)),
                  false,
                  () -> {
                    semaphore.withPermit(() -> pause());
                    return true;
                  });
        }
      }
    });
    assertEquals(2, semaphore.availablePermits(), "seed " + seed);
    assertFalse(semaphore.isLocked(), "seed " + seed);
  }

  @Test
  void s13_aCapacityLimiterKnowsItsBorrowers() {
    var limiter = CapacityLimiter.create(2);
    var inside = new AtomicInteger();
    everywhere(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        limiter.withToken(() -> {
          assertTrue(inside.incrementAndGet() <= 2);
          pause();
          inside.decrementAndGet();
        });
      }
    });
    assertEquals(0, limiter.borrowed());
    assertEquals(0, limiter.waiting());
  }

  @Test
  void s13_anRwLockHasOneWriterOrSomeReaders() {
    var lock = RwLock.create();
    var counter = new Counter();
    long seed = Seeds.next();
    everywhere(() -> {
      RandomGenerator random = Seeds.generator(seed + Thread.currentThread().threadId());
      for (int i = 0; i < ROUNDS; i++) {
        if (random.nextInt(3) == 0) {
          lock.withWrite(() -> {
            counter.value++;
            pause();
            counter.value++;
          });
        } else {
          lock.withRead(() -> {
            int seen = counter.value;
            pause();
            assertEquals(seen, counter.value);
            assertEquals(0, seen % 2);
          });
        }
      }
    });
    assertEquals("rwlock", lock.toString().replaceAll("@.*", ""));
    assertEquals(0, lock.readers());
  }

  @Test
  void s13_anEventWakesThreadsAndTasks() {
    for (int round = 0; round < 20; round++) {
      var event = Event.create();
      var woken = new AtomicInteger();
      try (var together = new Together()) {
        together.thread(
            "setter",
            () -> {
              Together.eventually("some wait", () -> !event.toString().endsWith(" 0 waiting"));
              event.set();
            });
        everywhere(() -> {
          event.await();
          woken.incrementAndGet();
        });
      }
      assertEquals(PARTIES, woken.get());
    }
  }

  @Test
  void s13_aBarrierLetsAllPartiesGoTogether() {
    var barrier = Barrier.create(PARTIES);
    var arrived = new AtomicInteger();
    List<Integer> indices = Collections.synchronizedList(new ArrayList<>());
    int rounds = 50;
    everywhere(() -> {
      for (int round = 1; round <= rounds; round++) {
        arrived.incrementAndGet();
        indices.add(barrier.await());
        assertTrue(arrived.get() >= round * PARTIES);
        barrier.await();
      }
    });
    for (int i = 0; i < PARTIES; i++) {
      assertEquals(rounds, Collections.frequency(indices, i));
    }
  }

  @Test
  void s13_aRateLimiterIsSharedByAll() {
    var limiter = RateLimiter.create(20_000, java.time.Duration.ofSeconds(1), 10);
    long began = System.nanoTime();
    everywhere(() -> {
      for (int i = 0; i < 50; i++) {
        limiter.acquire();
      }
    });
    long nanos = System.nanoTime() - began;
    assertTrue(nanos >= (PARTIES * 50 - 10) * 50_000L, "all of them in " + nanos);
  }

  @Test
  void s13_anInterruptedThreadLeavesTheQueueAndKeepsItsInterrupt() {
    var mutex = Mutex.create();
    var semaphore = Semaphore.create(0, 1);
    var limiter = RateLimiter.create(1, java.time.Duration.ofHours(1));
    var lock = RwLock.create();
    var event = Event.create();
    limiter.acquire();
    mutex.lock();
    lock.lockWrite();
    List<VoidBody<RuntimeException>> waits =
        List.of(mutex::lock, semaphore::acquire, limiter::acquire, lock::lockRead, event::await);
    try (var together = new Together()) {
      for (VoidBody<RuntimeException> wait : waits) {
        Thread waiting =
            together.thread(
                "waiting",
                () -> {
                  var thrown = assertThrows(CancellationException.class, wait::run);
                  assertInstanceOf(InterruptedException.class, thrown.getCause());
                  assertEquals("thread waiting was interrupted", thrown.getMessage());
                  assertTrue(Thread.currentThread().isInterrupted());
                  assertThrows(CancellationException.class, wait::run);
                });
        Together.eventually("it waits", () -> Together.isBlocked(waiting));
        waiting.interrupt();
      }
    }
    mutex.unlock();
    assertFalse(mutex.isLocked());
    lock.unlockWrite();
    assertEquals(0, lock.readers());
    semaphore.release();
    assertTrue(semaphore.tryAcquire());
    assertFalse(limiter.tryAcquire());
  }

  @Test
  void s13_aTaskThatIsCancelledFromItsOwnLoopLosesNothingOfAnother() {
    var semaphore = Semaphore.create(0, Integer.MAX_VALUE);
    var taken = new AtomicInteger();
    int count = 300;
    try (var together = new Together()) {
      together.loop(
          "takers",
          () -> {
            while (taken.get() < count) {
              Task<?> taker =
                  async(() -> {
                    semaphore.acquire();
                    taken.incrementAndGet();
                  });
              sleep(ofNanos(20_000));
              taker.cancel("test");
            }
          });
      together.thread(
          "giver",
          () -> {
            for (int i = 0; i < count; i++) {
              semaphore.release();
              Thread.onSpinWait();
            }
          });
    }
    assertEquals(count, taken.get());
    assertEquals(0, semaphore.availablePermits());
  }
}
