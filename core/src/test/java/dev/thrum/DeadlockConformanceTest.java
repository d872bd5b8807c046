package dev.thrum;

import static dev.thrum.Async.asCompleted;
import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.race;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.DeadlockException.Wait;
import dev.thrum.sync.Condition;
import dev.thrum.sync.Event;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.RwLock;
import dev.thrum.sync.Semaphore;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Waits for locks that can never end (S10): on one loop.
@ParameterizedClass(name = "{0}")
@EnumSource
class DeadlockConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();
  private final Mutex m = Mutex.create("m");
  private final Mutex n = Mutex.create("n");

  DeadlockConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  /// Locks both with a pause between.
  private void lockBoth(Mutex first, Mutex second) {
    first.withLock(() -> {
      sleep(ofSeconds(1));
      second.withLock(() -> {});
    });
  }

  // Cycles through locks alone

  @Test
  void s10_twoTasksThatLockInDifferentOrders() {
    tidy.run(() -> {
      Task<?> a = async("a", () -> lockBoth(m, n));
      Task<?> b =
          async(
              "b",
              () -> {
                var thrown = assertThrows(DeadlockException.class, () -> lockBoth(n, m));
                assertEquals(
                    List.of(
                        new Wait("b", "mutex m, held by task a"),
                        new Wait("a", "mutex n, held by task b")),
                    thrown.waits());
                trail.add("refused");
              });
      a.await();
      b.await();
      trail.expect("refused");
      assertFalse(m.isLocked());
      assertFalse(n.isLocked());
    });
  }

  @Test
  void s10_threeTasksInACircle() {
    tidy.run(() -> {
      var k = Mutex.create("k");
      Task<?> a = async("a", () -> lockBoth(m, n));
      Task<?> b = async("b", () -> lockBoth(n, k));
      Task<DeadlockException> c =
          async("c", () -> assertThrows(DeadlockException.class, () -> lockBoth(k, m)));
      a.await();
      b.await();
      assertEquals(
          List.of(
              new Wait("c", "mutex m, held by task a"),
              new Wait("a", "mutex n, held by task b"),
              new Wait("b", "mutex k, held by task c")),
          c.await().waits());
    });
  }

  @Test
  void s10_readersAndAWriterInACircle() {
    tidy.run(() -> {
      var lock = RwLock.create("rw");
      Task<?> bystander = async("bystander", () -> lock.withRead(() -> sleep(ofSeconds(5))));
      Task<?> reader =
          async(
              "reader",
              () ->
                  lock.withRead(() -> {
                    sleep(ofSeconds(2));
                    var thrown = assertThrows(DeadlockException.class, m::lock);
                    assertEquals(2, thrown.waits().size(), thrown.getMessage());
                    trail.add("refused");
                  }));
      Task<?> writer = async("writer", () -> m.withLock(() -> lock.withWrite(() -> {})));
      bystander.await();
      reader.await();
      writer.await();
      trail.expect("refused");
    });
  }

  @Test
  void s10_aReaderBehindACancelledWriterWaitsForNobody() {
    tidy.run(() -> {
      var lock = RwLock.create("rw");
      Task<?> writer = async("writer", () -> lock.withWrite(() -> {}));
      Task<?> reader = async("reader", () -> lock.withRead(() -> trail.add("read")));
      lock.withRead(() -> {
        checkpoint();
        writer.cancel("enough");
        reader.await();
      });
      trail.expect("read");
    });
  }

  @Test
  void s10_twoRwLocksAndReadersBehindAWriter() {
    tidy.run(() -> {
      var one = RwLock.create("one");
      var two = RwLock.create("two");
      Task<?> a =
          async(
              "a",
              () ->
                  one.withRead(() -> {
                    sleep(ofSeconds(2));
                    two.withRead(() -> trail.add("a"));
                  }));
      Task<?> b =
          async(
              "b",
              () ->
                  two.withWrite(() -> {
                    sleep(ofSeconds(3));
                    // It waits behind the writer, and so for the reader.
                    assertThrows(DeadlockException.class, one::lockRead);
                    trail.add("b refused");
                  }));
      Task<?> writer =
          async(
              "writer",
              () -> {
                sleep(ofSeconds(1));
                one.withWrite(() -> trail.add("writer"));
              });
      a.await();
      b.await();
      writer.await();
      trail.expect("b refused", "a", "writer");
    });
  }

  // Cycles through await

  @Test
  void s10_theHolderAwaitsTheOneWhoWantsTheMutexAndLockComesLast() {
    tidy.run(() -> {
      Task<?> wants =
          async(
              "wants",
              () -> {
                sleep(ofSeconds(1));
                var thrown = assertThrows(DeadlockException.class, m::lock);
                assertEquals(
                    List.of(
                        new Wait("wants", "mutex m, held by task main"),
                        new Wait("main", "task wants")),
                    thrown.waits());
                trail.add("refused");
              });
      m.withLock(() -> wants.await());
      trail.expect("refused");
    });
  }

  @Test
  void s10_theHolderAwaitsTheOneWhoWantsTheMutexAndAwaitComesLast() {
    tidy.run(() -> {
      m.lock();
      Task<?> wants = async("wants", () -> m.withLock(() -> trail.add("got it")));
      checkpoint();
      var thrown = assertThrows(DeadlockException.class, wants::await);
      assertEquals(
          List.of(new Wait("main", "task wants"), new Wait("wants", "mutex m, held by task main")),
          thrown.waits());
      m.unlock();
      wants.await();
      trail.expect("got it");
    });
  }

  @Test
  void s10_throughALongerChainOfAwaits() {
    tidy.run(() -> {
      m.lock();
      Task<?> wants = async("wants", () -> m.withLock(() -> {}));
      Task<?> middle = async("middle", () -> wants.await());
      checkpoint();
      var thrown = assertThrows(DeadlockException.class, middle::await);
      assertEquals(3, thrown.waits().size());
      m.unlock();
      middle.await();
    });
  }

  @Test
  void s10_oneWhoHoldsNothingClosesTheCycle() {
    tidy.run(() -> {
      // holder: has m, awaits last. wants: waits for m. last: would wait for wants.
      Task<?>[] last = new Task<?>[1];
      Task<?> holder = async("holder", () -> m.withLock(() -> last[0].await()));
      Task<?> wants = async("wants", () -> m.withLock(() -> {}));
      last[0] =
          async(
              "last",
              () -> {
                sleep(ofSeconds(1));
                assertThrows(DeadlockException.class, wants::await);
                trail.add("refused");
              });
      holder.await();
      wants.await();
      trail.expect("refused");
    });
  }

  // Cycles through joined children

  @Test
  void s10_theHolderJoinsItsChildAndLockComesLast() {
    tidy.run(() -> {
      m.withLock(() ->
          scope(s ->
              s.async(
                  "child",
                  () -> {
                    var thrown = assertThrows(DeadlockException.class, m::lock);
                    assertEquals(
                        List.of(
                            new Wait("child", "mutex m, held by task main"),
                            new Wait("main", "the end of its children")),
                        thrown.waits());
                    trail.add("refused");
                  })));
      trail.expect("refused");
    });
  }

  @Test
  void s10_theHolderJoinsItsChildAndTheJoinComesLast() {
    tidy.run(() -> {
      var thrown =
          assertThrows(
              DeadlockException.class,
              () ->
                  m.withLock(() ->
                      scope(s -> {
                        s.async("child", () -> m.withLock(() -> trail.add("got it")));
                        s.async("other", () -> sleep(ofSeconds(9)));
                        checkpoint();
                      })));
      assertEquals(
          List.of(
              new Wait("main", "the end of its children"),
              new Wait("child", "mutex m, held by task main")),
          thrown.waits());
      trail.expect();
      assertFalse(m.isLocked());
    });
  }

  @Test
  void s10_aTaskThatEndsWithoutUnlockingJoinsItsChildFirst() {
    tidy.run(() -> {
      Task<?> owner =
          async(() -> {
            m.lock();
            async(() -> m.withLock(() -> {}));
            checkpoint();
          });
      assertThrows(DeadlockException.class, owner::await);
    });
  }

  @Test
  void s10_throughTheJoinOfAChildOfTheHolder() {
    tidy.run(() -> {
      m.withLock(() ->
          scope(s ->
              s.async(() -> {
                async(() -> {
                  sleep(ofSeconds(1));
                  assertThrows(DeadlockException.class, m::lock);
                  trail.add("refused");
                });
              })));
      trail.expect("refused");
      assertThrows(
          DeadlockException.class,
          () ->
              m.withLock(() ->
                  scope(s ->
                      s.async(() -> {
                        async(() -> m.withLock(() -> {}));
                        sleep(ofSeconds(1));
                      }))));
    });
  }

  @Test
  void s10_theHolderAwaitsATaskThatJoinsTheOneWhoWantsTheMutex() {
    tidy.run(() -> {
      m.lock();
      Task<?> owner =
          async(
              "owner",
              () -> {
                async("wants", () -> m.withLock(() -> trail.add("got it")));
              });
      sleep(ofSeconds(1));
      var thrown = assertThrows(DeadlockException.class, owner::await);
      assertEquals(3, thrown.waits().size(), thrown.getMessage());
      m.unlock();
      owner.await();
      trail.expect("got it");
    });
  }

  // Cycles through a condition

  @Test
  void s10_lockingAgainAfterASignalClosesACycle() {
    tidy.run(() -> {
      Condition condition = n.newCondition();
      Task<?> waiter =
          async(
              "waiter",
              () ->
                  m.withLock(() -> {
                    n.lock();
                    assertThrows(DeadlockException.class, condition::await);
                    assertFalse(n.isHeldByCaller());
                    trail.add("refused");
                  }));
      checkpoint();
      n.withLock(() -> {
        condition.signal();
        m.withLock(() -> trail.add("both"));
      });
      waiter.await();
      trail.expect("refused", "both");
    });
  }

  // What is no deadlock

  @Test
  void s10_aHolderThatSleepsIsNoDeadlock() {
    tidy.run(() -> {
      // Parent of all and holder: its children wait for it and for each other.
      m.lock();
      Task<?> first = async(() -> m.withLock(() -> trail.add("first")));
      Task<?> second = async(() -> first.await());
      sleep(ofSeconds(1));
      m.unlock();
      second.await();
      trail.expect("first");
    });
  }

  @Test
  void s10_aHolderThatWaitsForSomethingThatAnybodyMayBringIsNoDeadlock() {
    tidy.run(() -> {
      var semaphore = Semaphore.create(0, 1);
      var event = Event.create();
      Task<?> holder =
          async(() ->
              m.withLock(() -> {
                semaphore.acquire();
                event.await();
              }));
      Task<?> waiter = async(() -> m.withLock(() -> trail.add("got it")));
      sleep(ofSeconds(1));
      semaphore.release();
      checkpoint();
      event.set();
      holder.await();
      waiter.await();
      trail.expect("got it");
    });
  }

  @Test
  void s10_aWaiterThatHasBeenCancelledIsAwaited() {
    tidy.run(() -> {
      m.lock();
      Task<?> wants = async(() -> m.withLock(() -> {}));
      checkpoint();
      wants.cancel("test");
      assertThrows(CancellationException.class, wants::await);
      m.unlock();
    });
  }

  @Test
  void s10_aTaskThatHasBeenCancelledIsAwaitedByTheOneItAwaited() {
    tidy.run(() -> {
      Task<?>[] tasks = new Task<?>[2];
      tasks[0] =
          async(() -> {
            checkpoint();
            tasks[1].cancel("test");
            assertThrows(CancellationException.class, () -> tasks[1].await());
            trail.add("joined");
          });
      tasks[1] = async(() -> tasks[0].await());
      tasks[0].await();
      trail.expect("joined");
    });
  }

  /// Wins by locking, unless the other one has slept before.
  private String raceForTheLock() {
    return race(
        () -> {
          try {
            return m.withLock(() -> "locked");
          } catch (DeadlockException e) {
            trail.add("refused");
            throw e;
          }
        },
        () -> {
          sleep(ofSeconds(2));
          return "timer";
        });
  }

  @Test
  void s10_aRaceThatAnotherMayWinIsNoDeadlock() {
    tidy.run(() -> {
      Task<String> racer = async(this::raceForTheLock);
      assertEquals("timer", m.withLock(() -> await(racer)));
      assertEquals("timer", m.withLock(this::raceForTheLock));
      trail.expect();
    });
  }

  @Test
  void s10_aRaceOfWhichOnlyTheStuckOneIsLeftIsADeadlock() {
    tidy.run(() -> {
      Task<?> racer =
          async(() ->
              race(
                  () -> {
                    sleep(ofSeconds(2));
                    assertThrows(DeadlockException.class, m::lock);
                    return "refused";
                  },
                  () -> {
                    throw new IllegalArgumentException("lost");
                  }));
      assertEquals("refused", m.withLock(() -> await(racer)));
    });
  }

  @Test
  void s10_aBackgroundChildOfTheHolderIsNoDeadlock() {
    tidy.run(() -> {
      m.withLock(() ->
          scope(s -> {
            s.background(() -> m.withLock(() -> trail.add("never")));
            s.async(() -> sleep(ofSeconds(1)));
          }));
      Task<?> owner =
          async(() -> {
            background(() -> m.withLock(() -> trail.add("never")));
            sleep(ofSeconds(1));
          });
      m.withLock(() -> owner.await());
      trail.expect();
    });
  }

  @Test
  void s10_manyTasksInOneOrderAreNeverRefused() {
    tidy.run(() -> {
      var counter = new AtomicInteger();
      scope(s -> {
        for (int i = 0; i < 30; i++) {
          s.async(() -> {
            lockBoth(m, n);
            counter.incrementAndGet();
          });
        }
      });
      assertEquals(30, counter.get());
    });
  }

  // A loop on which nothing can go on

  @Test
  void aLoopWhoseTasksAllWaitForALockOfOneOfThemEndsWithTheGraph() {
    var thrown =
        assertThrows(
            DeadlockException.class,
            () ->
                VirtualTime.run(() -> {
                  // The wait for the first of several tasks is no edge of the graph.
                  Task<?> wants = async("wants", () -> m.withLock(() -> trail.add("got it")));
                  m.withLock(() -> {
                    for (Task<?> ended : asCompleted(List.of(wants))) {
                      trail.add("ended " + ended.name());
                    }
                  });
                }));
    assertTrue(thrown.getMessage().contains("every task"), thrown.getMessage());
    assertTrue(
        thrown.waits().contains(new Wait("wants", "mutex m, held by task main")),
        thrown.getMessage());
    trail.expect();
  }
}
