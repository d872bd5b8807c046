package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.supervise;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.internal.Sneaky;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Errors that nobody else can be told, instruments, and debug mode.
class ErrorsConformanceTest {
  private final Trail trail = new Trail();

  /// A handler that takes down what it hears.
  private record Heard(List<String> tasks, List<Throwable> exceptions) implements ExceptionHandler {
    Heard() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    @Override
    public void handle(Task<?> task, Throwable exception) {
      tasks.add(task.name());
      exceptions.add(exception);
    }
  }

  private static Runner.Builder virtual() {
    return Runner.builder().time(new VirtualTime());
  }

  @Test
  void ex01_aFailureWithNobodyToTellGoesToTheHandlerAndTheLoopGoesOn() {
    IOException boom = new IOException("boom");
    Heard heard = new Heard();
    virtual()
        .exceptionHandler(heard)
        .run(() -> {
          supervise(s -> {
            s.async(
                "fails",
                () -> {
                  throw boom;
                });
            s.async(() -> {
              sleep(ofMillis(10));
              trail.add("sibling ends");
            });
          });
          trail.add("loop goes on");
        });
    assertEquals(List.of("fails"), heard.tasks);
    assertEquals(List.of(boom), heard.exceptions);
    trail.expect("sibling ends", "loop goes on");
  }

  @Test
  void ex01_theHandlerRunsInTheFailingTask() {
    List<String> seen = new ArrayList<>();
    virtual()
        .exceptionHandler((task, _) -> {
          assertSame(task, current());
          seen.add(task.name());
        })
        .run(() ->
            supervise(s ->
                s.async(
                    "fails",
                    () -> {
                      throw new IOException("boom");
                    })));
    assertEquals(List.of("fails"), seen);
  }

  @Test
  void ex01_aHandlerMayWaitInTheJdk() {
    // As one does that takes a lock of a logger.
    Runner.builder()
        .exceptionHandler((task, _) -> {
          try {
            Thread.sleep(5);
            trail.add(task.name() + " handled");
          } catch (InterruptedException _) {
            trail.add("interrupted");
          }
        })
        .run(() -> {
          supervise(s ->
              s.async(
                  "fails",
                  () -> {
                    throw new IOException("boom");
                  }));
          trail.add("supervise ends");
        });
    trail.expect("fails handled", "supervise ends");
  }

  @Test
  void ex01_aScopeIsNotLeftBeforeItsHandlerHasRun() {
    Runner.builder()
        .exceptionHandler((task, _) -> {
          try {
            Thread.sleep(20);
          } catch (InterruptedException _) {
            trail.add("interrupted");
          }
          trail.add(task.name() + " handled");
        })
        .run(() -> {
          supervise(s -> {
            s.async(
                "fails",
                () -> {
                  throw new IOException("boom");
                });
            s.async(() -> sleep(ofMillis(1)));
          });
          trail.add("supervise ends");
        });
    trail.expect("fails handled", "supervise ends");
  }

  @Test
  void ex01_aHandlerOfTheScopeComesBeforeThatOfTheLoop() {
    Heard loops = new Heard();
    Heard scopes = new Heard();
    virtual()
        .exceptionHandler(loops)
        .run(() ->
            supervise(
                scopes,
                s ->
                    s.async(
                        "fails",
                        () -> {
                          throw new IOException("boom");
                        })));
    assertEquals(List.of("fails"), scopes.tasks);
    assertEquals(List.of(), loops.tasks);
  }

  @Test
  void ex01_theDefaultHandlerLogsTheTaskTheLoopAndTheException() {
    IOException boom = new IOException("boom");
    try (LogLines log = new LogLines()) {
      virtual()
          .name("my loop")
          .run(() ->
              supervise(s ->
                  s.async(
                      "fails",
                      () -> {
                        throw boom;
                      })));
      assertEquals(List.of(boom), log.exceptions());
      assertTrue(log.mentions("task fails of my loop failed"), log.messages()::toString);
    }
  }

