package dev.thrum.data;

import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed at random moments comes to an exact end all the same.
final class KillTest {
  private static final int ROWS = 30_000;

  @TempDir Path folder;

  record Row(int number) {}

  record Sum(int rest, long sum, long count) {}

  record Mean(long sum, long count) {
    Mean plus(Row row) {
      return new Mean(sum + row.number(), count + 1);
    }
  }

  /// The program: sums of what each row's look-up gave.
  static final class Program {
    private Program() {}

    static void main(String[] args) {
      Path folder = Path.of(args[0]);
      Summary summary =
          Csv.read(folder.resolve("rows.csv").toString(), Row.class)
              .mapAsync(
                  200,
                  row -> {
                    sleep(Duration.ofNanos((row.number() * 7919L) % 8_000_000));
                    return row;
                  })
              .keyBy(row -> row.number() % 10)
              .aggregate(
                  () -> new Mean(0, 0),
                  Mean::plus,
                  (Integer rest, Mean mean) -> new Sum(rest, mean.sum(), mean.count()))
              .to(Csv.write(folder.resolve("sums.csv"), Sum.class))
              .checkpoints(folder.resolve("job"), Duration.ofMillis(20))
              .run();
      System.out.println("resumed " + summary.resumed());
    }
  }

  @Test
  void killedThreeTimes() throws Exception {
    killed(3);
  }

  @Test
  @Tag("soak")
  void killedTwentyTimes() throws Exception {
    killed(20);
  }

  private void killed(int times) throws Exception {
    long seed = Long.getLong("thrum.test.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<String> rows = new ArrayList<>(List.of("number"));
    IntStream.range(0, ROWS).forEach(i -> rows.add(Integer.toString(i)));
    Files.write(folder.resolve("rows.csv"), rows);
    int kills = 0;
    while (true) {
      Process process = start();
      boolean kill = kills < times;
      if (kill && isAliveBehindCheckpoint(process)) {
        if (!process.waitFor(random.nextInt(400), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly().waitFor();
          kills++;
          continue;
        }
      }
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      String said = said(process);
      assertEquals(0, process.exitValue(), said);
      check();
      if (kills >= times) {
        assertTrue(said.contains("resumed true"), said);
        return;
      }
    }
  }

  /// Waits until the process has written a checkpoint of its own, or has ended.
  private boolean isAliveBehindCheckpoint(Process process) throws Exception {
    long begin = Files.exists(folder.resolve("job")) ? newest() : 0;
    while (process.isAlive()) {
      if (newest() > begin) {
        return true;
      }
      Thread.sleep(2);
    }
    return false;
  }

  private long newest() throws IOException {
    Path job = folder.resolve("job");
    if (!Files.isDirectory(job)) {
      return 0;
    }
    try (var all = Files.list(job)) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".checkpoint"))
          .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('.'))))
          .max()
          .orElse(0);
    }
  }

  private static String said(Process process) {
    try {
      return new String(
          process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "-Dthrum.engine=" + System.getProperty("thrum.engine", "confined"),
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .start();
  }

  private void check() throws IOException {
    List<String> expected = new ArrayList<>(List.of("rest,sum,count"));
    for (int rest = 0; rest < 10; rest++) {
      int mine = rest;
      long sum = IntStream.range(0, ROWS).filter(i -> i % 10 == mine).asLongStream().sum();
      expected.add(rest + "," + sum + "," + ROWS / 10);
    }
    assertEquals(expected, Files.readAllLines(folder.resolve("sums.csv")));
  }
}
