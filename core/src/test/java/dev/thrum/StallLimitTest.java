package dev.thrum;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.thrum.inspect.Inspector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How long a step may take before it is a stall: what the loop was told, else what the JVM was.
class StallLimitTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = ofSeconds(30);

  @TempDir Path folder;

  private static long limitOf(Runner.Builder options) {
    return options.run(() -> ((LoopImpl) Loop.current()).stallNanos);
  }

  private static JsonNode stalls(String list) {
    try {
      return JSON.readTree(Inspector.local().json("stalls", "")).get(list);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean has(String list, String loop) {
    return StreamSupport.stream(stalls(list).spliterator(), false)
        .anyMatch(stall -> stall.get("loop").asText().startsWith(loop));
  }

  private static void holdUntilSeen(String loop) {
    holdUntil(() -> has("current", loop));
  }

  /// Holds the loop of the calling task, or just waits.
  private static void holdUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> "in vain; the last stalls: " + stalls("recent"));
      if (Engines.confined()) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(1_000_000); // holds the loop, and lends the JDK's carrier to others
      }
    }
  }

  @Test
  void itIsThatOfTheJvmUnlessOneIsChosen() {
    assertEquals(100_000_000, limitOf(Runner.builder()));
    assertEquals(250_000_000, limitOf(Runner.builder().stallLimit(ofMillis(250))));
    assertEquals(Long.MAX_VALUE, limitOf(Runner.builder().stallLimit(ZERO)));
    assertEquals(Long.MAX_VALUE, limitOf(Runner.builder().stallLimit(ofSeconds(Long.MAX_VALUE))));
  }

  @Test
  void noStallIsSeenBeforeIt() {
    Runner.builder()
        .name("patient")
        .stallLimit(ofMillis(300))
        .run(() -> {
          holdUntilSeen("patient");
          long millis = stalls("current").findValue("ms").asLong();
          assertTrue(millis >= 300, () -> stalls("current").toString());
        });
  }

  @Test
  void aLoopThatHasNoneOrIsFarFromItIsLeftAlone() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(2);
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> quiet = new ArrayList<>();
    for (Duration limit : List.of(ZERO, ofMinutes(10))) {
      quiet.add(
          Thread.ofPlatform()
              .start(() ->
                  Runner.builder()
                      .name("quiet " + limit)
                      .stallLimit(limit)
                      .run(() -> {
                        held.countDown();
                        holdUntil(over::get);
                      })));
    }
    held.await();
    // They are held for as long as this one, and for longer than loops without a choice may be.
    Runner.builder()
        .name("told")
        .stallLimit(ofMillis(200))
        .run(() -> {
          holdUntilSeen("told");
          assertFalse(has("current", "quiet"), () -> stalls("current").toString());
        });
    over.set(true);
    for (Thread each : quiet) {
      each.join();
    }
    assertFalse(has("recent", "quiet"), () -> stalls("recent").toString());
  }

  @Test
  void aStallThatIsALoopsLastStepIsCountedToo() {
    Runner.builder().name("ends so").run(() -> holdUntilSeen("ends so"));
    holdUntil(() -> has("recent", "ends so"));
  }

  @Test
  void aLoopsOwnWinsOverThatOfTheJvm() throws Exception {
    assertEquals("JVM: none\nown: a stall\n", outputOf("-Dthrum.stall=0"));
  }

  @Test
  void aPropertyThatIsNoNumberIsNamedOnceAndNotUsed() throws Exception {
    assertEquals("JVM: 100 ms\nown: a stall\n", outputOf("-Dthrum.stall=soon"));
    String said = Files.readString(folder.resolve("err.txt"));
    assertEquals(
        1,
        said.lines()
            .filter(line -> line.contains("thrum.stall is 'soon'; it must be a number of milli"))
            .count(),
        said);
  }

  /// Started in a JVM of its own.
  static final class Program {
    public static void main(String[] args) {
      long limit = limitOf(Runner.builder());
      IO.println("JVM: " + (limit == Long.MAX_VALUE ? "none" : limit / 1_000_000 + " ms"));
      Runner.builder()
          .name("own loop")
          .stallLimit(ofMillis(50))
          .run(() -> {
            while (!Inspector.local().text("stalls", "").contains("own loop")) {
              Thread.onSpinWait();
            }
          });
      IO.println("own: a stall");
    }
  }

  private String outputOf(String flag) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(flag);
    if (Engines.confined()) {
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    command.add("-Dthrum.engine=" + Engines.name());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("err.txt").toFile()).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
