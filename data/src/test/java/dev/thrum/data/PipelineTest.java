package dev.thrum.data;

import static dev.thrum.Async.run;
import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the operators make of their elements.
final class PipelineTest {

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void elementsGoThroughOneAfterTheOther() {
    List<String> made =
        Pipeline.of(upTo(10))
            .filter(i -> i % 2 == 0)
            .map(i -> "n" + i)
            .flatMap(text -> List.of(text, text + "!"))
            .toList();
    assertEquals(List.of("n0", "n0!", "n2", "n2!", "n4", "n4!", "n6", "n6!", "n8", "n8!"), made);
  }

  @Test
  void runsInATaskAndOutside() throws Exception {
    Pipeline<Integer> three = Pipeline.of(1, 2, 3);
    assertEquals(List.of(1, 2, 3), three.toList());
    assertEquals(List.of(1, 2, 3), run(three::toList));
  }

  @Test
  void twoPipelinesMayGoOnFromOne() {
    Pipeline<Integer> both = Pipeline.of(upTo(4)).map(i -> i * 10);
    assertEquals(List.of(0, 10, 20, 30), both.toList());
    assertEquals(List.of(30), both.filter(i -> i > 20).toList());
    assertEquals(List.of(0, 10, 20, 30), both.toList());
  }

  @Test
  void manyAreWorkedOnAtATimeAndKeepTheirOrder() {
    int[] running = new int[2];
    List<Integer> made =
        Pipeline.of(upTo(200))
            .mapAsync(
                10,
                i -> {
                  running[1] = Math.max(running[1], ++running[0]);
                  sleep(Duration.ofMillis(i % 7));
                  running[0]--;
                  return i;
                })
            .toList();
    assertEquals(upTo(200), made);
    assertEquals(10, running[1]);
  }

  @Test
  void unorderedOnesLeaveAsTheyCome() {
    List<Integer> made =
        Pipeline.of(50, 0, 25)
            .mapAsync(
                InFlight.of(3).unordered(),
                millis -> {
                  sleep(Duration.ofMillis(millis));
                  return millis;
                })
            .toList();
    assertEquals(List.of(0, 25, 50), made);
  }

  @Test
  void whatFailsIsTriedAgainAndWhatIsSlowIsGivenUp() {
    Map<Integer, Integer> attempts = new java.util.HashMap<>();
    InFlight how = InFlight.of(4).timeout(Duration.ofMillis(50)).retry(3, Duration.ofMillis(1));
    List<Letter> letters = new ArrayList<>();
    Collecting<Integer> made = new Collecting<>();
    Summary summary =
        Pipeline.of(1, 2, 3)
            .mapAsync(
                how,
                i -> {
                  int attempt = attempts.merge(i, 1, Integer::sum);
                  if (i == 2 && attempt < 3) {
                    throw new IllegalStateException("not yet");
                  }
                  if (i == 3) {
                    sleep(Duration.ofSeconds(30));
                  }
                  return i;
                })
            .named("look up")
            .to(made)
            .deadLetters(new Doing<Letter>(letters::add))
            .run();
    assertEquals(List.of(1, 2), made.elements());
    assertEquals(Map.of(1, 1, 2, 3, 3, 3), attempts);
    assertEquals(1, summary.letters());
    assertEquals("look up", letters.getFirst().operator());
    assertEquals("3", letters.getFirst().element());
    assertTrue(letters.getFirst().problem().contains("Timeout"), letters.toString());
  }

  @Test
  void aFailureEndsTheJobAndNamesOperatorAndElement() {
    Job job =
        Pipeline.of("1", "2", "x", "4").map(Integer::parseInt).named("parse").forEach(_ -> {});
    PipelineException failed = assertThrows(PipelineException.class, job::run);
    assertTrue(
        failed.getMessage().startsWith("parse: NumberFormatException: For input string: \"x\""),
        failed.getMessage());
    assertTrue(failed.getCause() instanceof NumberFormatException);
  }

  @Test
  void aFailureInFlightCancelsTheOthers() {
    List<Integer> ended = new ArrayList<>();
    Job unordered =
        Pipeline.of(upTo(5))
            .mapAsync(
                InFlight.of(5).unordered(),
                i -> {
                  if (i == 3) {
                    sleep(Duration.ofMillis(5));
                    throw new IllegalStateException("three");
                  }
                  try {
                    sleep(Duration.ofSeconds(60));
                  } finally {
                    ended.add(i);
                  }
                  return i;
                })
            .forEach(_ -> {});
    PipelineException failed = assertThrows(PipelineException.class, unordered::run);
    assertTrue(failed.getMessage().contains("three"), failed.getMessage());
    assertEquals(4, ended.size());
  }