  @Test
  void ex01_aCancellationIsNeverReported() {
    Heard heard = new Heard();
    virtual()
        .exceptionHandler(heard)
        .run(() -> {
          supervise(s -> {
            Task<?> child = s.async(() -> sleep(ofSeconds(1)));
            s.async(() -> child.cancel("enough"));
          });
          background(() -> sleep(ofSeconds(1)));
          checkpoint();
        });
    assertEquals(List.of(), heard.exceptions);
  }

  @Test
  void s15_aHandlerThatFailsFallsBackToTheDefaultOne() {
    IOException boom = new IOException("boom");
    IllegalStateException broken = new IllegalStateException("the handler is broken");
    try (LogLines log = new LogLines()) {
      virtual()
          .exceptionHandler((_, _) -> {
            throw broken;
          })
          .run(() -> {
            supervise(s -> {
              s.async(
                  "fails",
                  () -> {
                    throw boom;
                  });
              s.async(() -> {
                sleep(ofMillis(1));
                trail.add("sibling ends");
              });
            });
            trail.add("loop goes on");
          });
      assertEquals(List.of(boom), log.exceptions());
      assertEquals(List.of(broken), List.of(boom.getSuppressed()), "the log shows both");
    }
    trail.expect("sibling ends", "loop goes on");
  }

  @Test
  void s15_aHandlerThatThrowsTheVeryExceptionIsNoCycle() {
    IOException boom = new IOException("boom");
    try (LogLines log = new LogLines()) {
      virtual()
          .run(() ->
              supervise(
                  (_, exception) -> {
                    throw Sneaky.sneak(exception);
                  },
                  s ->
                      s.async(() -> {
                        throw boom;
                      })));
      assertEquals(List.of(boom), log.exceptions());
      assertEquals(0, boom.getSuppressed().length);
    }
  }

  @Test
  void s15_aHandlerThatIsCancelledWhileItWaitsLosesNothing() {
    IOException boom = new IOException("boom");
    try (LogLines log = new LogLines()) {
      virtual()
          .exceptionHandler((_, _) -> sleep(ofSeconds(10)))
          .run(() ->
              supervise(s -> {
                s.async(() -> {
                  throw boom;
                });
                sleep(ofMillis(1));
                s.cancel("stop");
              }));
      assertEquals(List.of(boom), log.exceptions());
    }
  }

  // Instruments

  /// Takes every event down as a line.
  private static final class Recorder implements Instrument {
    final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void spawned(Task<?> task, long nanos) {
      events.add(at(nanos) + "spawned " + task.name());
    }

    @Override
    public void ready(Task<?> task, long nanos) {
      events.add(at(nanos) + "ready " + task.name());
    }

    @Override
    public void stepBegin(Task<?> task, long nanos) {
      events.add(at(nanos) + "begin " + task.name());
    }

    @Override
    public void stepEnd(Task<?> task, long nanos) {
      events.add(at(nanos) + "end " + task.name());
    }

    @Override
    public void blocked(Task<?> task, Object on, long nanos) {
      events.add(at(nanos) + "blocked " + task.name() + " on " + on);
    }

    @Override
    public void done(Task<?> task, long nanos) {
      events.add(at(nanos) + "done " + task.name() + " " + task.state());
    }

    private static String at(long nanos) {
      return nanos / 1_000_000 + ": ";
    }
  }

  @Test
  void instrument_hearsOfEveryEventInOrderWithItsTime() {
    Recorder recorder = new Recorder();
    virtual()
        .instrument(recorder)
        .run(() -> {
          Task<?> child = async("child", () -> sleep(ofMillis(5)));
          child.await();
        });
    assertEquals(
        List.of(
            "0: spawned main",
            "0: ready main",
            "0: begin main",
            "0: spawned child",
            "0: ready child",
            "0: blocked main on task child",
            "0: end main",
            "0: begin child",
            "0: blocked child on the end of a sleep",
            "0: end child",
            "5: ready child",
            "5: begin child",
            "5: ready main",
            "5: done child SUCCESS",
            "5: end child",
            "5: begin main",
            "5: done main SUCCESS",
            "5: end main"),
        recorder.events);
  }

