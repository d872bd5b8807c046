package dev.thrum.data;

import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is gone on with after a crash is exactly as if there had been none.
final class CheckpointTest {
  private static final Duration OFTEN = Duration.ofMillis(2);

  @TempDir Path folder;

  private Path numbers(int count) throws IOException {
    return Files.write(
        folder.resolve("numbers.txt"),
        IntStream.range(0, count).mapToObj(Integer::toString).toList());
  }

  private Job job(Path numbers, boolean ordered, Path out) {
    InFlight how = ordered ? InFlight.of(50) : InFlight.of(50).unordered();
    return Lines.read(numbers.toString())
        .map(Integer::parseInt)
        .mapAsync(
            how,
            i -> {
              sleep(Duration.ofNanos((i * 7919L) % 2_000_000));
              return i;
            })
        .batch(7, Duration.ofMillis(1))
        .flatMap(list -> list)
        .mapParallel(i -> i)
        .map(i -> {
          Troubles.maybe();
          return i;
        })
        .to(Lines.write(out))
        .deadLetters(Lines.write(folder.resolve("letters.txt")))
        .checkpoints(folder.resolve("job"), OFTEN);
  }

  /// When the running job is to fail.
  private static final class Troubles {
    private static int left;

    static void maybe() {
      if (left > 0 && --left == 0) {
        throw new AssertionError("trouble");
      }
    }
  }

  /// Has a job fail behind a checkpoint.
  private void fails(Job job, int elements) throws IOException {
    int at = elements / 2;
    while (true) {
      Troubles.left = at;
      assertEquals("trouble", assertThrows(AssertionError.class, job::run).getMessage());
      Troubles.left = 0;
      try (var all = Files.list(folder.resolve("job"))) {
        if (all.anyMatch(file -> file.toString().endsWith(".checkpoint"))) {
          return;
        }
      }
    }
  }

  private int runUntilItEnds(Job job, Random random, int most) {
    int failures = 0;
    while (true) {
      Troubles.left = failures < 12 ? 1 + random.nextInt(most) : 0;
      try {
        Summary summary = job.run();
        Troubles.left = 0;
        assertEquals(0, summary.letters());
        return failures;
      } catch (AssertionError e) {
        assertEquals("trouble", e.getMessage());
        failures++;
      }
    }
  }

