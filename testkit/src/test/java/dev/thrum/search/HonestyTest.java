package dev.thrum.search;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.Task;
import dev.thrum.VoidBody;
import dev.thrum.channel.Channel;
import dev.thrum.testkit.ExploreOptions;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Shared;
import dev.thrum.testkit.Tasks;
import dev.thrum.testkit.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What a verdict says is so.
final class HonestyTest {
  private static final ExploreOptions OPTIONS =
      Explorer.options().schedules(3_000).progress(_ -> {});

  private static Verdict.Failed fails(ExploreOptions options, VoidBody<?> body) {
    Verdict verdict = Explorer.explore(options, body);
    return assertInstanceOf(Verdict.Failed.class, verdict, verdict::report);
  }

  private static Verdict.Passed passes(ExploreOptions options, VoidBody<?> body) {
    Verdict verdict = Explorer.explore(options, body);
    return assertInstanceOf(Verdict.Passed.class, verdict, verdict::report);
  }

  private static void repeats(Verdict.Failed found, VoidBody<?> body) {
    assertFalse(found.replay().isEmpty(), found::report);
    assertFalse(Explorer.replay(found.replay(), body).passed());
  }

  @Test
  void aFailureThatAChoiceDecidesIsRepeated() {
    VoidBody<RuntimeException> body = () -> assertNotEquals(2, Explorer.choose(3));
    Verdict.Failed found = fails(OPTIONS, body);
    repeats(found, body);
    assertTrue(found.report().contains("falls on 2"), found::report);
  }

  @Test
  void aFailureThatASelectDecidesIsRepeated() {
    VoidBody<RuntimeException> body =
        () -> {
          Channel<Integer> one = Channel.buffered(1);
          Channel<Integer> two = Channel.buffered(1);
          one.send(1);
          two.send(2);
          int first = select(on(one, value -> value), on(two, value -> value));
          assertEquals(1, first);
        };
    repeats(fails(OPTIONS, body), body);
  }

  @Test
  void aRaceBehindAThousandStepsIsOneDelayAway() {
    fails(
        OPTIONS.strategy(Explorer.Strategy.ONE_DELAY),
        () -> {
          for (int i = 0; i < 1_200; i++) {
            checkpoint();
          }
          Shared<Integer> order = Shared.of(0);
          var first = async(() -> order.update(n -> n * 10 + 1));
          var second = async(() -> order.update(n -> n * 10 + 2));
          await(first);
          await(second);
          assertEquals(12, order.get());
        });
  }

  @Test
  void whoWaitsForAllOthersIsNoReasonToLeaveOrdersOut() {
    TreeSet<Integer> every = new TreeSet<>();
    TreeSet<Integer> some = new TreeSet<>();
    passes(OPTIONS.strategy(Explorer.Strategy.EVERY_ORDER), () -> every.add(afterAllOthers()));
    passes(
        OPTIONS.strategy(Explorer.Strategy.EVERY_ORDER).sharedOnly(),
        () -> some.add(afterAllOthers()));
    assertEquals(every, some);
    assertEquals(2, every.size());
  }

  private static int afterAllOthers() {
    Shared<Integer> order = Shared.of(0);
    List<Task<?>> tasks = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      int number = i;
      tasks.add(
          async(() -> {
            Tasks.waitAllBlocked();
            order.update(n -> n * 10 + number);
          }));
    }
    tasks.forEach(Task::await);
    return order.get();
  }

  @Test
  void aFailureOfTheRepetitionIsNotExhaustive() {
    int[] runs = new int[1];
    Verdict.Passed passed =
        passes(
            OPTIONS,
            () -> {
              if (++runs[0] == 2) {
                throw new IllegalStateException("only the second time");
              }
            });
    assertNotEquals(Verdict.Coverage.EXHAUSTIVE, passed.coverage());
    assertTrue(passed.uncontrolled().toString().contains("only the second time"), passed::report);
  }

  @Test
  void theOtherWayRoundPassesOnlyIfItDoes() {
    Verdict.Failed found =
        fails(
            OPTIONS,
            () -> {
              Shared<Integer> first = Shared.of(0);
              var one = async(() -> first.update(n -> n == 0 ? 1 : n));
              var two = async(() -> first.update(n -> n == 0 ? 2 : n));
              await(one);
              await(two);
              if (first.get() == 1) {
                throw new IllegalArgumentException("one was first");
              }
              throw new IllegalStateException("two was first");
            });
    assertFalse(found.report().contains("the other way round it passes"), found::report);
  }

  @Test
  void aSlowThreadIsNoDeadlock() {
    Verdict.Passed passed =
        passes(
            OPTIONS.schedules(5),
            () -> {
              var slow =
                  CompletableFuture.supplyAsync(
                      () -> 1,
                      CompletableFuture.delayedExecutor(
                          120, java.util.concurrent.TimeUnit.MILLISECONDS));
              assertEquals(1, await(slow));
            });
    assertFalse(passed.uncontrolled().isEmpty());
  }

  @Test
  void aThreadThatATaskJoinsIsNoDeadlock() {
    assumeTrue("confined".equals(System.getProperty("thrum.engine")));
    Verdict.Passed passed =
        passes(OPTIONS.schedules(5), () -> Thread.ofPlatform().start(HonestyTest::pause).join());
    assertFalse(passed.uncontrolled().isEmpty());
  }

  private static void pause() {
    try {
      Thread.sleep(60);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anInterruptEndsTheExploration() {
    Thread caller = Thread.currentThread();
    int[] runs = new int[1];
    assertThrows(
        CancellationException.class,
        () ->
            Explorer.explore(
                OPTIONS.schedules(1_000_000).time(Duration.ofSeconds(30)),
                () -> {
                  async(() -> checkpoint());
                  async(() -> checkpoint());
                  async(() -> checkpoint());
                  async(() -> checkpoint());
                  async(() -> checkpoint());
                  if (++runs[0] == 10) {
                    Thread.ofPlatform().start(caller::interrupt).join();
                  }
                }));
    assertTrue(Thread.interrupted());
  }

  @Test
  void aStaleSiteAndAStaleChoiceAreTold() {
    Verdict site =
        Explorer.replay(
            "thrum1 fifo 1:2#0<1#0@Gone.java:3",
            () -> {
              async(() -> checkpoint());
              async(() -> checkpoint());
              checkpoint();
            });
    assertTrue(site.uncontrolled().toString().contains("diverged at choice 1"), site::report);
    Verdict choice = Explorer.replay("thrum1 fifo 7?7=2", () -> checkpoint());
    assertTrue(choice.uncontrolled().toString().contains("choice 8"), choice::report);
  }
}
