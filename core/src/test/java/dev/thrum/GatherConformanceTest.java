package dev.thrum;

import static dev.thrum.Async.asCompleted;
import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.mapAll;
import static dev.thrum.Async.now;
import static dev.thrum.Async.race;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.settle;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static dev.thrum.Async.timeoutOr;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/// Several at once: `gather`, `settle`, `awaitAll`, `race`, `asCompleted`.
class GatherConformanceTest {
  private final Trail trail = new Trail();

  private String sleeper(String name, int millis) {
    try {
      sleep(ofMillis(millis));
      trail.add(name + " ends");
      return name;
    } catch (CancelledException e) {
      trail.add(name + " cancelled");
      throw e;
    }
  }

  @Test
  void ga03_settlePutsErrorsInPlace() throws Exception {
    VirtualTime.run(() -> {
      IOException boom = new IOException("boom");
      List<Outcome<String>> outcomes =
          settle(
              () -> sleeper("late", 30),
              () -> {
                throw boom;
              },
              () -> {
                current().cancel("enough");
                checkpoint();
                return "never";
              },
              () -> sleeper("soon", 10));
      assertEquals(new Outcome.Success<>("late"), outcomes.get(0));
      assertEquals(new Outcome.Failure<String>(boom), outcomes.get(1));
      assertEquals(new Outcome.Cancelled<String>("enough"), outcomes.get(2));
      assertEquals(new Outcome.Success<>("soon"), outcomes.get(3));
      assertEquals(4, outcomes.size());
    });
    trail.expect("soon ends", "late ends");
  }

  @Test
  void ga03_outcomesGiveBackWhatAwaitWouldHave() throws Exception {
    VirtualTime.run(() -> {
      IOException boom = new IOException("boom");
      List<Outcome<Integer>> outcomes =
          settle(
              () -> 7,
              () -> {
                throw boom;
              },
              () -> {
                current().cancel("enough");
                checkpoint();
                return 8;
              });
      assertEquals(7, outcomes.get(0).get());
      assertSame(boom, assertThrows(IOException.class, () -> outcomes.get(1).get()));
      CancellationException plain =
          assertThrows(CancellationException.class, () -> outcomes.get(2).get());
      assertEquals("enough", plain.getMessage());
      assertFalse(plain instanceof CancelledException, "it is not the caller's own");
    });
  }

  @Test
  void ga03_aFailureOfASettleThatIsCancelledGoesToTheHandler() throws Exception {
    IOException boom = new IOException("boom");
    List<Throwable> reported = new ArrayList<>();
    Runner.builder()
        .time(new VirtualTime())
        .exceptionHandler((_, e) -> reported.add(e))
        .run(() -> {
          Body<String, IOException> fails =
              () -> {
                throw boom;
              };
          String value =
              timeoutOr(
                  ofMillis(10), "too late", () -> settle(fails, () -> sleeper("a", 30)).toString());
          assertEquals("too late", value);
        });
    trail.expect("a cancelled");
    assertEquals(List.of(boom), reported, "nobody else can be told");
  }

  @Test
  void ga03_gatherReturnsValuesInTheOrderOfTheBodies() throws Exception {
    VirtualTime.run(() -> {
      assertEquals(
          List.of("a", "b", "c"),
          gather(() -> sleeper("a", 30), () -> sleeper("b", 10), () -> sleeper("c", 20)));
    });
    trail.expect("b ends", "c ends", "a ends");
  }

  @Test
  void ga04_cancellingTheCallerCancelsAllChildrenOfGather() throws Exception {
    VirtualTime.run(() -> {
      Task<?> gathering =
          async(
              () -> gather(() -> sleeper("a", 30), () -> sleeper("b", 5), () -> sleeper("c", 20)));
      sleep(ofMillis(10));
      assertTrue(gathering.cancel("stop"));
      assertThrows(CancellationException.class, gathering::await);
      assertEquals(new Outcome.Cancelled<>("stop"), gathering.outcome());
    });
    trail.expect("b ends", "a cancelled", "c cancelled");
  }