  @Test
  void instrument_tellsHowTasksEnded() {
    Recorder recorder = new Recorder();
    virtual()
        .instrument(recorder)
        .run(() ->
            Async.settle(
                () -> {
                  throw new IOException("boom");
                },
                () -> {
                  current().cancel("enough");
                  checkpoint();
                  return 1;
                },
                () -> 2));
    assertEquals(
        List.of(
            "0: done task-2 FAILED",
            "0: done task-3 CANCELLED",
            "0: done task-4 SUCCESS",
            "0: done main SUCCESS"),
        recorder.events.stream().filter(event -> event.contains("done")).toList());
  }

  @Test
  void instrument_watchesFromWhenItIsAttachedUntilItIsDetached() {
    Recorder recorder = new Recorder();
    VirtualTime.run(() -> {
      Loop loop = Loop.current();
      async("before", Async::checkpoint);
      checkpoint();
      loop.attach(recorder);
      loop.attach(recorder);
      checkpoint();
      async("meanwhile", Async::checkpoint).await();
      loop.detach(recorder);
      loop.detach(recorder);
      checkpoint();
      async("after", Async::checkpoint).await();
    });
    assertEquals(
        List.of("0: spawned meanwhile", "0: done meanwhile SUCCESS"),
        recorder.events.stream()
            .filter(event -> event.contains("spawned") || event.contains("done"))
            .filter(event -> !event.contains("before"))
            .toList());
    assertFalse(recorder.events.stream().anyMatch(event -> event.contains("after")));
  }

  @Test
  void instrument_isToldOfAWaitOfTheJdkWhereThatSuspends() throws Exception {
    Recorder recorder = new Recorder();
    Runner.builder()
        .instrument(recorder)
        .run(() -> {
          async("sleeper", () -> Thread.sleep(5)).await();
        });
    boolean told =
        recorder.events.stream()
            .anyMatch(event -> event.endsWith("blocked sleeper on a call of the JDK"));
    assertEquals(Engines.confined(), told, () -> recorder.events.toString());
  }

