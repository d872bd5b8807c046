package dev.thrum.internal;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.LogLines;
import dev.thrum.Runner;
import dev.thrum.Task;
import dev.thrum.debug.UserCode;
import dev.thrum.internal.Offload.OnCancel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls that block, and what becomes of them when nobody waits for them any more.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OffloadTest {
  private static final Duration SHORT = ofMillis(20);
  private static final Duration LONG = Duration.ofHours(1);

  private final Lane narrow = new Lane(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /// A call that no interrupt ends.
  private <T> Offload<T> stubborn(T value, Consumer<T> late, Duration grace) {
    return new Offload<>(narrow, "a stubborn call", () -> blocked(value), late, grace);
  }

  private <T> T blocked(T value) {
    begun.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        released.await();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return value;
  }

  private <T> Offload<T> simple(Offload.Call<T> body) {
    return new Offload<>(narrow, "a call", body, _ -> {}, LONG);
  }

  @Test
  void aCallThatIsLeftAloneMakesRoomForOthersAndItsLateValueIsHandedOver() throws Exception {
    LinkedBlockingQueue<String> late = new LinkedBlockingQueue<>();
    Async.run(() -> {
      Offload<String> stuck = stubborn("late", late::add, SHORT).start();
      Task<?> waiting = async(() -> stuck.await(OnCancel.WAIT));
      Task<Integer> next = async(() -> simple(() -> 2).start().await(OnCancel.WAIT));
      checkpoint();
      Async.blocking(() -> begun.await());
      waiting.cancel("enough");
      assertThrows(CancellationException.class, () -> await(waiting));
      assertEquals(2, await(next));
      assertEquals(3, simple(() -> 3).start().await(OnCancel.WAIT));
    });
    assertEquals(List.of(), List.copyOf(late));
    released.countDown();
    assertEquals("late", late.poll(10, TimeUnit.SECONDS));
  }

  private static final String LEFT_ALONE =
      "a stubborn call still runs 0 s after it was cancelled; it is left alone";

  @Test
  void inDebugModeACallThatIsLeftAloneNamesWhereItWasCalled() throws Exception {
    String said = leftAlone(true);
    assertTrue(said.startsWith(LEFT_ALONE + ". It was called" + UserCode.PLACE), said);
  }

  @Test
  void withoutDebugModeACallThatIsLeftAloneSaysHowToSeeThat() throws Exception {
    assertEquals(
        LEFT_ALONE + ". Run with THRUM_DEBUG=1 to see where it was called", leftAlone(false));
  }

  private String leftAlone(boolean debug) throws Exception {
    try (LogLines log = new LogLines()) {
      Runner.builder()
          .debug(debug)
          .run(() -> {
            Offload<String> stuck = stubborn("late", _ -> {}, SHORT);
            Task<?> waiting = async(() -> UserCode.calls(() -> stuck.start().await(OnCancel.WAIT)));
            checkpoint();
            Async.blocking(() -> begun.await());
            waiting.cancel("enough");
            assertThrows(CancellationException.class, () -> await(waiting));
            while (log.messages().isEmpty()) {
              Async.sleep(ofMillis(1)); // it is said after the caller has left
            }
          });
      assertEquals(1, log.messages().size(), log.messages()::toString);
      return log.messages().getFirst();
    } finally {
      released.countDown();
    }
  }

  @Test
  void aLaneIsNoWiderOnceACallThatWasLeftAloneHasEnded() throws Exception {
    LinkedBlockingQueue<String> late = new LinkedBlockingQueue<>();
    Async.run(() -> {
      Task<?> waiting =
          async(() -> stubborn("late", late::add, SHORT).start().await(OnCancel.WAIT));
      checkpoint();
      Async.blocking(() -> begun.await());
      waiting.cancel("enough");
      assertThrows(CancellationException.class, () -> await(waiting));
      released.countDown();
      assertEquals("late", Async.blocking(() -> late.poll(10, TimeUnit.SECONDS)));
      CountDownLatch go = new CountDownLatch(1);
      Offload<Boolean> first = simple(() -> awaited(go)).start();
      Offload<Boolean> second = simple(() -> go.getCount() == 0).start();
      go.countDown();
      assertTrue(first.await(OnCancel.WAIT));
      assertTrue(second.await(OnCancel.WAIT), "one after the other");
    });
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anInterruptOfOneCallIsNotSeenByTheNext() throws Exception {
    Async.run(() -> {
      Task<?> interrupted =
          async(() -> stubborn(1, _ -> {}, LONG).start().await(OnCancel.INTERRUPT));
      Offload<Boolean> next = simple(() -> Thread.currentThread().isInterrupted());
      checkpoint();
      Async.blocking(() -> begun.await());
      next.start();
      interrupted.cancel("enough");
      checkpoint();
      released.countDown();
      assertEquals(1, await(interrupted), "it ended all the same");
      assertFalse(next.await(OnCancel.WAIT));
    });
  }

  @Test
  void aCallThatHasNotBegunIsDropped() throws Exception {
    Async.run(() -> {
      Offload<Integer> first = stubborn(1, _ -> {}, LONG).start();
      Task<?> dropped =
          async(() -> {
            var _ =
                simple(
                        () -> {
                          throw new AssertionError("made all the same");
                        })
                    .start()
                    .await(OnCancel.WAIT);
          });
      checkpoint();
      dropped.cancel("enough");
      assertThrows(CancellationException.class, () -> await(dropped));
      released.countDown();
      assertEquals(1, first.await(OnCancel.WAIT));
      assertEquals(2, simple(() -> 2).start().await(OnCancel.WAIT));
    });
  }

  @Test
  void callsInARowNeedFewThreads() throws Exception {
    Set<Thread> threads = new HashSet<>();
    Async.run(() -> {
      for (int i = 0; i < 100; i++) {
        threads.add(Offload.call("a call", OnCancel.WAIT, () -> Thread.currentThread()));
      }
    });
    assertTrue(threads.size() < 10, () -> threads.size() + " threads");
  }
}