  @Test
  void ga04_cancellationComesOutOfSettleToo() throws Exception {
    VirtualTime.run(() -> {
      Task<?> settling = async(() -> settle(() -> sleeper("a", 30), () -> sleeper("b", 20)));
      sleep(ofMillis(10));
      settling.cancel("stop");
      assertThrows(CancellationException.class, settling::await);
      assertEquals(Future.State.CANCELLED, settling.state());
    });
    trail.expect("a cancelled", "b cancelled");
  }

  @Test
  void ga04_aTimeoutCancelsAllChildrenOfSettle() throws Exception {
    VirtualTime.run(() -> {
      assertThrows(
          TimeoutException.class,
          () ->
              timeout(ofMillis(10), () -> settle(() -> sleeper("a", 30), () -> sleeper("b", 20))));
    });
    trail.expect("a cancelled", "b cancelled");
  }

  @Test
  void ga04_cancellingTheCallerCancelsAllTasksOfAwaitAll() throws Exception {
    VirtualTime.run(() -> {
      List<Task<String>> tasks =
          List.of(
              async(() -> sleeper("a", 30)),
              async(() -> sleeper("b", 5)),
              async(() -> sleeper("c", 20)));
      Task<?> gathering = async(() -> awaitAll(tasks));
      sleep(ofMillis(10));
      gathering.cancel("stop");
      assertThrows(CancellationException.class, gathering::await);
      assertEquals(
          List.of(Future.State.CANCELLED, Future.State.SUCCESS, Future.State.CANCELLED),
          tasks.stream().map(Future::state).toList());
    });
    trail.expect("b ends", "a cancelled", "c cancelled");
  }

  @Test
  void ga04_cancellingTheCallerCancelsAllRacersAndElements() throws Exception {
    VirtualTime.run(() -> {
      Task<?> racing = async(() -> race(() -> sleeper("a", 30), () -> sleeper("b", 20)));
      Task<?> mapping = async(() -> mapAll(List.of("c", "d", "e"), 2, name -> sleeper(name, 40)));
      sleep(ofMillis(10));
      racing.cancel("stop");
      mapping.cancel("stop");
      assertThrows(CancellationException.class, racing::await);
      assertThrows(CancellationException.class, mapping::await);
    });
    trail.expect("a cancelled", "b cancelled", "c cancelled", "d cancelled");
  }

  @Test
  void ga04_aFailureInTheCleanupOfACancelledGatherComesOut() throws Exception {
    IOException broken = new IOException("cleanup failed");
    VirtualTime.run(() -> {
      Task<?> gathering = async(() -> gather(() -> sleeper("a", 30), () -> failsInCleanup(broken)));
      sleep(ofMillis(10));
      gathering.cancel("stop");
      assertSame(broken, assertThrows(IOException.class, () -> gathering.await(IOException.class)));
    });
    trail.expect("a cancelled");
  }

  @Test
  void ga04_aFailureInTheCleanupOfACancelledAwaitAllIsNotLost() throws Exception {
    IOException broken = new IOException("cleanup failed");
    List<Throwable> reported = new ArrayList<>();
    Throwable out =
        thrownBy(() ->
            Runner.builder()
                .time(new VirtualTime())
                .exceptionHandler((_, e) -> reported.add(e))
                .run(() -> {
                  Task<?> task = async(() -> failsInCleanup(broken));
                  scope(s -> {
                    async(() -> {
                      sleep(ofMillis(10));
                      s.cancel("stop");
                    });
                    awaitAll(List.of(task));
                  });
                }));
    assertTrue(
        reported.contains(broken) || mentions(out, broken),
        "neither thrown nor reported; out came " + out);
  }

