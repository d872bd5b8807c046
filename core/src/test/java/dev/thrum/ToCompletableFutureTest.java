package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Tasks as `CompletableFuture`s.
@ParameterizedClass(name = "{0}")
@EnumSource
class ToCompletableFutureTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  ToCompletableFutureTest(Tidy tidy) {
    this.tidy = tidy;
  }

  @Test
  void itCompletesWithTheTask() throws Exception {
    tidy.run(() -> {
      Task<String> task =
          async(() -> {
            sleep(ofSeconds(1));
            return "value";
          });
      CompletableFuture<String> future = task.toCompletableFuture();
      CompletableFuture<Integer> length = future.thenApply(String::length);
      assertSame(future, task.toCompletableFuture());
      assertFalse(future.isDone());
      sleep(ofSeconds(1));
      assertEquals(5, await(length));
      assertEquals("value", future.join());
      assertEquals("value", task.toCompletableFuture().join());
    });
  }

  @Test
  void ofATaskThatHasEndedItIsComplete() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      Task<String> done = async(() -> "value");
      Task<?> failed =
          async(() -> {
            throw boom;
          });
      sleep(ofMillis(1));
      assertEquals("value", done.toCompletableFuture().getNow(null));
      assertSame(boom, failed.toCompletableFuture().exceptionNow());
    });
  }

  @Test
  void whoCompletesItInPlaceOfTheTaskEndsTheTask() throws Exception {
    List<Consumer<CompletableFuture<Integer>>> ways =
        List.of(
            future -> future.complete(7),
            future -> future.completeExceptionally(new IOException("no more")),
            future -> future.orTimeout(1, TimeUnit.MILLISECONDS));
    tidy.run(() -> {
      for (Consumer<CompletableFuture<Integer>> way : ways) {
        Task<Integer> task = async(() -> Channel.<Integer>rendezvous().receive());
        CompletableFuture<Integer> future = task.toCompletableFuture();
        way.accept(future);
        assertThrows(CancellationException.class, () -> await(task));
        assertTrue(future.isDone());
      }
    });
  }

  @Test
  void aFailureIsTheTasksOwnAndHasBeenHeard() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            sleep(ofMillis(1));
            throw boom;
          });
      CompletableFuture<?> future = task.toCompletableFuture();
      List<Throwable> seen = new ArrayList<>();
      var _ = future.whenComplete((_, failure) -> seen.add(failure));
      sleep(ofMillis(2));
      assertEquals(List.of(boom), seen);
      assertSame(boom, assertThrows(CompletionException.class, future::join).getCause());
      assertSame(boom, assertThrows(ExecutionException.class, future::get).getCause());
      assertSame(boom, assertThrows(IOException.class, () -> await(future)));
      checkpoint();
    });
  }

  @Test
  void aFailFastScopeHearsOfTheFailureAllTheSame() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      List<CompletableFuture<?>> futures = new ArrayList<>();
      assertSame(
          boom,
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    Task<?> task =
                        s.async(() -> {
                          throw boom;
                        });
                    futures.add(task.toCompletableFuture());
                  })));
      assertSame(boom, futures.getFirst().exceptionNow());
    });
  }

  @Test
  void aCancelledTaskIsACancelledFuture() throws Exception {
    tidy.run(() -> {
      Task<?> task = async(() -> sleep(ofHours(1)));
      CompletableFuture<?> future = task.toCompletableFuture();
      sleep(ofMillis(1));
      task.cancel("enough");
      assertFalse(future.isDone(), "the task has not ended");
      CancellationException out = assertThrows(CancellationException.class, () -> await(future));
      assertFalse(out instanceof CancelledException);
      assertTrue(future.isCancelled());
      assertEquals(Future.State.CANCELLED, future.state());
      Throwable reason = future.handle((_, thrown) -> thrown).getNow(null);
      assertTrue(reason.getMessage().contains("enough"), reason::toString);
    });
  }

  @Test
  void cancellingTheFutureCancelsTheTask() throws Exception {
    tidy.run(() -> {
      Task<?> task =
          async(() -> {
            try {
              sleep(ofHours(1));
            } catch (CancelledException e) {
              shield(() -> sleep(ofSeconds(1)));
              trail.add(e.reason());
              throw e;
            }
          });
      CompletableFuture<?> future = task.toCompletableFuture();
      sleep(ofMillis(1));
      assertTrue(future.cancel(false));
      assertTrue(future.isDone(), "as a CompletableFuture does it");
      assertFalse(task.isDone(), "it cleans up");
      assertThrows(CancellationException.class, () -> await(task));
      assertEquals(Future.State.CANCELLED, task.state());
      assertTrue(future.cancel(true), "as a CompletableFuture does it");
    });
    trail.expect("its CompletableFuture was cancelled");
  }

  @Test
  void cancellingTheFutureOnAnotherThreadCancelsTheTask() throws Exception {
    tidy.run(() -> {
      Task<?> task = async(() -> sleep(ofHours(1)));
      CompletableFuture<?> future = task.toCompletableFuture();
      blocking(() -> future.cancel(true));
      assertThrows(CancellationException.class, () -> await(task));
    });
  }

  @Test
  void cancellingAFutureThatIsCompleteDoesNothing() throws Exception {
    tidy.run(() -> {
      Task<Integer> task = async(() -> 7);
      CompletableFuture<Integer> future = task.toCompletableFuture();
      assertEquals(7, await(future));
      assertFalse(future.cancel(true));
      assertEquals(7, await(task));
    });
  }

  @Test
  void whatFailsAfterTheFutureWasCancelledGoesToTheOwner() throws Exception {
    IOException boom = new IOException("boom");
    tidy.run(() -> {
      IOException out =
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    Task<?> task =
                        s.async(() -> {
                          try {
                            sleep(ofHours(1));
                          } finally {
                            throwIt(boom);
                          }
                        });
                    CompletableFuture<?> future = task.toCompletableFuture();
                    sleep(ofMillis(1));
                    future.cancel(false);
                  }));
      assertSame(boom, out);
    });
    assertSame(
        boom,
        assertThrows(
            IOException.class,
            () ->
                VirtualTime.run(() -> {
                  CompletableFuture<?> future =
                      async(
                              () -> {
                                try {
                                  sleep(ofHours(1));
                                } finally {
                                  throwIt(boom);
                                }
                              })
                          .toCompletableFuture();
                  sleep(ofMillis(1));
                  future.cancel(false);
                })));
  }

  private static void throwIt(Exception exception) throws Exception {
    throw exception;
  }

  @Test
  void otherThreadsWaitForIt() throws Exception {
    tidy.run(() -> {
      Task<String> task =
          async(() -> {
            checkpoint();
            return "value";
          });
      assertEquals("value", blocking(() -> task.toCompletableFuture().get()));
      List<CompletableFuture<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        Task<Integer> one = async(() -> number);
        all.add(blocking(one::toCompletableFuture));
      }
      int sum = 0;
      for (CompletableFuture<Integer> one : all) {
        sum += await(one);
      }
      assertEquals(199 * 200 / 2, sum);
    });
  }

  @Test
  void whatHangsOnItRunsBeforeTheOwnerGoesOn() throws Exception {
    tidy.run(() -> {
      scope(s -> {
        var _ =
            s.async(() -> trail.add("task")).toCompletableFuture().thenRun(() -> trail.add("then"));
      });
      trail.add("owner");
    });
    trail.expect("task", "then", "owner");
  }

  @Test
  void aValueMayBeNull() throws Exception {
    tidy.run(() -> {
      CompletableFuture<?> future = async(() -> trail.add("ran")).toCompletableFuture();
      assertNull(await(future));
    });
  }

  @Test
  void aTaskThatCameJustBeforeTheEndCompletesItsFuture() throws Exception {
    List<CompletableFuture<?>> futures = new ArrayList<>();
    tidy.run(() -> {
      Loop loop = Loop.current();
      // Brought in by another thread while the loop stands still, and taken in at its end.
      Thread other =
          Thread.ofPlatform()
              .start(() -> futures.add(loop.submit(() -> sleep(ofHours(1))).toCompletableFuture()));
      while (other.isAlive()) {
        Thread.onSpinWait();
      }
    });
    CompletableFuture<Throwable> thrown =
        futures.getFirst().handle((_, failure) -> failure).orTimeout(5, TimeUnit.SECONDS);
    Throwable reason = thrown.join();
    assertInstanceOf(CancellationException.class, reason);
    assertTrue(reason.getMessage().contains("its owner has ended"), reason::toString);
  }
}
