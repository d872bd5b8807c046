package dev.thrum;

import static dev.thrum.Async.asCompleted;
import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static dev.thrum.Async.background;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.deadline;
import static dev.thrum.Async.forEachAll;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.mapAll;
import static dev.thrum.Async.now;
import static dev.thrum.Async.parallel;
import static dev.thrum.Async.race;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.settle;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.sleepUntil;
import static dev.thrum.Async.supervise;
import static dev.thrum.Async.timeout;
import static dev.thrum.Async.timeoutOr;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.internal.Sneaky;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What is refused, what the refusal says, and that the loop goes on after it.
class BadUseTest {
  private final Trail trail = new Trail();

  /// Checks that a call is refused with a message that helps.
  private static <E extends Throwable> E refused(
      Class<E> expected, String useful, VoidBody<?> call) {
    E refusal = assertThrows(expected, call::run);
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(useful), () -> "'" + message + "' does not say '" + useful + "'");
    return refusal;
  }

  /// Runs a body, then sees whether the loop still does its work.
  private static void onALoop(VoidBody<?> body) {
    VirtualTime.run(() -> {
      try {
        body.run();
      } catch (Throwable e) {
        throw Sneaky.sneak(e);
      }
      Task<String> child =
          async(() -> {
            sleep(ofMillis(1));
            return "alive";
          });
      assertEquals("alive", child.await());
      assertEquals(0, ((LoopImpl) Loop.current()).timers.size());
    });
  }

  // Outside a loop

  @Test
  void outsideALoopEverythingSaysSo() {
    Task<String> task = VirtualTime.run(() -> async(() -> "value"));
    Map<String, VoidBody<?>> calls = new LinkedHashMap<>();
    calls.put("async(…)", () -> async(() -> {}));
    calls.put("async(…) ", () -> async("name", () -> "value"));
    calls.put("background(…)", () -> background(() -> {}));
    calls.put("background(…) ", () -> background(Restart.always(), () -> {}));
    calls.put("await(task)", () -> await(task));
    calls.put("await(stage)", () -> await(new CompletableFuture<String>()));
    calls.put("await(future)", () -> await((Future<String>) new FutureTask<>(() -> "")));
    calls.put("scope(…)", () -> scope(_ -> {}));
    calls.put("supervise(…)", () -> supervise(_ -> {}));
    calls.put("gather(…)", () -> gather(() -> {}));
    calls.put("settle(…)", () -> settle(() -> 1));
    calls.put("race(…)", () -> race(() -> 1));
    calls.put("asCompleted(…)", () -> asCompleted(List.of(task)));
    calls.put("mapAll(…)", () -> mapAll(List.of(1), 1, n -> n));
    calls.put("forEachAll(…)", () -> forEachAll(List.of(1), 1, _ -> {}));
    calls.put("timeout(…)", () -> timeout(ofMillis(1), () -> {}));
    calls.put("timeoutOr(…)", () -> timeoutOr(ofMillis(1), 1, () -> 2));
    calls.put("deadline()", () -> deadline());
    calls.put("shield(…)", () -> shield(() -> {}));
    calls.put("sleep(…)", () -> sleep(ofMillis(1)));
    calls.put("sleepUntil(…)", () -> sleepUntil(java.time.Instant.EPOCH));
    calls.put("checkpoint()", () -> checkpoint());
    calls.put("now()", () -> now());
    calls.put("current()", () -> current());
    calls.put("blocking(…)", () -> blocking(() -> {}));
    calls.put("parallel(…)", () -> parallel(() -> {}));
    calls.put("Loop.current()", () -> Loop.current());
    calls.forEach((name, call) -> {
      IllegalStateException refusal =
          refused(IllegalStateException.class, "only inside a task", call);
      assertTrue(refusal.getMessage().startsWith(name.trim()), refusal.getMessage());
      assertTrue(
          refusal.getMessage().contains(Thread.currentThread().getName()), refusal.getMessage());
      assertTrue(refusal.getMessage().contains("run(() ->"), refusal.getMessage());
    });
  }

  @Test
  void awaitAllOutsideALoopNamesItself() {
    Task<String> task = VirtualTime.run(() -> async(() -> "value"));
    IllegalStateException refusal =
        refused(IllegalStateException.class, "only inside a task", () -> awaitAll(List.of(task)));
    assertTrue(refusal.getMessage().startsWith("awaitAll(…)"), refusal.getMessage());
  }

  // Waiting that can never end

  @Test
  void aTaskThatAwaitsItself() {
    onALoop(() -> {
      Task<?> selfish =
          async(
              "selfish",
              () -> {
                refused(IllegalStateException.class, "cannot await itself", () -> await(current()));
                refused(IllegalStateException.class, "task selfish", () -> await(current()));
                trail.add("goes on");
              });
      selfish.await();
    });
    trail.expect("goes on");
  }

  @Test
  void twoTasksThatAwaitEachOther() {
    onALoop(() -> {
      List<Task<?>> both = new ArrayList<>();
      both.add(async("a", () -> both.get(1).await()));
      both.add(async("b", () -> both.get(0).await()));
      DeadlockException deadlock = assertThrows(DeadlockException.class, () -> both.get(1).await());
      assertEquals(
          List.of(
              new DeadlockException.Wait("b", "task a"), new DeadlockException.Wait("a", "task b")),
          deadlock.waits());
      assertTrue(deadlock.getMessage().contains("a waits for task b"), deadlock.getMessage());
      assertThrows(DeadlockException.class, () -> both.get(0).await());
    });
  }

  @Test
  void aLongerCycle() {
    onALoop(() -> {
      List<Task<?>> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int next = (i + 1) % 5;
        all.add(async("t" + i, () -> all.get(next).await()));
      }
      DeadlockException deadlock = assertThrows(DeadlockException.class, () -> all.get(4).await());
      assertEquals(5, deadlock.waits().size());
      assertEquals("t4", deadlock.waits().getFirst().waiter());
      for (Task<?> task : all) {
        assertThrows(DeadlockException.class, task::await);
      }
    });
  }

  @Test
  void aTaskThatAwaitsItsAncestor() {
    onALoop(() -> {
      Task<?> main = current();
      Task<?> child =
          async(
              "child",
              () ->
                  async(
                          "grandchild",
                          () ->
                              refused(
                                  DeadlockException.class,
                                  "main waits for the end of its child",
                                  () -> main.await()))
                      .await());
      child.await();
    });
  }

  @Test
  void awaitingATaskThatJoinsItsChildrenIsNoCycle() {
    onALoop(() -> {
      Task<String> owner =
          async(() -> {
            async(() -> sleep(ofMillis(5)));
            return "joined";
          });
      checkpoint();
      checkpoint();
      assertEquals("joined", owner.await());
    });
  }

  @Test
  void aCycleThroughAnOwnersJoin() {
    // The owner does not await the child, but cannot end before it.
    onALoop(() -> {
      List<Task<?>> owner = new ArrayList<>();
      owner.add(
          async(
              "owner",
              () ->
                  async(
                      "child",
                      () ->
                          refused(
                              DeadlockException.class,
                              "can only end after it",
                              () -> owner.get(0).await()))));
      owner.get(0).await();
    });
  }

  @Test
  void aCycleThroughAJoinThatIsFoundOnlyWhenNothingMoves() {
    // x waits for y; y's child waits for x: no task is in a cycle of awaits.
    DeadlockException deadlock =
        assertThrows(
            DeadlockException.class,
            () ->
                VirtualTime.run(() -> {
                  List<Task<?>> tasks = new ArrayList<>();
                  tasks.add(
                      async(
                          "x",
                          () -> {
                            checkpoint();
                            tasks.get(1).await();
                          }));
                  tasks.add(async("y", () -> async("child of y", () -> tasks.get(0).await())));
                }));
    assertFalse(deadlock.waits().isEmpty());
    assertTrue(deadlock.getMessage().contains("x waits for task y"), deadlock.getMessage());
    assertTrue(
        deadlock.getMessage().contains("child of y waits for task x"), deadlock.getMessage());
  }

  // Wrong place

  @Test
  void aFinishedScope() {
    onALoop(() -> {
      Scope[] kept = new Scope[1];
      scope(s -> {
        kept[0] = s;
      });
      for (VoidBody<?> call :
          List.<VoidBody<?>>of(
              () -> kept[0].async(() -> trail.add("never")),
              () -> kept[0].async("name", () -> trail.add("never")),
              () -> kept[0].background(() -> trail.add("never")),
              () -> kept[0].start(_ -> trail.add("never")))) {
        refused(IllegalStateException.class, "has been left", call);
      }
      assertFalse(kept[0].cancel("too late"));
      sleep(ofMillis(1));
    });
    trail.expect();
  }

  @Test
  void aFinishedTimeout() {
    onALoop(() -> {
      Timeout[] kept = new Timeout[1];
      timeout(
          ofSeconds(1),
          t -> {
            kept[0] = t;
          });
      refused(IllegalStateException.class, "has been left", () -> kept[0].reschedule(ofMillis(1)));
      refused(IllegalStateException.class, "has been left", () -> kept[0].disarm());
      assertTrue(kept[0].when().isEmpty());
    });
  }

  @Test
  void aScopeOfAnotherThread() {
    onALoop(() ->
        timeout(
            ofSeconds(1),
            t -> {
              FutureTask<String> stranger =
                  new FutureTask<>(() -> {
                    refused(WrongThreadException.class, "loop.submit(…)", () -> t.async(() -> {}));
                    refused(
                        WrongThreadException.class, "loop.submit(…)", () -> t.background(() -> {}));
                    refused(
                        WrongThreadException.class,
                        "only by a task of",
                        () -> t.reschedule(ofMillis(1)));
                    refused(WrongThreadException.class, "only by a task of", () -> t.disarm());
                    return "refused";
                  });
              Thread.ofPlatform().start(stranger);
              assertEquals("refused", await(stranger));
            }));
  }

  @Test
  void aScopeOfAnotherLoop() throws Exception {
    CompletableFuture<Scope> theirs = new CompletableFuture<>();
    CompletableFuture<String> end = new CompletableFuture<>();
    Thread other =
        Thread.ofPlatform()
            .start(() ->
                Async.run(() ->
                    scope(s -> {
                      theirs.complete(s);
                      await(end);
                    })));
    Scope scope = theirs.get(10, TimeUnit.SECONDS);
    onALoop(
        () -> refused(WrongThreadException.class, "scope's own loop", () -> scope.async(() -> {})));
    end.complete("");
    other.join();
  }

  @Test
  void aClosedLoop() {
    Loop[] closed = new Loop[1];
    Task<?>[] task = new Task<?>[1];
    Runner.builder()
        .name("closed one")
        .run(() -> {
          closed[0] = Loop.current();
          task[0] = async(() -> "value");
        });
    refused(
        RejectedExecutionException.class,
        "closed one has ended",
        () -> closed[0].submit(() -> trail.add("never")));
    onALoop(() -> {
      refused(
          RejectedExecutionException.class,
          "closed one has ended",
          () -> closed[0].submit(() -> trail.add("never")));
      assertEquals("value", await(task[0]), "a task that has ended still has its value");
    });
    trail.expect();
  }

  @Test
  void optionsInsideARunningLoop() {
    onALoop(() -> {
      Loop loop = Loop.current();
      refused(
          IllegalStateException.class,
          "a loop is running here already",
          () -> Runner.builder().name("inner").run(() -> {}));
      refused(
          IllegalStateException.class,
          "blocking(…)",
          () -> VirtualTime.run(() -> trail.add("never")));
      assertSame(loop, Async.run(() -> Loop.current()));
    });
    trail.expect();
  }

  @Test
  void anUnknownEngine() {
    String before = System.getProperty("thrum.engine");
    try {
      System.setProperty("thrum.engine", "turbo");
      refused(
          IllegalStateException.class,
          "thrum.engine is 'turbo'; it may be auto, confined or portable",
          () -> Async.run(() -> trail.add("never")));
    } finally {
      if (before == null) {
        System.clearProperty("thrum.engine");
      } else {
        System.setProperty("thrum.engine", before);
      }
    }
    trail.expect();
    onALoop(() -> {});
  }

  @Test
  void theConfinedEngineWithoutItsFlag() {
    Runner confined = Runner.builder().engine(Runner.EngineChoice.CONFINED).build();
    if (Engines.confined()) {
      assertEquals("confined", confined.run(() -> Loop.current().engineName()));
    } else {
      refused(
          IllegalStateException.class,
          "--add-opens java.base/java.lang=ALL-UNNAMED",
          () -> confined.run(() -> "never"));
    }
    assertEquals(
        "portable",
        Runner.builder()
            .engine(Runner.EngineChoice.PORTABLE)
            .run(() -> Loop.current().engineName()));
  }

  // Wrong arguments

  @Test
  void negativeDurations() {
    Duration negative = ofMillis(-1);
    onALoop(() -> {
      for (VoidBody<?> call :
          List.<VoidBody<?>>of(
              () -> sleep(negative),
              () -> timeout(negative, () -> trail.add("never")),
              () -> timeout(negative, (Timeout _) -> trail.add("never")),
              () -> timeoutOr(negative, "", () -> "never"),
              () -> shield(negative, () -> trail.add("never")),
              () -> timeout(ofSeconds(1), (Timeout t) -> t.reschedule(negative)),
              () -> Runner.builder().cancelGrace(negative),
              () -> Runner.builder().stallLimit(negative),
              () -> Restart.always().pause(negative, ofMillis(1)),
              () -> Restart.always().pause(ofMillis(1), negative))) {
        refused(IllegalArgumentException.class, "must not be negative: PT-0.001S", call);
      }
    });
    trail.expect();
  }

  @Test
  void limitsBelowOne() {
    onALoop(() -> {
      refused(
          IllegalArgumentException.class,
          "at least 1: 0",
          () -> mapAll(List.of(1), 0, _ -> trail.getClass()));
      refused(
          IllegalArgumentException.class,
          "at least 1: -3",
          () -> forEachAll(List.of(1), -3, _ -> trail.add("never")));
      refused(
          IllegalArgumentException.class, "at least 1: 0", () -> Runner.builder().blockingLimit(0));
      refused(IllegalArgumentException.class, "negative: -1", () -> Restart.always().limit(-1));
    });
    trail.expect();
  }

  @Test
  void aRaceWithoutRacers() {
    onALoop(() -> {
      refused(
          IllegalArgumentException.class,
          "at least one body",
          () -> race(List.<Body<String, RuntimeException>>of()));
      refused(
          IllegalArgumentException.class,
          "at least one body",
          () -> Async.<String, RuntimeException>race());
    });
  }

  @Test
  @SuppressWarnings("unchecked")
  void nullEverywhere() {
    VoidBody<RuntimeException> noVoid = null;
    Body<String, RuntimeException> none = null;
    VoidBodyOf<Scope, RuntimeException> noScopeBody = null;
    BodyOf<Scope, String, RuntimeException> noScopeValue = null;
    VoidBodyOf<Timeout, RuntimeException> noTimeoutBody = null;
    Body<String, RuntimeException> good =
        () -> {
          trail.add("never");
          return "";
        };
    Map<String, VoidBody<?>> calls = new LinkedHashMap<>();
    calls.put("async body", () -> async(none));
    calls.put("async void body", () -> async(noVoid));
    calls.put("async name", () -> async(null, good));
    calls.put("async named body", () -> async("name", none));
    calls.put("background body", () -> background(noVoid));
    calls.put("background restart", () -> background(null, () -> trail.add("never")));
    calls.put("background restarted body", () -> background(Restart.always(), noVoid));
    calls.put("await task", () -> await((Task<String>) null));
    calls.put("await stage", () -> await((CompletionStage<String>) null));
    calls.put("await completable", () -> await((CompletableFuture<String>) null));
    calls.put("await future", () -> await((Future<String>) null));
    calls.put("await publisher", () -> await((Flow.Publisher<String>) null));
    calls.put("await class", () -> current().await((Class<RuntimeException>) null));
    calls.put("scope body", () -> scope(noScopeBody));
    calls.put("scope valued body", () -> scope(noScopeValue));
    calls.put("supervise body", () -> supervise(noScopeBody));
    calls.put("supervise handler", () -> supervise(null, _ -> trail.add("never")));
    calls.put("gather body", () -> gather(good, none));
    calls.put("gather void body", () -> gather(() -> trail.add("never"), noVoid));
    calls.put("gather bodies", () -> gather((List<Body<String, RuntimeException>>) null));
    calls.put("settle body", () -> settle(good, none));
    calls.put("settle bodies", () -> settle((List<Body<String, RuntimeException>>) null));
    calls.put("race body", () -> race(good, none));
    calls.put("race bodies", () -> race((List<Body<String, RuntimeException>>) null));
    calls.put("awaitAll task", () -> awaitAll(Arrays.asList(current(), null)));
    calls.put("awaitAll tasks", () -> awaitAll((List<Task<String>>) null));
    calls.put("asCompleted task", () -> asCompleted(Arrays.asList(current(), null)));
    calls.put("asCompleted tasks", () -> asCompleted((List<Task<String>>) null));
    calls.put("mapAll items", () -> mapAll(null, 1, _ -> good.call()));
    calls.put("mapAll step", () -> mapAll(List.of(1), 1, null));
    calls.put("forEachAll items", () -> forEachAll(null, 1, _ -> good.call()));
    calls.put("forEachAll step", () -> forEachAll(List.of(1), 1, null));
    calls.put("timeout limit", () -> timeout(null, good));
    calls.put("timeout body", () -> timeout(ofMillis(1), none));
    calls.put("timeout scope body", () -> timeout(ofMillis(1), noTimeoutBody));
    calls.put("timeoutOr limit", () -> timeoutOr(null, "", good));
    calls.put("timeoutOr body", () -> timeoutOr(ofMillis(1), "", none));
    calls.put("shield body", () -> shield(none));
    calls.put("shield grace", () -> shield(null, good));
    calls.put("sleep duration", () -> sleep(null));
    calls.put("sleepUntil instant", () -> sleepUntil(null));
    calls.put("blocking body", () -> blocking(none));
    calls.put("parallel body", () -> parallel(none));
    calls.put("run body", () -> Async.run(none));
    calls.put("cancel reason", () -> current().cancel(null));
    calls.put(
        "scope cancel reason",
        () ->
            scope(s -> {
              s.cancel(null);
            }));
    calls.put(
        "scope async body",
        () ->
            scope(s -> {
              s.async(none);
            }));
    calls.put(
        "scope start body",
        () ->
            scope(s -> {
              s.start(null);
            }));
    calls.put("submit body", () -> Loop.current().submit(none));
    calls.put("attach instrument", () -> Loop.current().attach(null));
    calls.put("detach instrument", () -> Loop.current().detach(null));
    calls.put("builder name", () -> Runner.builder().name(null));
    calls.put("builder engine", () -> Runner.builder().engine(null));
    calls.put("builder ctrlC", () -> Runner.builder().ctrlC(null));
    calls.put("builder grace", () -> Runner.builder().cancelGrace(null));
    calls.put("builder stall limit", () -> Runner.builder().stallLimit(null));
    calls.put("builder handler", () -> Runner.builder().exceptionHandler(null));
    calls.put("builder instrument", () -> Runner.builder().instrument(null));
    calls.put("builder time", () -> Runner.builder().time(null));
    calls.put("restart pause", () -> Restart.always().pause(null, ofMillis(1)));
    calls.put("local initial", () -> TaskLocal.of(null));
    calls.put("local value", () -> TaskLocal.create().set(null));
    calls.put("local body", () -> TaskLocal.<String>create().where("", none));
    List<String> wrong = new ArrayList<>();
    onALoop(() -> {
      calls.forEach((name, call) -> {
        try {
          call.run();
          wrong.add(name + ": accepted");
        } catch (NullPointerException e) {
          if (e.getMessage() == null) {
            wrong.add(name + ": says nothing");
          }
        } catch (Throwable e) {
          wrong.add(name + ": " + e);
        }
      });
      sleep(ofMillis(1));
    });
    assertEquals(List.of(), wrong);
    trail.expect();
  }

  @Test
  void aTaskThatHasNotEndedHasNoOutcome() {
    onALoop(() -> {
      Task<?> child = async("child", () -> sleep(ofMillis(1)));
      refused(IllegalStateException.class, "task child has not ended", child::outcome);
      child.await();
      assertInstanceOf(Outcome.Success.class, child.outcome());
    });
  }

  @Test
  void aStartThatIsToldTwiceOrNever() {
    onALoop(() -> {
      scope(s -> {
        assertEquals(
            "ready",
            s.<String>start(started -> {
              started.set("ready");
              refused(IllegalStateException.class, "already", () -> started.set("again"));
            }));
        refused(
            IllegalStateException.class,
            "ended without calling set",
            () -> s.<String>start(_ -> sleep(ofMillis(1))));
      });
    });
  }

  // Recursion

  private static int deep(int left) {
    return left == 0 ? 0 : 1 + scope(_ -> deep(left - 1));
  }

  @Test
  void aVeryDeepRecursionOfScopesWorksWhereThereIsStack() throws Exception {
    FutureTask<Integer> program = new FutureTask<>(() -> Async.run(() -> deepOrOverflow(10_000)));
    Thread thread = new Thread(null, program, "deep", 1L << 30);
    thread.start();
    int reached = program.get(50, TimeUnit.SECONDS);
    // On the portable engine tasks have the stack that the JDK's scheduler gives them.
    assertTrue(reached == 10_000 || (!Engines.confined() && reached == -1), () -> "got " + reached);
  }

  private static int deepOrOverflow(int depth) {
    try {
      return deep(depth);
    } catch (StackOverflowError _) {
      return -1;
    }
  }

  @Test
  void aRecursionWithoutEndIsACleanStackOverflow() throws Exception {
    FutureTask<Throwable> program =
        new FutureTask<>(() -> {
          try {
            Async.run(() -> {
              async(() -> {
                try {
                  sleep(ofMinutes(10));
                } finally {
                  trail.add("sibling cancelled");
                }
              });
              checkpoint();
              return deep(Integer.MAX_VALUE);
            });
            return null;
          } catch (Throwable e) {
            return e;
          }
        });
    Thread thread = new Thread(null, program, "shallow", 1L << 20);
    thread.start();
    Throwable out = program.get(50, TimeUnit.SECONDS);
    assertInstanceOf(StackOverflowError.class, out);
    trail.expect("sibling cancelled");
    onALoop(() -> {});
  }

  @Test
  void aRecursionWithoutEndThatIsCaughtLeavesTheLoopAlive() throws Exception {
    FutureTask<String> program =
        new FutureTask<>(() ->
            Async.run(() -> {
              for (int i = 0; i < 3; i++) {
                assertThrows(StackOverflowError.class, () -> deep(Integer.MAX_VALUE));
                assertThrows(StackOverflowError.class, () -> deepTimeouts());
              }
              sleep(ofMillis(1));
              assertEquals(0, ((LoopImpl) Loop.current()).timers.size());
              assertNotNull(await(async(() -> "alive")));
              return "alive";
            }));
    Thread thread = new Thread(null, program, "shallow", 1L << 20);
    thread.start();
    assertEquals("alive", program.get(50, TimeUnit.SECONDS));
  }

  @Test
  void aDeepRecursionThatSuspendsNeedsNoStack() throws Exception {
    // What has been suspended lies in the heap and comes back frame by frame. On the portable
    // engine
    // a turn that comes back before the thread has parked leaves its frames on the stack.
    int waits = Engines.confined() ? 3000 : 300;
    FutureTask<String> program =
        new FutureTask<>(() ->
            VirtualTime.run(() -> {
              assertEquals(waits, deepWaits(waits));
              assertEquals(3000, deepTasks(3000));
              return "alive";
            }));
    Thread thread = new Thread(null, program, "shallow", 1L << 18);
    thread.start();
    assertEquals("alive", program.get(50, TimeUnit.SECONDS));
  }

  private static int deepWaits(int left) {
    sleep(ofMillis(1));
    return left == 0 ? 0 : 1 + shield(() -> deepWaits(left - 1));
  }

  private static int deepTasks(int left) {
    return left == 0 ? 0 : 1 + await(async(() -> deepTasks(left - 1)));
  }

  private static int deepTimeouts() throws Exception {
    return 1 + timeout(ofMinutes(10), () -> deepTimeouts());
  }
}