  private static Throwable thrownBy(VoidBody<?> body) {
    try {
      body.run();
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  private static boolean mentions(Throwable thrown, Throwable sought) {
    return thrown != null
        && (thrown == sought
            || mentions(thrown.getCause(), sought)
            || Arrays.stream(thrown.getSuppressed()).anyMatch(one -> mentions(one, sought)));
  }

  private static String failsInCleanup(IOException broken) throws IOException {
    try {
      sleep(ofSeconds(1));
    } catch (CancelledException _) {
      throw broken;
    }
    return "never";
  }

  @Test
  void ga04_theFirstFailureCancelsTheOthersAndComesOutOnceTheyAreJoined() throws Exception {
    VirtualTime.run(() -> {
      IOException first = new IOException("first");
      IOException second = new IOException("second");
      IOException out =
          assertThrows(
              IOException.class,
              () ->
                  gather(
                      () -> {
                        sleep(ofMillis(10));
                        throw first;
                      },
                      () -> failsInCleanup(second),
                      () -> {
                        try {
                          return sleeper("c", 30);
                        } finally {
                          shield(() -> sleep(ofMillis(50)));
                          trail.add("c cleaned up");
                        }
                      }));
      trail.add("gather ends");
      assertSame(first, out);
      assertEquals(List.of(second), List.of(out.getSuppressed()));
    });
    trail.expect("c cancelled", "c cleaned up", "gather ends");
  }

  @Test
  void ga05_cancellingWhatHasEndedIsRefusedAndTheResultDelivered() throws Exception {
    VirtualTime.run(() -> {
      Task<List<Integer>> gathering = async(() -> gather(() -> 1, () -> 2));
      sleep(ofMillis(10));
      assertFalse(gathering.cancel("too late"));
      assertFalse(gathering.cancel(true));
      assertEquals(List.of(1, 2), gathering.await());
      assertEquals(Future.State.SUCCESS, gathering.state());
      assertFalse(gathering.isCancelled());
    });
  }

  @Test
  void ga05_childrenThatAllEndedBeforeTheCancellationAreDelivered() throws Exception {
    VirtualTime.run(() -> {
      List<Task<Integer>> inner = new ArrayList<>();
      Task<List<Integer>> gathering =
          async(() -> {
            List<Integer> values =
                gather(
                    () -> {
                      inner.add(null);
                      return 1;
                    },
                    () -> {
                      inner.add(null);
                      return 2;
                    });
            trail.add("gathered " + values);
            assertThrows(CancelledException.class, Async::checkpoint);
            return values;
          });
      async(() -> {
        while (inner.size() < 2) {
          checkpoint();
        }
        assertTrue(gathering.cancel("just too late"));
      });
      assertEquals(List.of(1, 2), gathering.await());
    });
    trail.expect("gathered [1, 2]");
  }

  @Test
  void ga06_theSameTaskTwiceRunsOnceAndFillsBothPlaces() throws Exception {
    VirtualTime.run(() -> {
      Task<String> one = async(() -> sleeper("a", 10));
      Task<String> other = async(() -> sleeper("b", 5));
      assertEquals(List.of("a", "b", "a"), awaitAll(List.of(one, other, one)));
    });
    trail.expect("b ends", "a ends");
  }

  @Test
  void ga06_theSameBodyTwiceRunsTwice() throws Exception {
    VirtualTime.run(() -> {
      Body<String, RuntimeException> body = () -> sleeper("a", 10);
      assertEquals(List.of("a", "a"), gather(List.of(body, body)));
    });
    trail.expect("a ends", "a ends");
  }

  @Test
  void ga06_nothingToWaitForIsDoneAtOnce() throws Exception {
    VirtualTime.run(() -> {
      var before = now();
      async(() -> trail.add("another task"));
      assertEquals(List.of(), gather(List.<Body<String, RuntimeException>>of()));
      assertEquals(List.of(), settle(List.<Body<String, RuntimeException>>of()));
      assertEquals(List.of(), awaitAll(List.<Task<String>>of()));
      assertEquals(List.of(), mapAll(List.<String>of(), 1, name -> name));
      trail.add("still the same step");
      assertEquals(before, now());
    });
    trail.expect("still the same step", "another task");
  }

  @Test
  void ga06_nothingToWaitForStillLooksForACancellation() throws Exception {
    VirtualTime.run(() -> {
      Task<?> task =
          async(() -> {
            current().cancel("stop");
            gather(List.<Body<String, RuntimeException>>of());
            trail.add("not reached");
          });
      assertThrows(CancellationException.class, task::await);
    });
    trail.expect();
  }

  @Test
  void ga06_tasksOfTwoLoopsCanBeAwaitedTogether() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    List<Task<String>> elsewhere = new ArrayList<>();
    Thread other =
        Thread.ofPlatform()
            .start(() ->
                Async.run(() -> {
                  Task<String> task =
                      async(() -> {
                        sleep(ofMillis(20));
                        return "theirs";
                      });
                  elsewhere.add(task);
                  started.countDown();
                  task.await();
                }));
    started.await();
    Async.run(() -> {
      Task<String> here = async(() -> "ours");
      assertEquals(List.of("theirs", "ours"), awaitAll(List.of(elsewhere.getFirst(), here)));
    });
    other.join();
  }

  @Test
  void ga06_aBadArgumentStartsNothing() throws Exception {
    VirtualTime.run(() -> {
      Body<String, RuntimeException> good = () -> sleeper("started", 1);
      List<Body<String, RuntimeException>> bodies = Arrays.asList(good, null);
      assertThrows(NullPointerException.class, () -> gather(bodies));
      assertThrows(NullPointerException.class, () -> settle(bodies));
      assertThrows(NullPointerException.class, () -> race(bodies));
      assertThrows(IllegalArgumentException.class, () -> mapAll(List.of(1), 0, _ -> good.call()));
      sleep(ofMillis(10));
    });
    trail.expect();
  }

  @Test
  void wa01_waitingForNothingIsNoErrorAndRacingNothingIsOne() throws Exception {
    VirtualTime.run(() -> {
      for (Task<?> task : asCompleted(List.<Task<String>>of())) {
        trail.add("got " + task);
      }
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> race(List.<Body<String, RuntimeException>>of()));
      assertTrue(refused.getMessage().contains("at least one"), refused.getMessage());
    });
    trail.expect();
  }