  @Test
  void aFileIsExactWhateverFails() throws IOException {
    long seed = Long.getLong("thrum.test.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Path out = folder.resolve("out.txt");
    int failures = runUntilItEnds(job(numbers(5000), true, out), new Random(seed), 3000);
    assertTrue(failures > 0);
    assertEquals(
        IntStream.range(0, 5000).mapToObj(Integer::toString).toList(), Files.readAllLines(out));
    try (var left = Files.list(folder.resolve("job"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void anUnorderedFileHasEachElementOnce() throws IOException {
    long seed = Long.getLong("thrum.test.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Path out = folder.resolve("out.txt");
    var _ = runUntilItEnds(job(numbers(5000), false, out), new Random(seed), 3000);
    assertEquals(
        IntStream.range(0, 5000).boxed().toList(),
        Files.readAllLines(out).stream().map(Integer::valueOf).sorted().toList());
  }

  record Count(int rest, long sum) {}

  @Test
  void sumsAreExactWhateverFails() throws IOException {
    long seed = Long.getLong("thrum.test.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Path out = folder.resolve("sums.csv");
    Job job =
        Lines.read(numbers(4000).toString())
            .map(Integer::parseInt)
            .mapAsync(
                20,
                i -> {
                  sleep(Duration.ofNanos((i * 7919L) % 1_000_000));
                  Troubles.maybe();
                  return i;
                })
            .keyBy(i -> i % 3)
            .aggregate(() -> 0L, (Long sum, Integer i) -> sum + i, Count::new)
            .to(Csv.write(out, Count.class))
            .checkpoints(folder.resolve("job"), OFTEN);
    var _ = runUntilItEnds(job, new Random(seed), 4000);
    List<String> expected = new java.util.ArrayList<>(List.of("rest,sum"));
    for (int rest = 0; rest < 3; rest++) {
      int mine = rest;
      expected.add(
          rest + "," + IntStream.range(0, 4000).filter(i -> i % 3 == mine).asLongStream().sum());
    }
    assertEquals(expected, Files.readAllLines(out));
  }

  @Test
  void lettersAreExactToo() throws IOException {
    Path out = folder.resolve("out.txt");
    Path letters = folder.resolve("letters.jsonl");
    Job job =
        Lines.read(numbers(3000).toString())
            .map(text -> {
              if (text.endsWith("7")) {
                throw new IOException("no sevens");
              }
              return text;
            })
            .mapAsync(
                10,
                text -> {
                  sleep(Duration.ofNanos(text.hashCode() & 0x7ffff));
                  Troubles.maybe();
                  return text;
                })
            .to(Lines.write(out))
            .deadLetters(JsonLines.write(letters))
            .checkpoints(folder.resolve("job"), OFTEN);
    Random random = new Random(Long.getLong("thrum.test.seed", 7));
    int failures = 0;
    while (true) {
      Troubles.left = failures < 8 ? 1 + random.nextInt(2000) : 0;
      try {
        var _ = job.run();
        break;
      } catch (AssertionError e) {
        assertEquals("trouble", e.getMessage());
        failures++;
      }
    }
    assertEquals(2700, Files.readAllLines(out).size());
    assertEquals(300, Files.readAllLines(letters).stream().distinct().count());
    assertEquals(300, Files.readAllLines(letters).size());
  }

  @Test
  void anotherJobDoesNotGoOnFromIt() throws IOException {
    Path out = folder.resolve("out.txt");
    Path numbers = numbers(1000);
    Job job = job(numbers, true, out);
    fails(job, 1000);
    Job other =
        Lines.read(numbers.toString())
            .to(Lines.write(out))
            .checkpoints(folder.resolve("job"), OFTEN);
    PipelineException refused = assertThrows(PipelineException.class, other::run);
    assertTrue(refused.getMessage().contains("are of another job"), refused.getMessage());
    assertTrue(job.run().resumed());
    assertFalse(job.run().resumed(), "it had come to its end");
  }

  @Test
  void aDamagedCheckpointIsNotBelieved() throws IOException {
    Path out = folder.resolve("out.txt");
    Job job = job(numbers(2000), true, out);
    fails(job, 2000);
    try (var all = Files.list(folder.resolve("job"))) {
      for (Path file : all.toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      }
    }
    PipelineException refused = assertThrows(PipelineException.class, job::run);
    assertTrue(refused.getMessage().contains("can be read"), refused.getMessage());
  }

  /// A sink whose end fails so many times.
  private record Failing(Sink<Object> sink, List<Boolean> left) implements Sink<Object> {
    @Override
    public String name() {
      return sink.name();
    }

    @Override
    public Writer<Object> open(java.util.Optional<java.io.Serializable> state) throws Exception {
      Writer<Object> writer = sink.open(state);
      return new Writer<>() {
        @Override
        public void write(List<Object> elements) throws Exception {
          writer.write(elements);
        }

        @Override
        public java.io.Serializable prepare() throws Exception {
          return writer.prepare();
        }

        @Override
        public void finish() throws Exception {
          if (!left.isEmpty()) {
            var _ = left.removeFirst();
            throw new IOException("not now");
          }
          writer.finish();
        }

        @Override
        public void close() throws Exception {
          writer.close();
        }
      };
    }
  }

  @Test
  void whatOnlyHasToBeShownIsShownByTheNextRun() throws IOException {
    Path letters = folder.resolve("letters.txt");
    Path out = folder.resolve("out.txt");
    List<Boolean> left = new java.util.ArrayList<>(List.of(true, true));
    List<String> done = new java.util.ArrayList<>();
    Job job =
        Pipeline.of("a", "b", "c")
            .map(text -> {
              done.add(text);
              if (text.equals("b")) {
                throw new IOException("no b");
              }
              return text;
            })
            .to(new Failing(Lines.write(out), left))
            .deadLetters(Lines.write(letters))
            .checkpoints(folder.resolve("job"), OFTEN);
    for (int i = 0; i < 2; i++) {
      PipelineException failed = assertThrows(PipelineException.class, job::run);
      assertTrue(failed.getMessage().contains("not now"), failed.getMessage());
    }
    assertTrue(job.run().resumed());
    assertEquals(List.of("a", "b", "c"), done);
    assertEquals(List.of("a", "c"), Files.readAllLines(out));
    assertEquals(1, Files.readAllLines(letters).size());
  }

  @Test
  void twoBranchesOfOnePipelineHaveStatesOfTheirOwn() throws IOException {
    Path out = folder.resolve("out.txt");
    Pipeline<Integer> numbers = Lines.read(numbers(3000).toString()).map(Integer::parseInt);
    Job job =
        numbers
            .filter(i -> i % 2 == 0)
            .merge(numbers.filter(i -> i % 2 == 1))
            .batch(5, Duration.ofMillis(1))
            .mapAsync(
                20,
                list -> {
                  sleep(Duration.ofNanos((list.getFirst() * 7919L) % 1_000_000));
                  Troubles.maybe();
                  return java.util.Collections.unmodifiableList(list);
                })
            .mapAsync(10, list -> list)
            .flatMap(list -> list)
            .to(Lines.write(out))
            .checkpoints(folder.resolve("job"), OFTEN);
    var _ = runUntilItEnds(job, new Random(Long.getLong("thrum.test.seed", 3)), 700);
    assertEquals(
        IntStream.range(0, 3000).boxed().toList(),
        Files.readAllLines(out).stream().map(Integer::valueOf).sorted().toList());
  }

  @Test
  void aSourceThatWaitsHoldsNoCheckpointUp() throws Exception {
    var slow = dev.thrum.channel.Channel.<Integer>unlimited();
    Path job = folder.resolve("job");
    dev.thrum.Async.run(() -> {
      Iterable<Integer> waiting = slow;
      var task =
          dev.thrum.Async.async(() ->
              Pipeline.of(waiting)
                  .merge(
                      Lines.read(numbers(100).toString())
                          .map(Integer::parseInt)
                          .map(i -> {
                            sleep(Duration.ofMillis(1));
                            return i;
                          }))
                  .to(Lines.write(folder.resolve("out.txt")))
                  .checkpoints(job, OFTEN)
                  .run());
      while (!Files.isDirectory(job) || noneIn(job)) {
        sleep(Duration.ofMillis(1));
      }
      slow.send(1000);
      slow.close();
      assertEquals(
          2, dev.thrum.Async.await(task).stages().stream().filter(s -> s.in() == 0).count());
    });
    assertEquals(101, Files.readAllLines(folder.resolve("out.txt")).size());
  }

  private static boolean noneIn(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      return all.noneMatch(file -> file.toString().endsWith(".checkpoint"));
    }
  }
}
