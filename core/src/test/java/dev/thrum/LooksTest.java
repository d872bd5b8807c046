package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.inspect.Inspector;
import dev.thrum.sync.Event;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// A program runs the same while somebody looks at its tasks.
class LooksTest {

  /// On the portable engine a call of the JDK would hold the loop.
  private static final class Door {
    private final CountDownLatch latch = new CountDownLatch(1);
    private final Event event = Event.create("door");

    void pass() throws InterruptedException {
      if (Engines.confined()) {
        latch.await();
      } else {
        event.await();
      }
    }

    void open() {
      latch.countDown();
      event.set();
    }
  }

  private static void holdUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private static void holdUntilEnded(Thread thread) {
    holdUntil(() -> !thread.isAlive());
  }

  @Test
  void aLookAtAWokenTaskLosesNothingThatOtherThreadsSend() {
    run(() -> {
      Loop loop = Loop.current();
      Door door = new Door();
      var thread = new CompletableFuture<Thread>();
      var waiter =
          async(() -> {
            thread.complete(Thread.currentThread());
            door.pass();
          });
      checkpoint();
      Thread looked = thread.join();
      List<Task<?>> sent = new ArrayList<>();
      Thread other =
          Thread.ofPlatform()
              .start(() -> {
                sent.add(loop.submit(() -> "before"));
                door.open();
                sent.add(loop.submit(() -> "after"));
                for (int i = 0; i < 3; i++) {
                  assertTrue(looked.getStackTrace().length > 0);
                }
              });
      holdUntilEnded(other);
      timeout(
          ofSeconds(10),
          () -> {
            await(waiter);
            for (Task<?> task : sent) {
              await(task);
            }
          });
      assertEquals(2, sent.size());
    });
  }

  @Test
  void aLookGivesATaskNoSecondTurn() {
    run(() -> {
      var thread = new CompletableFuture<Thread>();
      int[] turns = new int[2];
      boolean[] over = new boolean[1];
      async(() -> {
        thread.complete(Thread.currentThread());
        for (; !over[0]; turns[0]++) {
          checkpoint();
        }
      });
      async(() -> {
        for (; !over[0]; turns[1]++) {
          checkpoint();
        }
      });
      checkpoint();
      Thread looked = thread.join();
      holdUntilEnded(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 10; i++) {
                  assertTrue(looked.getStackTrace().length > 0);
                }
              }));
      for (int i = 0; i < 100; i++) {
        checkpoint();
      }
      over[0] = true;
      assertTrue(Math.abs(turns[0] - turns[1]) <= 1, turns[0] + " turns and " + turns[1]);
    });
  }

  @Test
  void tasksThatAreNestedDeepAreToldToAPoint() {
    run(() -> nested(5_000));
  }

  private static void nested(int levels) {
    if (levels > 0) {
      await(async(() -> nested(levels - 1)));
    } else {
      String loop = "loop=" + Loop.current().name();
      for (String view : List.of("tree", "dump")) {
        String text = blocking(() -> Inspector.local().text(view, loop));
        assertTrue(text.contains("… and 4,800 more below"), text);
      }
    }
  }

  @Test
  void noNameCanControlATerminal() {
    Runner.builder()
        .name("\u001b[2J")
        .run(() -> {
          Event event = Event.create("\u009b1m");
          background(() -> {
            for (int i = 0; i < 5; i++) {
              async("\u001b[31m-" + i, () -> event.await());
            }
            scope(s -> {
              s.async("\r", () -> event.await());
            });
          });
          checkpoint();
          checkpoint();
          String only = "loop=" + URLEncoder.encode(Loop.current().name(), StandardCharsets.UTF_8);
          for (String view : List.of("ps", "tree", "top", "dump", "waits")) {
            String text = Inspector.local().text(view, only);
            assertTrue(text.lines().count() > 1, text);
            assertFalse(text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n'), text);
          }
        });
  }

  @Test
  void ofTwoLoopsOfOneNameNoTaskIsCancelledByItsNumber() throws InterruptedException {
    Runner twin = Runner.builder().name("twin").build();
    twin.run(() -> {
      CountDownLatch begun = new CountDownLatch(1);
      Event end = Event.create();
      Thread other =
          Thread.ofPlatform()
              .start(() ->
                  twin.run(() -> {
                    begun.countDown();
                    end.await();
                  }));
      holdUntil(() -> begun.getCount() == 0);
      String refusal =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Inspector.local().cancel("twin", Async.current().id(), "by mistake"))
              .getMessage();
      assertEquals(
          "there are 2 loops 'twin' with a task 1; give loops different names with"
              + " Runner.builder().name(…)",
          refusal);
      end.set();
      blocking(() -> other.join());
    });
  }

  private static void run(VoidBody<Exception> body) {
    try {
      Async.run(body);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