  @Test
  void wa01_aTimeoutAroundAWaitCancelsNoTask() throws Exception {
    VirtualTime.run(() -> {
      List<Task<String>> tasks =
          List.of(async(() -> sleeper("a", 5)), async(() -> sleeper("b", 20)));
      List<String> inTime = new ArrayList<>();
      boolean all =
          timeoutOr(
              ofMillis(10),
              false,
              () -> {
                for (Task<? extends String> task : asCompleted(tasks)) {
                  inTime.add(task.await());
                }
                return true;
              });
      assertFalse(all);
      assertEquals(List.of("a"), inTime);
      assertEquals(Future.State.RUNNING, tasks.get(1).state());
      assertEquals("b", tasks.get(1).await());
    });
    trail.expect("a ends", "b ends");
  }

  @Test
  void wa01_aTimeoutOfZeroTakesWhatIsDone() throws Exception {
    VirtualTime.run(() -> {
      Task<String> task = async(() -> sleeper("a", 5));
      assertEquals("fallback", timeoutOr(ZERO, "fallback", task::await));
      assertEquals("a", task.await());
    });
    trail.expect("a ends");
  }

  @Test
  void wa02_everythingThatIsDoneAtWakeUpComesWithoutAnotherWait() throws Exception {
    VirtualTime.run(() -> {
      List<Task<String>> tasks =
          List.of(
              async(() -> sleeper("a", 10)),
              async(() -> sleeper("b", 10)),
              async(() -> sleeper("c", 10)),
              async(() -> sleeper("d", 20)));
      var each = asCompleted(tasks).iterator();
      assertSame(tasks.get(0), each.next());
      assertEquals(List.of(true, true, true, false), tasks.stream().map(Future::isDone).toList());
      async(() -> trail.add("another task"));
      assertSame(tasks.get(1), each.next());
      assertSame(tasks.get(2), each.next());
      trail.add("no wait so far");
      assertSame(tasks.get(3), each.next());
      assertFalse(each.hasNext());
    });
    trail.expect("a ends", "b ends", "c ends", "no wait so far", "another task", "d ends");
  }

