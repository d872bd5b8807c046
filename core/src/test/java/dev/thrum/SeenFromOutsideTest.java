package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thrum.inspect.ThrumMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What tools see of a JVM that was started without any preparation.
class SeenFromOutsideTest {
  @TempDir Path folder;

  private @Nullable SeenJvm started;

  @AfterEach
  void close() throws Exception {
    if (started != null) {
      started.close();
    }
  }

  private SeenJvm start(String... arguments) throws IOException {
    SeenJvm jvm = SeenJvm.start(folder, SeenProgram.class, List.of(), Map.of(), arguments);
    started = jvm;
    return jvm;
  }

  private static JsonNode named(JsonNode tasks, String name) {
    return StreamSupport.stream(tasks.spliterator(), false)
        .filter(task -> task.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + tasks));
  }

  private static void has(String text, String... parts) {
    assertAll(
        List.of(parts).stream()
            .map(part -> () -> assertTrue(text.contains(part), part + " in\n" + text)));
  }

  @Test
  void everythingThatToolsAskForIsThere() throws Exception {
    ThrumMXBean bean = start().bean();
    listAndTree(bean);
    waits(bean);
    pastAndFuture(bean);
    warnings(bean);
    String dump = bean.text("dump", "");
    has(dump, "dev.thrum.sync.Mutex.withLock", "SeenProgram.java:", "held by task holder");
    if (Engines.confined()) {
      has(
          dump,
          "DEADLOCK",
          "left #",
          "right #",
          "ReentrantLock.lockInterruptibly on ReentrantLock@");
      assertEquals(1, SeenJvm.json(bean, "waits", "").get("cycles").size());
    }
    cancel(bean);
  }

  private static void listAndTree(ThrumMXBean bean) throws IOException {
    assertEquals(1, bean.getLoopCount());
    JsonNode tasks = SeenJvm.json(bean, "tasks", "limit=1000");
    assertEquals(bean.getTaskCount(), tasks.get("total").asLong() - 1); // one has failed
    JsonNode inner = named(tasks.get("tasks"), "inner");
    assertEquals("waiting", inner.get("state").asText());
    assertEquals("scope", inner.get("scope").asText());
    assertTrue(inner.get("ageMs").asLong() >= 1_000);
    has(bean.text("ps", ""), "main-loop", "wanter-4", "mutex db, held by task holder");
    has(
        bean.text("tree", ""),
        "main: ",
        "5 tasks alike, wanter-0",
        "└─ timeout (ends in ",
        "└─ inner #",
        "(background)");
    has(bean.text("top", "sort=cpu&lines=50&session=a"), "main-loop", "CPU %");
  }

  private static void waits(ThrumMXBean bean) throws IOException {
    JsonNode wanter =
        named(SeenJvm.json(bean, "tasks", "filter=wanter-3").get("tasks"), "wanter-3");
    assertEquals("mutex db, held by task holder", wanter.get("waitsFor").asText());
    assertEquals("holder", wanter.get("holders").get(0).get("name").asText());
    JsonNode mutex = SeenJvm.json(bean, "things", "").get("things").get(0);
    assertEquals(5, mutex.get("waiting").asInt());
    assertEquals(wanter.get("thing"), mutex.get("id"));
    has(bean.text("waits", ""), "channel orders", "waited for by receiver");
    JsonNode task = SeenJvm.json(bean, "task", "id=" + wanter.get("id"));
    has(task.get("stack").toString(), "SeenProgram", "Mutex.withLock");
    assertTrue(task.get("origin").isNull());
    JsonNode holder = SeenJvm.json(bean, "task", "id=" + wanter.get("holders").get(0).get("id"));
    assertEquals(5, holder.get("awaitedBy").size());
    assertEquals("mutex db, held by task holder", holder.get("holds").get(0).asText());
  }

  private static void pastAndFuture(ThrumMXBean bean) throws IOException {
    JsonNode ended = SeenJvm.json(bean, "history", "").get("ended");
    assertEquals("succeeded", named(ended, "quick").get("state").asText());
    JsonNode failed = named(ended, "fails");
    assertEquals("failed", failed.get("state").asText());
    assertEquals("java.io.IOException: no such host", failed.get("failure").asText());
    has(bean.text("timers", ""), "timeout", "victim");
    JsonNode loop = SeenJvm.json(bean, "overview", "").get("loops").get(0);
    long measured = 0;
    for (JsonNode count : loop.get("histogram").get("counts")) {
      measured += count.asLong();
    }
    assertTrue(measured > 0, loop.toString());
    assertEquals(Engines.name(), loop.get("engine").asText());
  }

  private static void warnings(ThrumMXBean bean) throws IOException {
    has(
        bean.text("warnings", ""),
        "unawaited failure: fails #",
        "lost wake-up? late #",
        "event door",
        "task busy holds main-loop",
        "it has never yielded");
    JsonNode stall = SeenJvm.json(bean, "stalls", "").get("worst").get(0);
    assertEquals("CPU loop", stall.get("kind").asText());
    assertTrue(stall.get("ms").asLong() >= 300, stall.toString());
    has(stall.get("site").asText(), "SeenProgram.compute(SeenProgram.java:");
    assertTrue(bean.getStallCount() >= 1);
  }

  private static void cancel(ThrumMXBean bean) throws IOException {
    long victim =
        named(SeenJvm.json(bean, "tasks", "filter=victim").get("tasks"), "victim")
            .get("id")
            .asLong();
    assertTrue(bean.cancel("main-loop", victim, "by the test"));
    String history = "";
    while (!history.contains("victim")) {
      history = bean.text("history", "");
    }
    has(history, "cancelled");
    IllegalArgumentException refused = null;
    try {
      var _ = bean.cancel("main-loop", 999_999, "by the test");
    } catch (IllegalArgumentException e) {
      refused = e;
    }
    assertTrue(String.valueOf(refused).contains("there is no task with the number 999999"));
  }

  @Test
  void inDebugModeTasksKnowWhereTheyWereStarted() throws Exception {
    ThrumMXBean bean = start("debug").bean();
    long id =
        named(SeenJvm.json(bean, "tasks", "filter=victim").get("tasks"), "victim")
            .get("id")
            .asLong();
    has(
        SeenJvm.json(bean, "task", "id=" + id).get("origin").toString(),
        "SeenProgram.live(SeenProgram.java:");
    has(bean.text("dump", ""), "started at", "SeenProgram.live(SeenProgram.java:");
  }

  @Test
  void ctrlBackslashPrintsTheTasksAfterTheThreads() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "signals are sent with kill");
    SeenJvm jvm = start();
    assertFalse(jvm.output().contains("Thrum tasks of"));
    jvm.bean(); // when it is there, signals are looked for
    assertEquals(
        0, new ProcessBuilder("kill", "-QUIT", Long.toString(jvm.pid())).start().waitFor());
    has(jvm.await("Locks, channels and the like"), "Thrum tasks of", "wanter-0", "mutex db");
  }

  @Test
  void theThreadDumpOfTheJdkNamesTasksAndWhatTheyWaitFor() throws Exception {
    SeenJvm jvm = start();
    Path file = folder.resolve("threads.json");
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(jvm.pid()),
                "Thread.dump_to_file",
                "-format=json",
                file.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said = jcmd.inputReader(StandardCharsets.UTF_8)) {
      assertTrue(said.lines().toList().toString().contains("Created"));
    }
    String threads = Files.readString(file);
    has(threads, "\"wanter-0\"", "\"receiver\"", "dev.thrum.sync.MutexImpl@");
  }
}
