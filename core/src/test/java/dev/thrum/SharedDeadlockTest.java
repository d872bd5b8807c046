package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import dev.thrum.sync.Event;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.RwLock;
import dev.thrum.sync.Semaphore;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Waits for locks that can never end (S10): between loops and threads.
class SharedDeadlockTest {
  private final Trail trail = new Trail();
  private final Mutex m = Mutex.create("m");
  private final Mutex n = Mutex.create("n");

  @Test
  void s10_workBesideTheLoopThatWantsWhatItsTaskHolds() {
    Async.run(() -> {
      var thrown =
          assertThrows(
              DeadlockException.class,
              () -> m.withLock(() -> blocking(() -> m.withLock(() -> trail.add("got it")))));
      assertEquals(2, thrown.waits().size(), thrown.getMessage());
      assertFalse(m.isLocked());
      blocking(() -> m.withLock(() -> trail.add("alone")));
      trail.expect("alone");
    });
  }

  @Test
  void aLoopWhoseTasksWaitForASemaphoreOrAnEventIsOpen() {
    var semaphore = Semaphore.create(0, 1);
    var event = Event.create();
    try (var together = new Together()) {
      Thread loop =
          together.loop(
              "waiting",
              () -> {
                Task<?> holder = async(() -> m.withLock(() -> event.await()));
                Task<?> waiter = async(() -> m.withLock(() -> trail.add("got it")));
                semaphore.acquire();
                holder.await();
                waiter.await();
              });
      together.thread(
          "helper",
          () -> {
            Together.eventually("the loop waits", () -> m.isLocked() && Together.isBlocked(loop));
            semaphore.release();
            event.set();
          });
    }
    trail.expect("got it");
  }

