package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.tools.attach.VirtualMachine;
import dev.thrum.inspect.ThrumMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What tools see of a JVM that was started without any preparation.
class SeenFromOutsideTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Engines.confined()) {
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
      command.add("--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", classPath(), SeenProgram.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("err.txt").toFile())
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();
    open.add(() -> process.destroyForcibly().waitFor());
    await(process, "ready");
    return process;
  }

  private static String classPath() {
    return place(Runner.class) + ":" + place(SeenProgram.class);
  }

  private static String place(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }

  /// Waits until its output has a word.
  private String await(Process process, String word) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String output = "";
    while (!output.contains(word)) {
      assertTrue(process.isAlive() && System.nanoTime() < end, output + read("err.txt"));
      Thread.onSpinWait();
      output = read("out.txt");
    }
    return output;
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  @SuppressWarnings("BanJNDI") // to a JVM that the test itself has started
  private ThrumMXBean bean(Process process) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
    String address = machine.startLocalManagementAgent();
    machine.detach();
    JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
    open.add(connector);
    MBeanServerConnection server = connector.getMBeanServerConnection();
    return JMX.newMXBeanProxy(server, new ObjectName(ThrumMXBean.NAME), ThrumMXBean.class);
  }

  private static JsonNode json(ThrumMXBean bean, String view, String options) throws IOException {
    return JSON.readTree(bean.json(view, options));
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
    Process process = start();
    ThrumMXBean bean = bean(process);
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
      assertEquals(1, json(bean, "waits", "").get("cycles").size());
    }
    cancel(bean);
  }

  private static void listAndTree(ThrumMXBean bean) throws IOException {
    assertEquals(1, bean.getLoopCount());
    JsonNode tasks = json(bean, "tasks", "limit=1000");
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
    JsonNode wanter = named(json(bean, "tasks", "filter=wanter-3").get("tasks"), "wanter-3");
    assertEquals("mutex db, held by task holder", wanter.get("waitsFor").asText());
    assertEquals("holder", wanter.get("holders").get(0).get("name").asText());
    JsonNode mutex = json(bean, "things", "").get("things").get(0);
    assertEquals(5, mutex.get("waiting").asInt());
    assertEquals(wanter.get("thing"), mutex.get("id"));
    has(bean.text("waits", ""), "channel orders", "waited for by receiver");
    JsonNode task = json(bean, "task", "id=" + wanter.get("id"));
    has(task.get("stack").toString(), "SeenProgram", "Mutex.withLock");
    assertTrue(task.get("origin").isNull());
    JsonNode holder = json(bean, "task", "id=" + wanter.get("holders").get(0).get("id"));
    assertEquals(5, holder.get("awaitedBy").size());
    assertEquals("mutex db, held by task holder", holder.get("holds").get(0).asText());
  }

  private static void pastAndFuture(ThrumMXBean bean) throws IOException {
    JsonNode ended = json(bean, "history", "").get("ended");
    assertEquals("succeeded", named(ended, "quick").get("state").asText());
    JsonNode failed = named(ended, "fails");
    assertEquals("failed", failed.get("state").asText());
    assertEquals("java.io.IOException: no such host", failed.get("failure").asText());
    has(bean.text("timers", ""), "timeout", "victim");
    JsonNode loop = json(bean, "overview", "").get("loops").get(0);
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
    JsonNode stall = json(bean, "stalls", "").get("worst").get(0);
    assertEquals("CPU loop", stall.get("kind").asText());
    assertTrue(stall.get("ms").asLong() >= 300, stall.toString());
    has(stall.get("site").asText(), "SeenProgram.compute(SeenProgram.java:");
    assertTrue(bean.getStallCount() >= 1);
  }

  private static void cancel(ThrumMXBean bean) throws IOException {
    long victim =
        named(json(bean, "tasks", "filter=victim").get("tasks"), "victim").get("id").asLong();
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
    ThrumMXBean bean = bean(start("debug"));
    long id = named(json(bean, "tasks", "filter=victim").get("tasks"), "victim").get("id").asLong();
    has(
        json(bean, "task", "id=" + id).get("origin").toString(),
        "SeenProgram.live(SeenProgram.java:");
    has(bean.text("dump", ""), "started at", "SeenProgram.live(SeenProgram.java:");
  }

  @Test
  void ctrlBackslashPrintsTheTasksAfterTheThreads() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "signals are sent with kill");
    Process process = start();
    assertFalse(read("out.txt").contains("Thrum tasks of"));
    assertEquals(
        0, new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor());
    has(await(process, "Locks, channels and the like"), "Thrum tasks of", "wanter-0", "mutex db");
  }

  @Test
  void theThreadDumpOfTheJdkNamesTasksAndWhatTheyWaitFor() throws Exception {
    Process process = start();
    Path file = folder.resolve("threads.json");
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
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
