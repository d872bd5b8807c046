package dev.thrum.search;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.Loop;
import dev.thrum.VoidBody;
import dev.thrum.testkit.ExploreOptions;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Shared;
import dev.thrum.testkit.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/// What cannot be controlled is named, and nothing is called exhaustive then.
final class UncontrolledTest {
  private static final ExploreOptions FEW = Explorer.options().schedules(20).progress(_ -> {});

  private static int calls;

  private static String notes(VoidBody<?> body) {
    Verdict verdict = Explorer.explore(FEW, body);
    Verdict.Passed passed = assertInstanceOf(Verdict.Passed.class, verdict, verdict::report);
    assertNotEquals(Verdict.Coverage.EXHAUSTIVE, passed.coverage());
    return passed.uncontrolled().toString();
  }

  private static void assumeConfined() {
    assumeTrue("confined".equals(System.getProperty("thrum.engine")));
  }

  @Test
  void aSleepOfTheJdkIsNamedWithItsLine() {
    assumeConfined();
    String notes =
        notes(() -> {
          async(() -> Thread.sleep(1));
          checkpoint();
        });
    assertTrue(notes.contains("Thread.sleep at UncontrolledTest.java:"), notes);
  }

  @Test
  void workOutsideTheLoopIsNamed() {
    String notes =
        notes(() -> {
          async("caller", () -> blocking(() -> 1));
          checkpoint();
        });
    assertTrue(notes.contains("caller at UncontrolledTest.java:"), notes);
    assertTrue(notes.contains("blocking work"), notes);
  }

  @Test
  void anotherThreadIsNamed() {
    String notes =
        notes(() -> {
          Loop loop = Loop.current();
          CompletableFuture<Integer> answer = new CompletableFuture<>();
          Thread.ofPlatform()
              .name("intruder")
              .start(() -> {
                loop.submit(() -> {});
                answer.complete(1);
              });
          await(answer);
        });
    assertTrue(notes.contains("another thread: intruder sent something to the loop"), notes);
  }

  @Test
  void whatAnEarlierRunHasLeftIsNoticed() {
    calls = 0;
    String notes =
        notes(() -> {
          if (calls++ % 2 == 0) {
            async(() -> checkpoint());
            async(() -> checkpoint());
          }
          checkpoint();
        });
    assertTrue(notes.contains("nondeterminism"), notes);
  }

  @Test
  void aWaitOfTheJdkIsNoReducedSearch() {
    assumeConfined();
    Verdict verdict =
        Explorer.explore(
            FEW.schedules(2_000).sharedOnly(),
            () -> {
              Shared<Integer> count = Shared.of(0);
              ReentrantLock lock = new ReentrantLock();
              for (int i = 0; i < 2; i++) {
                async(() -> {
                  lock.lock();
                  try {
                    checkpoint();
                    count.update(n -> n + 1);
                  } finally {
                    lock.unlock();
                  }
                });
              }
            });
    Verdict.Passed passed = assertInstanceOf(Verdict.Passed.class, verdict, verdict::report);
    assertNotEquals(Verdict.Coverage.EXHAUSTIVE, passed.coverage());
  }

  @Test
  void aFutureThatATaskCompletesIsUnderControl() {
    Verdict verdict =
        Explorer.explore(
            FEW.schedules(2_000),
            () -> {
              CompletableFuture<Integer> answer = new CompletableFuture<>();
              async(() -> {
                checkpoint();
                answer.complete(1);
              });
              assertEquals(1, await(answer));
            });
    Verdict.Passed passed = assertInstanceOf(Verdict.Passed.class, verdict, verdict::report);
    assertEquals(Verdict.Coverage.EXHAUSTIVE, passed.coverage(), passed::report);
  }

  @Test
  void anExplorationInsideATaskIsRefused() {
    IllegalStateException refused =
        org.junit.jupiter.api.Assertions.assertThrows(
            IllegalStateException.class,
            () -> dev.thrum.Async.run(() -> Explorer.explore(() -> {})));
    assertTrue(String.valueOf(refused.getMessage()).contains("cannot be called inside a task"));
  }

  @Test
  void aLoopThatNeverEndsIsALivelock() {
    Verdict verdict =
        Explorer.explore(
            FEW.steps(500),
            () -> {
              async(
                  "spinner",
                  () -> {
                    while (true) {
                      checkpoint();
                    }
                  });
            });
    Verdict.Failed failed = assertInstanceOf(Verdict.Failed.class, verdict);
    assertTrue(failed.report().contains("livelock"), failed::report);
    assertTrue(failed.report().contains("spinner"), failed::report);
  }

  @Test
  void aStepThatNeverEndsIsALivelock() {
    Verdict verdict =
        Explorer.explore(
            FEW,
            () -> {
              var glutton =
                  async(
                      "glutton",
                      () -> {
                        while (true) {
                          try {
                            checkpoint();
                          } catch (dev.thrum.CancelledException _) {
                            // and goes on
                          }
                        }
                      });
              checkpoint();
              glutton.cancel("enough");
            });
    Verdict.Failed failed = assertInstanceOf(Verdict.Failed.class, verdict);
    assertTrue(failed.report().contains("one step of glutton"), failed::report);
  }

  @Test
  void aVirtualThreadMayExplore() throws InterruptedException {
    Verdict[] verdict = new Verdict[1];
    Thread.ofVirtual().start(() -> verdict[0] = Explorer.explore(FEW, () -> checkpoint())).join();
    assertTrue(verdict[0].passed());
  }
}