  @Test
  void wa02_ofTwoThatSucceedInTheSameTurnTheFirstWinsTheRace() throws Exception {
    VirtualTime.run(() ->
        assertEquals(
            "b", race(() -> sleeper("a", 20), () -> sleeper("b", 10), () -> sleeper("c", 10))));
    trail.expect("b ends", "c ends", "a cancelled");
  }

  @Test
  void wa04_cancellingTheWaiterLeavesTheTasksAlone() throws Exception {
    VirtualTime.run(() -> {
      List<Task<String>> tasks =
          List.of(async(() -> sleeper("a", 20)), async(() -> sleeper("b", 30)));
      Task<?> iterating = async(() -> asCompleted(tasks).iterator().next());
      Task<?> awaiting = async(() -> await(tasks.get(1)));
      sleep(ofMillis(10));
      iterating.cancel("stop");
      awaiting.cancel("stop");
      assertThrows(CancellationException.class, iterating::await);
      assertThrows(CancellationException.class, awaiting::await);
      assertEquals(List.of("a", "b"), awaitAll(tasks));
    });
    trail.expect("a ends", "b ends");
  }

  @Test
  void ac01_theSameTasksComeOutInTheOrderInWhichTheyEnd() throws Exception {
    VirtualTime.run(() -> {
      Task<String> a = async(() -> sleeper("a", 30));
      Task<String> b = async(() -> sleeper("b", 10));
      Task<String> c = async(() -> sleeper("c", 20));
      List<Task<? extends String>> order = new ArrayList<>();
      asCompleted(List.of(a, b, c)).forEach(order::add);
      assertEquals(3, order.size());
      assertSame(b, order.get(0));
      assertSame(c, order.get(1));
      assertSame(a, order.get(2));
    });
  }

  @Test
  void ac01_duplicatesComeOnce() throws Exception {
    VirtualTime.run(() -> {
      Task<String> a = async(() -> sleeper("a", 20));
      Task<String> b = async(() -> sleeper("b", 10));
      List<Task<? extends String>> order = new ArrayList<>();
      asCompleted(List.of(a, b, a, b, a)).forEach(order::add);
      assertEquals(List.of(b, a), order);
    });
  }

  @Test
  void ac01_tasksThatHaveEndedBeforeComeFirst() throws Exception {
    VirtualTime.run(() -> {
      Task<String> running = async(() -> sleeper("running", 20));
      Task<String> ended = async(() -> sleeper("ended", 5));
      sleep(ofMillis(10));
      List<Task<? extends String>> order = new ArrayList<>();
      asCompleted(List.of(running, ended)).forEach(order::add);
      assertEquals(List.of(ended, running), order);
    });
  }

  @Test
  void ac01_aFailedTaskComesLikeAnyOtherAndFailsWhereItIsAwaited() throws Exception {
    VirtualTime.run(() -> {
      IOException boom = new IOException("boom");
      Task<?> fails =
          async(() -> {
            sleep(ofMillis(10));
            throw boom;
          });
      Task<?> works = async(() -> sleeper("works", 20));
      List<Object> seen = new ArrayList<>();
      for (Task<?> task : asCompleted(List.of(works, fails))) {
        try {
          seen.add(await(task));
        } catch (Exception e) {
          seen.add(e);
        }
      }
      assertEquals(List.of(boom, "works"), seen);
    });
  }

