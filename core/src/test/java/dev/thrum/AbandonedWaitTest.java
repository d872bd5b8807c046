package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.select;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Channel;
import dev.thrum.internal.wait.Party;
import dev.thrum.spi.TimeSource;
import dev.thrum.sync.Barrier;
import dev.thrum.sync.CapacityLimiter;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.RwLock;
import dev.thrum.sync.Semaphore;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What a wait leaves when it ends in another way than by being served or cancelled.
class AbandonedWaitTest {
  private final Channel<String> channel = Channel.rendezvous();

  /// A clock that fails as a stack that is too deep to be suspended does: in the middle of a wait.
  private static final class FailingClock implements TimeSource {
    private boolean armed;

    @Override
    public long nanoTime() {
      if (armed) {
        armed = false;
        throw new StackOverflowError("as if");
      }
      return 0;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH;
    }
  }

  @Test
  void nothingIsGivenToATaskThatFailedWhereItWaited() {
    List<VoidBody<RuntimeException>> waits =
        List.of(
            channel::receive,
            () -> select(on(channel, _ -> {})),
            () -> select(on(channel, _ -> {}), after(ofSeconds(1), () -> {})));
    run(() -> {
      for (VoidBody<RuntimeException> wait : waits) {
        fail(wait::run);
        assertFalse(channel.trySend("lost"));
        Task<?> next = async(() -> channel.send("kept"));
        assertEquals("kept", channel.receive());
        await(next);
        assertEquals(0, Inside.receivers(channel));
      }
    });
  }

  private final FailingClock clock = new FailingClock();

  private void run(VoidBody<RuntimeException> body) {
    Runner.builder().time(clock).instrument(new Instrument() {}).run(body);
  }

  private void fail(Executable wait) {
    clock.armed = true;
    assertThrows(StackOverflowError.class, wait);
  }

  /// Nobody waits for that task, since it waits for what its parent holds.
  private void failInAnotherTask(Executable wait) {
    Task<?> task = async(() -> fail(wait));
    while (!task.isDone()) {
      checkpoint();
    }
    await(task);
  }

  @Test
  void permitsGoToTheNextOne() {
    var semaphore = Semaphore.create(1);
    run(() -> {
      semaphore.acquire();
      fail(semaphore::acquire);
      Task<?> next = async(() -> semaphore.acquire());
      checkpoint();
      semaphore.release();
      await(next);
      fail(semaphore::acquire);
      semaphore.release();
      assertTrue(semaphore.tryAcquire());
    });
  }

  @Test
  void aMutexGoesToTheNextOne() {
    var mutex = Mutex.create();
    run(() -> {
      mutex.lock();
      failInAnotherTask(mutex::lock);
      Task<?> next = async(() -> mutex.withLock(() -> {}));
      checkpoint();
      mutex.unlock();
      await(next);
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void readersGoInBehindAWriterThatFailed() {
    var lock = RwLock.create();
    run(() -> {
      lock.lockWrite();
      failInAnotherTask(lock::lockWrite);
      Task<?> next = async(() -> lock.withRead(() -> {}));
      checkpoint();
      lock.unlockWrite();
      await(next);
      assertTrue(lock.tryLockWrite());
      lock.unlockWrite();
    });
  }

  @Test
  void aBarrierDoesNotCountIt() {
    var barrier = Barrier.create(2);
    run(() -> {
      fail(barrier::await);
      assertEquals(0, barrier.waiting());
      Task<Integer> other = async(() -> barrier.await());
      checkpoint();
      assertFalse(other.isDone());
      assertEquals(1, barrier.await());
      assertEquals(0, await(other));
    });
  }

  @Test
  void aTokenGoesToTheNextOne() {
    var limiter = CapacityLimiter.create(1);
    run(() -> {
      limiter.acquire();
      failInAnotherTask(limiter::acquire);
      assertEquals(0, limiter.waiting());
      Task<?> next = async(() -> limiter.withToken(() -> {}));
      checkpoint();
      limiter.release();
      await(next);
      assertEquals(0, limiter.borrowed());
    });
  }

  @Test
  void aConditionThatFailedHoldsItsMutex() {
    var mutex = Mutex.create();
    var condition = mutex.newCondition();
    run(() -> {
      mutex.lock();
      fail(condition::await);
      assertTrue(mutex.isHeldByCaller());
      condition.signal();
      mutex.unlock();
    });
  }

  @Test
  void anAwaitThatFailedIsToldOfNothing() {
    var boom = new IllegalStateException("boom");
    VoidBody<RuntimeException> body =
        () -> {
          Task<?> child =
              async(() -> {
                checkpoint();
                throw boom;
              });
          Task<String> other =
              async(() -> {
                for (int i = 0; i < 5; i++) {
                  checkpoint();
                }
                return "kept";
              });
          fail(() -> await(child));
          assertEquals("kept", await(other));
        };
    assertSame(boom, assertThrows(IllegalStateException.class, () -> run(body)));
  }

  @Test
  void whatWasTakenIsKeptWhereTheStackIsTooDeepToBeSuspended() throws Exception {
    var semaphore = Semaphore.create(1000);
    Channel<Integer> items = Channel.buffered(1000);
    var mutex = Mutex.create();
    onADeepStack(() -> {
      for (int i = 0; i < 1000; i++) {
        semaphore.acquire();
        items.send(i);
        mutex.withLock(() -> {});
      }
      assertEquals(0, semaphore.availablePermits());
      for (int i = 0; i < 1000; i++) {
        assertEquals(i, items.receive());
      }
      assertFalse(mutex.isLocked());
    });
  }

  @Test
  void aCheckpointThatFailedLeavesTheTaskOpenToCancellation() throws Exception {
    onADeepStack(() -> {
      try {
        checkpoint();
      } catch (StackOverflowError _) {
        // where frames are small enough it works
      }
      Task<?> me = Async.current();
      Thread itself = Thread.currentThread();
      Thread canceller =
          Thread.ofPlatform()
              .start(() -> {
                Crew.awaitParked(itself);
                me.cancel("enough");
              });
      assertThrows(InterruptedException.class, () -> Thread.sleep(ofSeconds(20)));
      assertDoesNotThrow(() -> canceller.join());
    });
  }

  /// Where the JDK cannot copy the stack of a virtual thread any more, if its thread lets it grow
  /// so far: a task of the portable engine has one of the JDK's.
  private static void onADeepStack(VoidBody<RuntimeException> body) throws Exception {
    var program =
        new FutureTask<>(() -> {
          Async.run(() -> dig(Engines.confined() ? 12_000 : 300, body));
          return true;
        });
    new Thread(null, program, "deep", 1L << 30).start();
    assertTrue(program.get(20, TimeUnit.SECONDS));
  }

  private static int dig(int depth, VoidBody<RuntimeException> bottom) {
    if (depth == 0) {
      bottom.run();
      return 0;
    }
    return 1 + scope(_ -> dig(depth - 1, bottom));
  }

  @Test
  void whoWaitsNoMoreDoesNotKeepWhatItWaitedFor() throws Exception {
    Thread sender = Thread.ofPlatform().start(() -> channel.send("item"));
    assertEquals("item", channel.receive());
    sender.join();
    assertNull(Inside.field(Party.current().waiter(), "on"));
    VirtualTime.run(() -> {
      async(() -> channel.send("item"));
      assertEquals("item", channel.receive());
      assertNull(Inside.field(Party.current().waiter(), "on"));
    });
  }
}