  @Test
  void listsLeaveWhenTheyAreFullOrHaveWaited() {
    List<List<Integer>> made =
        Pipeline.of(
                (Iterable<Integer>)
                    () ->
                        IntStream.range(0, 7)
                            .peek(i -> {
                              if (i == 5) {
                                sleep(Duration.ofMillis(80));
                              }
                            })
                            .boxed()
                            .iterator())
            .batch(3, Duration.ofMillis(20))
            .toList();
    assertEquals(List.of(List.of(0, 1, 2), List.of(3, 4), List.of(5, 6)), made);
  }

  @Test
  void allProcessorsComputeAndTheOrderIsKept() {
    List<Integer> made = Pipeline.of(upTo(5000)).mapParallel(i -> i * 2).toList();
    assertEquals(upTo(5000).stream().map(i -> i * 2).toList(), made);
  }

  record Sale(String shop, int amount) {}

  record Total(String shop, long amount) {}

  @Test
  void oneElementIsMadeOfEachKey() {
    Pipeline<Sale> sales =
        Pipeline.of(new Sale("b", 1), new Sale("a", 2), new Sale("b", 3), new Sale("a", 4));
    assertEquals(
        List.of(new Sale("b", 4), new Sale("a", 6)),
        sales
            .keyBy(Sale::shop)
            .reduce((one, other) -> new Sale(one.shop(), one.amount() + other.amount()))
            .toList());
    assertEquals(
        List.of(new Total("b", 4), new Total("a", 6)),
        sales
            .keyBy(Sale::shop)
            .aggregate(() -> 0L, (Long sum, Sale sale) -> sum + sale.amount(), Total::new)
            .toList());
  }

  record Named(String shop, String name) {}

  @Test
  void aTableIsPutBeside() {
    Pipeline<Named> names = Pipeline.of(new Named("a", "Anna's"), new Named("c", "Carl's"));
    assertEquals(
        List.of("Anna's 2", "? 1"),
        Pipeline.of(new Sale("a", 2), new Sale("b", 1))
            .join(
                names,
                Sale::shop,
                Named::shop,
                (Sale sale, Optional<Named> name) ->
                    name.map(Named::name).orElse("?") + " " + sale.amount())
            .toList());
  }

  @Test
  void twoInputsAreMerged() {
    List<Integer> made = Pipeline.of(upTo(100)).merge(Pipeline.of(upTo(100))).toList();
    assertEquals(200, made.size());
    assertEquals(upTo(100), made.stream().distinct().sorted().toList());
  }

  @Test
  void onlySoManyPassInATime() {
    long begin = System.nanoTime();
    var _ = Pipeline.of(upTo(12)).rateLimit(4, Duration.ofMillis(50)).toList();
    assertTrue(System.nanoTime() - begin >= 100_000_000);
  }

  @Test
  void aResourceIsOpenedOnceAndClosed() {
    List<String> trail = new ArrayList<>();
    class Client implements AutoCloseable {
      Client() {
        trail.add("open");
      }

      @Override
      public void close() {
        trail.add("close");
      }
    }
    Resource<Client> client = Resource.of(Client::new);
    var _ =
        Pipeline.of(1, 2, 3)
            .mapAsync(
                InFlight.of(2),
                client,
                (one, i) -> {
                  trail.add("use");
                  return i;
                })
            .toList();
    assertEquals(List.of("open", "use", "use", "use", "close"), trail);
  }

  @Test
  void operatorsHaveNamesAndNoTwoTheSame() {
    Pipeline<Integer> pipeline = Pipeline.of(1).map(i -> i).named("same").filter(_ -> true);
    assertEquals("1 of → same → 3 filter", pipeline.toString());
    Pipeline<Integer> twice = pipeline.map(i -> i).named("same");
    assertThrows(IllegalArgumentException.class, () -> twice.forEach(_ -> {}));
  }

  @Test
  void theSummaryCounts() {
    Summary summary = Pipeline.of(upTo(10)).filter(i -> i < 4).map(i -> i).forEach(_ -> {}).run();
    assertEquals(
        List.of("0 10", "10 4", "4 4", "4 4"),
        summary.stages().stream().map(stage -> stage.in() + " " + stage.out()).toList());
    assertTrue(summary.toString().contains("dead letters"), summary::toString);
  }

  @Test
  void whatIsCancelledClosesEverything() throws Exception {
    List<String> trail = new ArrayList<>();
    run(() -> {
      var task =
          dev.thrum.Async.async(() ->
              Pipeline.of(upTo(1000))
                  .mapAsync(
                      10,
                      i -> {
                        try {
                          sleep(Duration.ofSeconds(60));
                        } finally {
                          trail.add("ended");
                        }
                        return i;
                      })
                  .toList());
      sleep(Duration.ofMillis(20));
      task.cancel("enough");
      assertThrows(
          java.util.concurrent.CancellationException.class, () -> dev.thrum.Async.await(task));
    });
    assertEquals(10, trail.size());
  }
}