  @Test
  void instrument_thatBlocksHoldsUpItsEventsAndNotTheLoop() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Instrument slow =
        new Instrument() {
          @Override
          public void spawned(Task<?> task, long nanos) {
            if (task.name().equals("first")) {
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            }
            seen.add(task.name());
          }
        };
    if (!Engines.confined()) {
      // Here the blocked call holds the loop, so that another thread has to end it.
      Thread.ofPlatform()
          .start(() -> {
            while (!seen.contains("main")) {
              Thread.onSpinWait();
            }
            release.countDown();
          });
    }
    Runner.builder()
        .instrument(slow)
        .run(() -> {
          async("first", Async::checkpoint);
          async("second", Async::checkpoint);
          sleep(ofMillis(10));
          if (Engines.confined()) {
            assertEquals(List.of("main"), seen, "the loop went on without it");
            release.countDown();
          }
        });
    assertEquals(List.of("main", "first", "second"), seen);
  }

  @Test
  void ex11_aBrokenInstrumentIsRemovedAndLoggedAndTheOthersGoOn() {
    IllegalStateException broken = new IllegalStateException("broken instrument");
    int[] calls = {0};
    Instrument bad =
        new Instrument() {
          @Override
          public void spawned(Task<?> task, long nanos) {
            calls[0]++;
            throw broken;
          }

          @Override
          public String toString() {
            return "the bad one";
          }
        };
    Recorder first = new Recorder();
    Recorder last = new Recorder();
    try (LogLines log = new LogLines()) {
      String value =
          virtual()
              .instrument(first)
              .instrument(bad)
              .instrument(last)
              .run(() -> {
                await(async("child", Async::checkpoint));
                return "value";
              });
      assertEquals("value", value);
      assertEquals(1, calls[0], "not called again");
      assertEquals(List.of(broken), log.exceptions());
      assertTrue(log.mentions("the bad one failed and was removed"), log.messages()::toString);
    }
    assertEquals(first.events, last.events);
    assertTrue(last.events.contains("0: done main SUCCESS"));
    assertTrue(last.events.contains("0: spawned child"));
  }

  @Test
  void ex11_aTaskSeesNothingOfABrokenInstrument() {
    Instrument bad =
        new Instrument() {
          @Override
          public void stepEnd(Task<?> task, long nanos) {
            throw new StackOverflowError("as if");
          }
        };
    try (LogLines log = new LogLines()) {
      virtual()
          .instrument(bad)
          .run(() -> {
            sleep(ofMillis(1));
            async(() -> trail.add("child")).await();
          });
      assertEquals(1, log.messages().size(), log.messages()::toString);
    }
    trail.expect("child");
  }

  // Debug mode

  @Test
  void debug_aCancellationShowsWhereItWasAskedFor() {
    virtual()
        .debug(true)
        .run(() -> {
          Task<?> sleeper = async(() -> sleep(ofSeconds(1)));
          checkpoint();
          askForTheCancellationOf(sleeper);
          CancellationException out = assertThrows(CancellationException.class, sleeper::await);
          Throwable asked = out.getCause().getSuppressed()[0];
          assertTrue(asked.getMessage().contains("cancellation was requested here"));
          assertTrue(
              Arrays.stream(asked.getStackTrace())
                  .anyMatch(frame -> frame.getMethodName().equals("askForTheCancellationOf")));
        });
  }

  private static void askForTheCancellationOf(Task<?> task) {
    task.cancel("enough");
  }

  @Test
  void debug_withoutItACancellationCostsNoStack() {
    virtual()
        .debug(false)
        .run(() -> {
          Task<?> sleeper = async(() -> sleep(ofSeconds(1)));
          checkpoint();
          askForTheCancellationOf(sleeper);
          CancellationException out = assertThrows(CancellationException.class, sleeper::await);
          assertEquals(0, out.getCause().getSuppressed().length);
        });
  }

  @Test
  void debug_aCancelledSiblingShowsWhichFailureItWas() {
    virtual()
        .debug(true)
        .run(() -> {
          List<CancelledException> seen = new ArrayList<>();
          IOException boom = new IOException("boom");
          assertThrows(
              IOException.class,
              () ->
                  scope(s -> {
                    s.async(() -> {
                      try {
                        sleep(ofSeconds(1));
                      } catch (CancelledException e) {
                        seen.add(e);
                        throw e;
                      }
                    });
                    s.async(
                        "culprit",
                        () -> {
                          throw boom;
                        });
                  }));
          assertTrue(seen.getFirst().reason().contains("culprit"), seen.getFirst().reason());
          assertTrue(seen.getFirst().reason().contains("boom"), seen.getFirst().reason());
          assertEquals(1, seen.getFirst().getSuppressed().length);
        });
  }

  @Test
  void debug_aTaskThatSwallowsItsCancellationIsNamedInTheLog() {
    try (LogLines log = new LogLines()) {
      virtual()
          .debug(true)
          .run(() -> {
            Task<String> stubborn =
                async(
                    "stubborn",
                    () -> {
                      try {
                        sleep(ofSeconds(1));
                      } catch (CancelledException _) {
                        trail.add("swallowed");
                      }
                      return "value";
                    });
            Task<?> proper =
                async(
                    "proper",
                    () -> {
                      try {
                        sleep(ofSeconds(1));
                      } finally {
                        shield(() -> sleep(ofMillis(1)));
                      }
                    });
            checkpoint();
            stubborn.cancel("stop");
            proper.cancel("stop");
            assertEquals("value", stubborn.await());
          });
      assertTrue(log.mentions("stubborn"), "not named: " + log.messages());
      assertFalse(log.mentions("proper"), log.messages()::toString);
    }
  }
}
