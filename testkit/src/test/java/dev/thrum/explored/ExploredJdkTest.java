package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyOrder;
import static dev.thrum.explored.Every.findsByCancelling;
import static dev.thrum.explored.Every.findsEachTime;
import static dev.thrum.explored.Every.together;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.DeadlockException;
import dev.thrum.VoidBody;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Waits of the JDK, which are suspension points on the confined engine only.
@SuppressWarnings({"ThreadPriorityCheck", "WaitNotInLoop"}) // what is tried here
class ExploredJdkTest {

  @BeforeEach
  void onTheConfinedEngine() {
    assumeTrue("confined".equals(System.getProperty("thrum.engine")));
  }

  @Nested
  class ReentrantLocks {

    private static void around(ReentrantLock lock, VoidBody<?> body) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        Every.unlessCancelled(body);
      } finally {
        lock.unlock();
      }
    }

    @Test
    void oneAtATime() {
      every(() -> {
        var lock = new ReentrantLock();
        var room = new Room(1);
        VoidBody<?> visit = () -> around(lock, room::visit);
        together(visit, visit, visit);
        room.assertEmpty();
        assertFalse(lock.isLocked());
      });
    }

    @Test
    void whoCannotBeInterruptedWaitsOnAlsoWhenCancelled() {
      every(() -> {
        var lock = new ReentrantLock();
        var room = new Room(1);
        VoidBody<?> visit =
            () -> {
              lock.lock();
              try {
                room.visit();
              } finally {
                lock.unlock();
              }
            };
        together(visit, visit);
        room.assertEmpty();
        assertFalse(lock.isLocked());
      });
    }

    @Test
    void aConditionIsWaitedForWithTheLockFree() {
      every(() -> {
        var lock = new ReentrantLock();
        var filled = lock.newCondition();
        int[] items = new int[1];
        int[] taken = new int[1];
        VoidBody<?> take =
            () ->
                around(
                    lock,
                    () -> {
                      while (items[0] == 0) {
                        filled.await();
                      }
                      items[0]--;
                      taken[0]++;
                    });
        VoidBody<?> put =
            () -> {
              lock.lock();
              try {
                items[0]++;
                filled.signal();
              } finally {
                lock.unlock();
              }
            };
        together(take, take, put, put);
        assertEquals(2, taken[0] + items[0]);
        assertFalse(lock.isLocked());
      });
    }

    @Test
    void anUpdateUnderTwoLocksIsFound() {
      findsEachTime(() -> {
        var one = new ReentrantLock();
        var other = new ReentrantLock();
        int[] count = new int[1];
        VoidBody<?> increment =
            () -> {
              int before = count[0];
              checkpoint();
              count[0] = before + 1;
            };
        together(() -> around(one, increment), () -> around(other, increment));
        assertEquals(2, count[0]);
      });
    }

    @Test
    void lockingInTwoOrdersIsFound() {
      var found =
          findsEachTime(() -> {
            var one = new ReentrantLock();
            var other = new ReentrantLock();
            together(
                () ->
                    around(
                        one,
                        () -> {
                          checkpoint();
                          around(other, () -> {});
                        }),
                () ->
                    around(
                        other,
                        () -> {
                          checkpoint();
                          around(one, () -> {});
                        }));
          });
      assertInstanceOf(DeadlockException.class, found.failure());
    }
  }

  @Nested
  class Semaphores {

    private static void around(Semaphore permits, VoidBody<?> body) throws InterruptedException {
      permits.acquire();
      try {
        Every.unlessCancelled(body);
      } finally {
        permits.release();
      }
    }

    @Test
    void noMoreThanItsPermitsAtOnce() {
      every(() -> {
        var permits = new Semaphore(2);
        var room = new Room(2);
        VoidBody<?> visit = () -> around(permits, room::visit);
        together(visit, visit, visit);
        room.assertEmpty();
        assertEquals(2, permits.availablePermits());
      });
    }

    @Test
    void aFairOneServesInOrder() {
      everyOrder(() -> {
        var permits = new Semaphore(1, true);
        var line = new Line();
        VoidBody<?> visit =
            () -> {
              var me = new Object();
              line.came(me);
              around(
                  permits,
                  () -> {
                    line.served(me);
                    checkpoint();
                  });
            };
        together(visit, visit, visit);
        line.assertNobodyOvertook();
      });
    }

    @Test
    void aPermitBetweenAcquireAndTryIsFound() {
      findsByCancelling(() -> {
        var permits = new Semaphore(1);
        together(() -> {
          permits.acquire();
          checkpoint();
          permits.release();
        });
        assertEquals(1, permits.availablePermits());
      });
    }

    @Test
    void twoPermitsTakenOneByOneAreFound() {
      var found =
          findsEachTime(() -> {
            var permits = new Semaphore(2);
            VoidBody<?> both =
                () ->
                    around(
                        permits,
                        () -> {
                          checkpoint();
                          around(permits, () -> {});
                        });
            together(both, both);
          });
      assertInstanceOf(DeadlockException.class, found.failure());
    }
  }

  @Nested
  class Queues {

    @Test
    void anItemIsTakenOnceOrIsStillThere() {
      every(() -> {
        var queue = new LinkedBlockingQueue<Integer>();
        List<Integer> taken = new ArrayList<>();
        together(
            () -> taken.add(queue.take()),
            () -> taken.add(queue.take()),
            () -> {
              queue.put(1);
              try {
                checkpoint();
              } finally {
                queue.add(2);
              }
            });
        assertEquals(2, taken.size() + queue.size());
      });
    }

    @Test
    void aFullOneHoldsUpWhoPuts() {
      everyOrder(() -> {
        var queue = new LinkedBlockingQueue<Integer>(1);
        List<Integer> taken = new ArrayList<>();
        together(
            () -> {
              for (int i = 0; i < 3; i++) {
                queue.put(i);
                assertTrue(queue.size() <= 1);
              }
            },
            () -> {
              for (int i = 0; i < 3; i++) {
                taken.add(queue.take());
                checkpoint();
              }
            });
        assertEquals(List.of(0, 1, 2), taken);
      });
    }

    @Test
    void aLookBeforeTheLeapIsFound() {
      var found =
          findsEachTime(() -> {
            var queue = new LinkedBlockingQueue<>(List.of(1));
            VoidBody<?> take =
                () -> {
                  if (!queue.isEmpty()) {
                    checkpoint();
                    queue.take();
                  }
                };
            together(take, take);
          });
      assertInstanceOf(DeadlockException.class, found.failure());
    }
  }

  @Nested
  class Futures {

    @Test
    void allWhoWaitGetTheValue() {
      everyOrder(() -> {
        var future = new CompletableFuture<String>();
        together(
            () -> assertEquals("value", future.get()),
            () -> assertEquals("value", future.join()),
            () -> assertEquals("value", await(future)),
            () -> {
              checkpoint();
              future.complete("value");
            });
      });
    }

    @Test
    void theFirstOneCompletesIt() {
      everyOrder(() -> {
        var future = new CompletableFuture<Integer>();
        int[] completed = new int[1];
        List<Integer> wins = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
          int me = i;
          var _ =
              async(() -> {
                checkpoint();
                if (future.complete(me)) {
                  wins.add(me);
                  completed[0]++;
                }
              });
        }
        int value = future.join();
        assertEquals(List.of(value), wins);
        assertEquals(1, completed[0]);
      });
    }

    @Test
    void whatFollowsRunsBeforeItIsDone() {
      everyOrder(() -> {
        var future = new CompletableFuture<Integer>();
        var next = future.thenApply(value -> value + 1);
        together(() -> assertEquals(2, next.join()), () -> future.complete(1));
      });
    }

    @Test
    void oneThatNobodyCompletesIsFound() {
      var found =
          findsEachTime(() -> {
            var future = new CompletableFuture<Integer>();
            boolean[] asked = new boolean[1];
            together(
                () -> {
                  asked[0] = true;
                  future.join();
                },
                () -> {
                  if (asked[0]) {
                    future.complete(1);
                  }
                });
          });
      assertInstanceOf(DeadlockException.class, found.failure());
    }
  }

  @Nested
  class Latches {

    @Test
    void nobodyPassesBeforeAllHaveCounted() {
      everyOrder(() -> {
        var latch = new CountDownLatch(2);
        int[] counted = new int[1];
        VoidBody<?> count =
            () -> {
              checkpoint();
              counted[0]++;
              latch.countDown();
            };
        together(
            () -> {
              latch.await();
              assertEquals(2, counted[0]);
            },
            count,
            count);
      });
    }

    @Test
    void whoIsCancelledWaitsNoMore() {
      every(() -> {
        var latch = new CountDownLatch(1);
        int ended =
            together(
                () -> latch.await(),
                () -> latch.await(),
                () -> {
                  try {
                    checkpoint();
                  } finally {
                    latch.countDown();
                  }
                });
        assertTrue(ended >= 2);
        assertEquals(0, latch.getCount());
      });
    }

    @Test
    void aCountBeforeTheWorkIsFound() {
      findsEachTime(() -> {
        var latch = new CountDownLatch(1);
        int[] result = new int[1];
        together(
            () -> {
              latch.await();
              assertEquals(1, result[0]);
            },
            () -> {
              latch.countDown();
              checkpoint();
              result[0] = 1;
            });
      });
    }
  }

  @Nested
  class Yields {

    @Test
    void othersRunBetween() {
      boolean[] between = new boolean[1];
      everyOrder(() -> {
        int[] running = new int[1];
        VoidBody<?> walk =
            () -> {
              running[0]++;
              Thread.yield();
              between[0] |= running[0] == 2;
              running[0]--;
            };
        together(walk, walk);
        assertEquals(0, running[0]);
      });
      assertTrue(between[0]);
    }

    @Test
    void oneIsLikeACheckpoint() {
      VoidBody<?> yields = () -> together(() -> steps(Thread::yield), () -> steps(Thread::yield));
      VoidBody<?> checkpoints =
          () -> together(() -> steps(() -> checkpoint()), () -> steps(() -> checkpoint()));
      assertEquals(everyOrder(checkpoints), everyOrder(yields));
    }

    private static void steps(Runnable step) {
      for (int i = 0; i < 3; i++) {
        step.run();
      }
    }

    @Test
    void anUpdateAroundOneIsFound() {
      findsEachTime(() -> {
        int[] count = new int[1];
        VoidBody<?> increment =
            () -> {
              int before = count[0];
              Thread.yield();
              count[0] = before + 1;
            };
        together(increment, increment);
        assertEquals(2, count[0]);
      });
    }
  }

  @Nested
  class Monitors {

    @Test
    void oneAtATime() {
      everyOrder(() -> {
        var monitor = new Object();
        var room = new Room(1);
        VoidBody<?> visit =
            () -> {
              synchronized (monitor) {
                room.visit();
              }
            };
        together(visit, visit);
        room.assertEmpty();
      });
    }

    @Test
    void whoWaitsIsNotified() {
      everyOrder(() -> {
        var monitor = new Object();
        int[] items = new int[1];
        together(
            () -> {
              synchronized (monitor) {
                while (items[0] == 0) {
                  monitor.wait();
                }
                items[0]--;
              }
            },
            () -> {
              checkpoint();
              synchronized (monitor) {
                items[0]++;
                monitor.notify();
              }
            });
        assertEquals(0, items[0]);
      });
    }

    @Test
    void anUpdateBetweenTwoMonitorsIsFound() {
      findsEachTime(() -> {
        var monitor = new Object();
        int[] count = new int[1];
        VoidBody<?> increment =
            () -> {
              int before;
              synchronized (monitor) {
                before = count[0];
              }
              checkpoint();
              synchronized (monitor) {
                count[0] = before + 1;
              }
            };
        together(increment, increment);
        assertEquals(2, count[0]);
      });
    }

    @Test
    void aLostNotificationIsFound() {
      var found =
          findsEachTime(() -> {
            var monitor = new Object();
            together(
                () -> {
                  synchronized (monitor) {
                    monitor.wait();
                  }
                },
                () -> {
                  synchronized (monitor) {
                    monitor.notify();
                  }
                });
          });
      assertInstanceOf(DeadlockException.class, found.failure());
    }

    @Test
    void enteringInTwoOrdersIsFound() {
      var found =
          findsEachTime(() -> {
            var one = new Object();
            var other = new Object();
            together(() -> inBoth(one, other), () -> inBoth(other, one));
          });
      assertInstanceOf(DeadlockException.class, found.failure());
    }

    private static void inBoth(Object first, Object second) {
      synchronized (first) {
        checkpoint();
        synchronized (second) {
          checkpoint();
        }
      }
    }
  }
}