  @Test
  void ac01_itCanBeIteratedOnceAndByItsOwnTaskOnly() throws Exception {
    VirtualTime.run(() -> {
      Task<String> a = async(() -> sleeper("a", 20));
      Iterable<Task<? extends String>> once = asCompleted(List.of(a));
      var iterator = once.iterator();
      IllegalStateException again = assertThrows(IllegalStateException.class, once::iterator);
      assertTrue(again.getMessage().contains("once"), again.getMessage());
      Task<?> stranger = async(() -> iterator.next());
      IllegalStateException elsewhere = assertThrows(IllegalStateException.class, stranger::await);
      assertTrue(elsewhere.getMessage().contains("belongs to"), elsewhere.getMessage());
      assertSame(a, iterator.next());
      assertThrows(java.util.NoSuchElementException.class, iterator::next);
    });
  }

  @Test
  void race_theFirstSuccessWinsAndTheLosersAreCancelledAndJoined() throws Exception {
    VirtualTime.run(() -> {
      String first =
          race(
              () -> {
                throw new IOException("fails first, wins nothing");
              },
              () -> sleeper("a", 10),
              () -> {
                try {
                  return sleeper("b", 20);
                } finally {
                  shield(() -> sleep(ofMillis(30)));
                  trail.add("b cleaned up");
                }
              });
      trail.add("won by " + first);
    });
    trail.expect("a ends", "b cancelled", "b cleaned up", "won by a");
  }

  @Test
  void race_ifAllFailTheFirstFailureComesOutWithTheOthers() throws Exception {
    VirtualTime.run(() -> {
      IOException one = new IOException("one");
      IOException two = new IOException("two");
      IOException out =
          assertThrows(
              IOException.class,
              () ->
                  race(
                      () -> {
                        sleep(ofMillis(10));
                        throw one;
                      },
                      () -> {
                        throw two;
                      }));
      List<Throwable> all = new ArrayList<>(List.of(out.getSuppressed()));
      all.add(out);
      assertEquals(2, all.size());
      assertTrue(all.containsAll(List.of(one, two)), () -> "lost one: " + all);
      assertSame(two, out, "it failed first");
    });
  }

  @Test
  void race_whatALoserThrowsInItsCleanupGoesToTheHandler() throws Exception {
    IOException broken = new IOException("cleanup failed");
    List<Throwable> reported = new ArrayList<>();
    Runner.builder()
        .time(new VirtualTime())
        .exceptionHandler((_, e) -> reported.add(e))
        .run(() -> {
          assertEquals("a", race(() -> sleeper("a", 10), () -> failsInCleanup(broken)));
        });
    assertEquals(List.of(broken), reported);
  }

  @Test
  void race_aNullIsAValueToo() throws Exception {
    VirtualTime.run(() -> {
      Body<String, RuntimeException> nothing = () -> null;
      assertNull(race(nothing, () -> sleeper("a", 10)));
    });
    trail.expect("a cancelled");
  }

  @Test
  void mapAll_runsAtMostSoManyAndTakesElementsAsRoomComes() throws Exception {
    VirtualTime.run(() -> {
      int[] running = {0};
      int[] most = {0};
      List<Integer> squares =
          mapAll(
              List.of(1, 2, 3, 4, 5, 6),
              2,
              n -> {
                most[0] = Math.max(most[0], ++running[0]);
                sleep(ofMillis(10 - n));
                running[0]--;
                return n * n;
              });
      assertEquals(List.of(1, 4, 9, 16, 25, 36), squares);
      assertEquals(2, most[0]);
    });
  }

  @Test
  void mapAll_theFirstFailureCancelsTheOthersAndTakesNoMoreElements() throws Exception {
    VirtualTime.run(() -> {
      List<Integer> taken = new ArrayList<>();
      assertInstanceOf(
          IOException.class,
          assertThrows(
              Throwable.class,
              () ->
                  mapAll(
                      List.of(1, 2, 3, 4),
                      2,
                      n -> {
                        taken.add(n);
                        if (n == 2) {
                          throw new IOException("two");
                        }
                        return sleeper("n" + n, 20);
                      })));
      assertEquals(List.of(1, 2), taken);
    });
    trail.expect("n1 cancelled");
  }
}
