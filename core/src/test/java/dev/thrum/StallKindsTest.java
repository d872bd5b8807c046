package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thrum.outside.StallProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What tools see of a step that holds its loop while it does so, whatever it is that holds it.
class StallKindsTest {
  @TempDir Path folder;
  private SeenJvm jvm;

  /// A way to hold a loop.
  ///
  /// @param name the word that makes the program do it
  /// @param kind what it is to be called
  /// @param method the program's method that it is to be found in
  /// @param advice parts of what is to be done about it
  record Way(String name, String kind, String method, List<String> advice) {
    Way(String name, String kind, String method, String... advice) {
      this(name, kind, method, List.of(advice));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Way way(String name, String kind, String... advice) {
    return new Way(name, kind, name, advice);
  }

  private static Way wait(String name, String method, String advice) {
    String engine = "On the portable engine a wait of the JDK holds the loop";
    return new Way(name, "JDK call", method, engine, advice, "blocking(…)", "--add-opens");
  }

  /// Also makes the file that blocks who opens it, until somebody opens the other end.
  private void start(String... options) throws Exception {
    Path fifo = folder.resolve("Ghost.class");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    jvm =
        SeenJvm.start(
            folder,
            StallProgram.class,
            Stream.concat(Stream.of("--enable-native-access=ALL-UNNAMED"), Stream.of(options))
                .toList(),
            Map.of("HOSTALIASES", fifo.toString()),
            fifo.toString());
    jvm.bean();
  }

  @AfterEach
  void close() throws Exception {
    jvm.close();
  }

  static Stream<List<Way>> onBothEngines() {
    return Stream.of(
        List.of(
            way("reads", "file I/O", "File operations", "AsyncFiles", "blocking(…)"),
            way("opens", "file I/O", "File operations", "AsyncFiles", "blocking(…)"),
            way("pipe", "file I/O", "a process", "Subprocess", "blocking(…)"),
            way("prints", "file I/O", "It prints", "a Channel", "blocking(…)"),
            way("logs", "file I/O", "It logs", "a handler with a thread of its own"),
            way("loads", "file I/O", "loads a class", "before the loop runs", "blocking(…)")),
        List.of(
            way("foreign", "native call", "a foreign function", "blocking(…)"),
            new Way(
                "othersInitializer", "native call", "now", "initializes a class", "blocking(…)")),
        List.of(
            new Way("ownInitializer", "pinned", "awaitGate", "$FirstUse is below", "blocking(…)"),
            new Way("classLoader", "pinned", "awaitGate", "loading of a class", "blocking(…)"),
            new Way("pinnedMonitor", "monitor", "monitor", "another thread holds", "a Mutex")),
        List.of(way("computes", "CPU loop", "parallel(…)", "checkpoint()")));
  }

  @ParameterizedTest
  @MethodSource("onBothEngines")
  void isNamedOnBothEngines(List<Way> ways) throws Exception {
    start();
    for (Way way : ways) {
      jvm.tell(way.name);
      isTold(way);
      isKept(way);
    }
  }

  private static List<Way> onThePortableEngine() {
    return List.of(
        way("monitor", "monitor", "another thread holds", "a Mutex", "blocking(…)"),
        wait("sleep", "waits", "Use sleep(…)"),
        wait("take", "waits", "Use a Channel"),
        wait("acquire", "waits", "Use dev.thrum.sync.Semaphore"),
        wait("latch", "waits", "Use an Event"),
        wait("get", "waits", "Use await(future)"),
        wait("join", "waits", "Use a task and await(task)"),
        wait("lock", "lock", "Use a Mutex"),
        wait("waitFor", "waitFor", "Use Subprocess"),
        wait("socket", "read", "Use Net"),
        wait("http", "ask", "Use HttpClient.sendAsync and await(future)"));
  }

  @Test
  void whatTheConfinedEngineSuspendsHoldsThePortableOne() throws Exception {
    start();
    for (Way way : onThePortableEngine()) {
      jvm.tell(way.name);
      if (Engines.confined()) {
        isNoStall(way);
      } else {
        isTold(way);
        isKept(way);
      }
    }
  }

  /// It waits for longer than a step may take, and the loop is not held meanwhile.
  private void isNoStall(Way way) throws Exception {
    until(() -> {
      for (JsonNode task : jvm.json("tasks", "filter=" + way.name).get("tasks")) {
        if (task.get("state").asText().equals("in a JDK call")
            && task.get("waitsMs").asLong() > 200) {
          return true;
        }
      }
      return false;
    });
    assertEquals(List.of(), stalls("current").toList());
    jvm.tell("end");
    jvm.await("over " + way.name);
    List<JsonNode> recent = stalls("recent").toList();
    assertTrue(
        recent.stream().noneMatch(stall -> stall.get("kind").asText().equals(way.kind)),
        recent.toString());
  }

  @Test
  void aNameThatTheSystemLooksUp() throws Exception {
    start();
    Way way = way("looksUp", "name lookup", "Net.resolve", "Net.connect", "blocking(…)");
    jvm.tell(way.name);
    until(() -> stalls("current").anyMatch(isOf(way)) || isOver(way));
    assumeTrue(!isOver(way), "the system's resolver does not read the file of HOSTALIASES");
    isTold(way); // it then goes on for as long as the network lets it
  }

  @Test
  void aNameThatTheJdkLooksUpInAFile() throws Exception {
    Path hosts = folder.resolve("hosts");
    start("-Djdk.net.hosts.file=" + hosts);
    Files.createSymbolicLink(hosts, folder.resolve("Ghost.class"));
    Way way = way("looksUp", "name lookup", "Net.resolve", "Net.connect", "blocking(…)");
    jvm.tell(way.name);
    isTold(way);
    isKept(way);
  }

  /// It is one only until it has had as much of a processor as a step may take.
  @Test
  void aStepThatGetsNoProcessor() throws Exception {
    start("-Dthrum.stall=1000");
    Way way = way("starves", "no processor");
    jvm.tell(way.name);
    has(stall("current", isOf(way)).get("site").asText(), "StallProgram.computes(");
    until(() -> warnings().anyMatch(text -> text.startsWith("stalled now: task starves")));
    has(stall("current", isOf(way)).get("advice").asText(), "gets little of a processor");
    jvm.tell("end");
    jvm.await("over starves");
  }

  @Test
  void aWaitOfThrumWhereNothingCanBeSuspended() throws Exception {
    start();
    jvm.tell("pinnedSleep");
    if (Engines.confined()) {
      isTold(new Way("pinnedSleep", "pinned", "<clinit>", "$FirstSleep is below", "Only the loop"));
    } else {
      jvm.await("over pinnedSleep");
    }
  }

  @Test
  void nobodyIsBlamedWhenTheWholeJvmStandsStill() throws Exception {
    start("-Dthrum.stall=500");
    jvm.tell("stops"); // for a second
    jvm.await("over stops");
    assertEquals(0, jvm.bean().getStallCount());
    assertEquals(List.of(), stalls("current").toList());
  }

  @Test
  void theLongestOfAPlaceIsKept() throws Exception {
    start();
    Way way = way("computes", "CPU loop");
    for (long atLeast : new long[] {100, 600, 100}) {
      jvm.tell(way.name);
      var _ = stall("current", isOf(way).and(stall -> stall.get("ms").asLong() >= atLeast));
      jvm.tell("end");
      until(() -> stalls("current").findAny().isEmpty());
    }
    JsonNode worst = stall("worst", isOf(way).and(stall -> stall.get("times").asLong() >= 3));
    assertTrue(worst.get("ms").asLong() >= 600, worst.toString());
    assertTrue(jvm.bean().getStallCount() >= 3);
  }

  private void isTold(Way way) throws Exception {
    JsonNode stall = stall("current", isOf(way));
    String site = stall.get("site").asText();
    has(site, "dev.thrum.outside.StallProgram", "." + way.method + "(StallProgram.java:");
    has(stall.get("advice").asText(), way.advice.toArray(String[]::new));
    String said = "task " + way.name + " holds main-loop: its step has taken ";
    String where = "(" + way.kind + ") at " + site;
    untilAll(
        () -> warnings().anyMatch(text -> text.startsWith("stalled now: " + said)),
        // A step that first did something else, such as loading classes, is told of again.
        () -> warnings().anyMatch(text -> isSaid(text, said) && text.contains(where)),
        () -> hasAll(jvm.bean().text("warnings", ""), "stalled now: " + said, where),
        () -> hasAll(jvm.bean().text("stalls", ""), "now: " + said, where, "    at " + site),
        () -> loop().get("state").asText().equals("stalled"),
        () -> jvm.errors().contains(said));
    assertFalse(isOver(way), "it ends only when it is told to");
  }

  private void isKept(Way way) throws Exception {
    jvm.tell("end");
    jvm.await("over " + way.name);
    JsonNode kept = stall("recent", isOf(way));
    JsonNode worst =
        stall(
            "worst",
            stall ->
                stall.get("site").equals(kept.get("site"))
                    && stall.get("kind").asText().equals(way.kind));
    assertTrue(worst.get("ms").asLong() >= 100, worst.toString());
    long count = stalls("recent").count();
    assertTrue(jvm.bean().getStallCount() >= count && loop().get("stalls").asLong() >= count);
  }

  private static boolean isSaid(String text, String beginning) {
    return text.startsWith(beginning) || text.startsWith("still: " + beginning);
  }

  private boolean isOver(Way way) throws Exception {
    return jvm.output().contains("over " + way.name);
  }

  private JsonNode loop() throws Exception {
    return jvm.json("overview", "").get("loops").get(0);
  }

  private Stream<String> warnings() throws Exception {
    return elements(jvm.json("warnings", "").get("warnings"))
        .map(each -> each.get("text").asText());
  }

  private Stream<JsonNode> stalls(String list) throws Exception {
    return elements(jvm.json("stalls", "").get(list));
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static Predicate<JsonNode> isOf(Way way) {
    return stall ->
        stall.get("task").get("name").asText().equals(way.name)
            && stall.get("kind").asText().equals(way.kind);
  }

  /// Waits for one.
  private JsonNode stall(String list, Predicate<JsonNode> wanted) throws Exception {
    until(() -> stalls(list).anyMatch(wanted));
    return stalls(list).filter(wanted).findFirst().orElseThrow();
  }

  private void until(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(jvm.json("stalls", "") + jvm.output() + jvm.errors());
      }
      SeenJvm.pause();
    }
  }

  /// At the same time, since a look at a loop that is held takes long.
  @SafeVarargs
  private void untilAll(Callable<Boolean>... conditions) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (Callable<Boolean> condition : conditions) {
        all.add(
            threads.submit(() -> {
              until(condition);
              return condition;
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private static boolean hasAll(String text, String... parts) {
    return Stream.of(parts).allMatch(text::contains);
  }

  private static void has(String text, String... parts) {
    assertAll(
        Stream.of(parts).map(part -> () -> assertTrue(text.contains(part), part + " in " + text)));
  }
}
