package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.settle;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.internal.flight.Figures;
import dev.thrum.internal.flight.Flight;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events in recordings of the JDK's Flight Recorder.
class FlightTest {
  @TempDir private Path folder;

  private Recording recording(String... events) {
    Recording recording = new Recording();
    for (String event : events) {
      recording.enable("dev.thrum." + event).withThreshold(Duration.ZERO);
    }
    recording.start();
    return recording;
  }

  /// What a recording has of one kind of event.
  private List<RecordedEvent> events(Recording recording, String kind) throws IOException {
    Path file = folder.resolve(kind + ".jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals("dev.thrum." + kind))
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }

  private static List<String> names(List<RecordedEvent> events) {
    return events.stream().map(event -> event.getString("name")).toList();
  }

  @Test
  void stepsAndWaitsLastAsLongAsTheyDid() throws IOException {
    try (Recording recording = recording("TaskStep", "TaskBlocked")) {
      Runner.builder()
          .name("busy loop")
          .run(() -> {
            var sleeper = async("sleeper", () -> sleep(ofMillis(20)));
            async(
                "spinner",
                () -> {
                  long end = System.nanoTime() + 30_000_000;
                  while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                  }
                });
            await(sleeper);
          });
      recording.stop();
      RecordedEvent spin =
          events(recording, "TaskStep").stream()
              .filter(event -> event.getString("name").equals("spinner"))
              .findFirst()
              .orElseThrow();
      assertEquals("busy loop", spin.getString("loop"));
      assertEquals(3, spin.getLong("task"));
      assertTrue(spin.getDuration().compareTo(ofMillis(30)) >= 0, spin::toString);
      RecordedEvent nap =
          events(recording, "TaskBlocked").stream()
              .filter(event -> event.getString("name").equals("sleeper"))
              .findFirst()
              .orElseThrow();
      assertEquals("the end of a sleep", nap.getString("waitedFor"));
      assertTrue(nap.getDuration().compareTo(ofMillis(20)) >= 0, nap::toString);
      assertTrue(nap.getStartTime().isBefore(spin.getStartTime()), nap + " and " + spin);
      assertTrue(nap.getEndTime().isAfter(spin.getStartTime()), nap + " and " + spin);
      assertFalse(nap.getEndTime().isBefore(spin.getEndTime()), nap + " and " + spin);
    }
  }

  @Test
  void startsAndEndsOfTasks() throws IOException {
    try (Recording recording = recording("TaskSpawn", "TaskEnd")) {
      Async.run(() -> {
        var failing =
            settle(
                () -> {
                  throw new IOException("no");
                },
                () -> 1);
        assertEquals(2, failing.size());
        var endless = async("endless", () -> sleep(ofSeconds(100)));
        checkpoint();
        endless.cancel("enough");
      });
      recording.stop();
      List<RecordedEvent> started = events(recording, "TaskSpawn");
      assertEquals(List.of("main", "task-2", "task-3", "endless"), names(started));
      assertEquals(0, started.getFirst().getLong("spawner"));
      assertEquals(1, started.getLast().getLong("spawner"));
      String stack = String.valueOf(started.getLast().getStackTrace());
      assertTrue(stack.contains("startsAndEndsOfTasks"), stack);
      List<RecordedEvent> ended = events(recording, "TaskEnd");
      assertEquals(
          List.of("failed", "succeeded", "cancelled", "succeeded"),
          ended.stream().map(event -> event.getString("outcome")).toList());
      assertEquals("java.io.IOException", ended.getFirst().getClass("failure").getName());
    }
  }

  @Test
  void aRecordingThatBeginsLaterIsFollowed() throws Exception {
    Async.run(() -> {
      Loop loop = Loop.current();
      Map<Loop, Supplier<Figures>> figures =
          Map.of(loop, () -> new Figures(1, 2, 3, 4)); // the sampler's are real
      Flight.tick(figures);
      checkpoint();
      try (Recording recording = recording("TaskStep")) {
        recording.enable("dev.thrum.LoopStatistics").withPeriod(ofMillis(10));
        Flight.tick(figures);
        checkpoint();
        async("in time", () -> {});
        checkpoint();
        while (events(recording, "LoopStatistics").isEmpty()) {
          checkpoint();
        }
        recording.disable("dev.thrum.TaskStep");
        Flight.tick(figures);
        checkpoint();
        async("too late", () -> {});
        checkpoint();
        recording.enable("dev.thrum.TaskStep");
        checkpoint();
        recording.stop();
        List<String> names = names(events(recording, "TaskStep"));
        assertTrue(names.contains("in time") && !names.contains("too late"), names::toString);
        RecordedEvent statistics = events(recording, "LoopStatistics").getFirst();
        assertEquals(loop.name(), statistics.getString("loop"));
        assertTrue(statistics.getLong("tasks") >= 1, statistics::toString);
        assertTrue(statistics.getLong("steps") >= 1, statistics::toString);
        assertTrue(statistics.hasField("ready") && statistics.hasField("timers"));
      }
    });
  }

  @Test
  void stallsAreRecordedByDefault() throws IOException {
    try (Recording recording = recording()) {
      Async.run(() ->
          Flight.stall(
              Loop.current(),
              7,
              "greedy",
              "CPU loop",
              "a.B.c(B.java:1)",
              "at x\nat y",
              "yield",
              250_000_000));
      recording.stop();
      RecordedEvent stall = events(recording, "Stall").getFirst();
      assertEquals("greedy", stall.getString("name"));
      assertEquals("CPU loop", stall.getString("kind"));
      assertEquals("at x\nat y", stall.getString("stack"));
      assertEquals(ofMillis(250), stall.getDuration("took"));
      assertTrue(stall.getInstant("since").isBefore(stall.getStartTime()), stall::toString);
    }
  }

  @Test
  void withoutARecordingNothingOfTheRecorderIsLoaded() throws Exception {
    String loaded = outputOf("-Xlog:class+load:stdout");
    assertEquals(
        List.of("jdk.jfr.FlightRecorder"),
        loaded.lines().filter(line -> line.contains(" jdk.jfr.")).map(FlightTest::name).toList());
    assertTrue(loaded.contains("dev.thrum.internal.flight.Flight "), loaded);
    assertFalse(loaded.contains("dev.thrum.internal.flight.Recorder"), loaded);
  }

  private static String name(String line) {
    return line.replaceAll(".*(jdk\\.jfr\\.\\S+).*", "$1");
  }

  @Test
  void theRecorderMayBeMissing() throws Exception {
    assertEquals("done\n", outputOf("--limit-modules=java.base"));
  }

  /// Started in a JVM of its own.
  static final class Program {
    public static void main(String[] args) {
      Async.run(() -> checkpoint());
      System.out.println("done");
    }
  }

  private static String outputOf(String flag) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.add(flag);
    if (Engines.confined()) {
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    command.add("-Dthrum.engine=" + Engines.name());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