  /// Two bodies that lock in different orders; exactly one is refused, or both.
  private int refusals(Together together, boolean firstIsLoop, boolean secondIsLoop) {
    var refused = new AtomicInteger();
    var bothHold = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      Mutex first = i == 0 ? m : n;
      Mutex second = i == 0 ? n : m;
      VoidBody<Exception> body =
          () -> {
            try {
              first.withLock(() -> {
                bothHold.countDown();
                bothHold.await();
                second.withLock(() -> {});
              });
            } catch (DeadlockException e) {
              refused.incrementAndGet();
            }
          };
      if (i == 0 ? firstIsLoop : secondIsLoop) {
        together.loop("loop " + i, body);
      } else {
        together.thread("thread " + i, body);
      }
    }
    together.close();
    return refused.get();
  }

  /// Something that somebody holds, but just now nobody: it is on its way to who waits.
  private static final class Passing extends Guarded implements Held {
    private final WaitQueue queue = new WaitQueue();

    void await() {
      Party me = Party.current();
      guard();
      Waiter waiter = queue(queue, me, null);
      unguard();
      assertTrue(me.await(waiter));
      var _ = waiter.take();
    }

    void arrive() {
      guard();
      Waiter next = queue.poll();
      next.hand(null);
      unguard();
      next.wake();
    }

    @Override
    public List<Party> holders() {
      return List.of();
    }

    @Override
    public void abandonedBy(Party holder) {
      throw new AssertionError("nobody holds it");
    }
  }

  @Test
  void aLockThatAnotherThreadIsJustHandingOverIsOpen() {
    var passing = new Passing();
    try (var together = new Together()) {
      Thread loop = together.loop("waiting", passing::await);
      together.thread(
          "giver",
          () -> {
            Together.eventually("the loop waits", () -> !passing.queue.isEmpty());
            Together.eventually("it stands still", () -> Together.isBlocked(loop));
            passing.arrive();
          });
    }
  }

  @Test
  void s10_twoLoops() {
    for (int i = 0; i < 20; i++) {
      int refused = refusals(new Together(), true, true);
      assertTrue(refused >= 1, "nobody was refused");
    }
  }

  @Test
  void s10_twoThreads() {
    for (int i = 0; i < 50; i++) {
      assertTrue(refusals(new Together(), false, false) >= 1);
    }
  }

  @Test
  void s10_aLoopAndAThread() {
    for (int i = 0; i < 20; i++) {
      assertTrue(refusals(new Together(), true, false) >= 1);
    }
  }

  @Test
  void s10_aTaskOfAnotherLoopIsAwaitedAndLockComesLast() {
    var wanting = new CompletableFuture<Task<?>>();
    var holding = new CompletableFuture<TaskImpl<?>>();
    var awaited = new CountDownLatch(1);
    try (var together = new Together()) {
      together.loop(
          "wanting",
          () ->
              async(
                      "wants",
                      () -> {
                        wanting.complete(Async.current());
                        Task<?> self = Async.current();
                        blocking(() -> awaited.await());
                        while (holding.join().waitsFor() != self) {
                          sleep(ofMillis(1));
                        }
                        var thrown = assertThrows(DeadlockException.class, m::lock);
                        assertEquals(2, thrown.waits().size(), thrown.getMessage());
                      })
                  .await());
      together.loop(
          "holding",
          () ->
              m.withLock(() -> {
                holding.complete(TaskImpl.current("a test"));
                awaited.countDown();
                wanting.join().await();
              }));
    }
  }

  @Test
  void s10_aTaskOfAnotherLoopIsAwaitedAndAwaitComesLast() {
    var wanting = new CompletableFuture<TaskImpl<?>>();
    var held = new CountDownLatch(1);
    try (var together = new Together()) {
      together.loop(
          "wanting",
          () -> {
            blocking(() -> held.await());
            async(
                    "wants",
                    () -> {
                      wanting.complete(TaskImpl.current("test"));
                      m.withLock(() -> trail.add("got it"));
                    })
                .await();
          });
      together.loop(
          "holding",
          () ->
              m.withLock(() -> {
                held.countDown();
                TaskImpl<?> wants = wanting.join();
                Together.eventually("it waits", () -> wants.waitsFor() == m);
                assertThrows(DeadlockException.class, wants::await);
              }));
    }
    trail.expect("got it");
  }

  @Test
  void s10_aThreadThatHoldsTheMutexGetsATask() {
    var loops = new CompletableFuture<Loop>();
    var end = new CompletableFuture<String>();
    try (var together = new Together()) {
      together.loop(
          "loop",
          () -> {
            loops.complete(Loop.current());
            await(end);
          });
      Loop loop = loops.join();
      // The lock comes last.
      m.lock();
      Task<?> wants =
          loop.submit(() -> {
            sleep(ofMillis(20));
            m.withLock(() -> {});
          });
      var thrown = assertThrows(ExecutionException.class, wants::get);
      assertEquals(DeadlockException.class, thrown.getCause().getClass());
      // The wait of the thread comes last.
      TaskImpl<?> waits = (TaskImpl<?>) loop.submit(() -> m.withLock(() -> trail.add("got it")));
      Together.eventually("it waits", () -> waits.waitsFor() == m);
      assertThrows(DeadlockException.class, waits::get);
      m.unlock();
      waits.get();
      end.complete("");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    trail.expect("got it");
  }

  // What is no deadlock, however it looks to who walks from lock to lock

  /// A lock of either kind.
  private interface Lock {
    void with(RandomGenerator random, VoidBody<RuntimeException> body);
  }

  private static List<Lock> locks() {
    List<Lock> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      var mutex = Mutex.create("mutex " + i);
      all.add((_, body) -> mutex.withLock(body));
      var lock = RwLock.create("rwlock " + i);
      all.add((random, body) -> {
        if (random.nextBoolean()) {
          lock.withRead(body);
        } else {
          lock.withWrite(body);
        }
      });
    }
    return all;
  }

  /// Takes locks one inside the other, now and then in a child that is awaited or joined.
  private static void nest(List<Lock> locks, RandomGenerator random) {
    if (locks.isEmpty()) {
      return;
    }
    VoidBody<RuntimeException> rest = () -> nest(locks.subList(1, locks.size()), random);
    locks
        .getFirst()
        .with(
            random,
            () -> {
              if (TaskImpl.currentOrNull() == null) {
                rest.run();
              } else {
                checkpoint();
                inside(rest, random);
              }
            });
  }

  private static void inside(VoidBody<RuntimeException> rest, RandomGenerator random) {
    switch (random.nextInt(5)) {
      case 0 -> async(rest).await();
      case 1 -> scope(s -> s.async(rest));
      case 2 -> blocking(rest);
      case 3 ->
          scope(s -> {
            s.async(rest);
            checkpoint();
          });
      default -> rest.run();
    }
  }

  @Test
  void s10_locksTakenInOneOrderAreNeverRefused() {
    var seed = new AtomicLong(Seeds.next());
    List<Lock> locks = locks();
    VoidBody<RuntimeException> party =
        () -> {
          RandomGenerator random = Seeds.generator(seed.incrementAndGet());
          for (int i = 0; i < 150; i++) {
            var chosen = new TreeSet<Integer>();
            for (int j = 0; j < 3; j++) {
              chosen.add(random.nextInt(locks.size()));
            }
            nest(chosen.stream().map(locks::get).toList(), random);
          }
        };
    try (var together = new Together()) {
      for (int i = 0; i < 2; i++) {
        together.thread("thread " + i, party);
        together.loop(
            "loop " + i,
            () ->
                scope(s -> {
                  for (int task = 0; task < 3; task++) {
                    s.async(party);
                  }
                }));
      }
    }
  }
}
