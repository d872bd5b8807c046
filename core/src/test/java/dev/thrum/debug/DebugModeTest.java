package dev.thrum.debug;

import static dev.thrum.Async.async;
import static dev.thrum.Async.background;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.parallel;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.CancelledException;
import dev.thrum.LogLines;
import dev.thrum.Loop;
import dev.thrum.Runner;
import dev.thrum.Task;
import dev.thrum.VoidBody;
import dev.thrum.channel.Broadcast;
import dev.thrum.file.AsyncFiles;
import dev.thrum.inspect.Inspector;
import dev.thrum.inspect.ThrumMXBean;
import dev.thrum.inspect.Trace;
import dev.thrum.process.Processes;
import dev.thrum.process.Signals;
import dev.thrum.process.Subprocess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// In debug mode, what goes wrong names the line of the program where it began. In a package that
/// is none of Thrum's, so that its frames are a user's.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DebugModeTest {
  private static final String HINT = "Run with THRUM_DEBUG=1 to see where it was ";

  @TempDir static Path folder;

  private final LogLines log = new LogLines();
  private CountDownLatch begun = new CountDownLatch(0);
  private int line;

  @BeforeEach
  void makeFile() throws IOException {
    Files.writeString(folder.resolve("text"), "one\ntwo\n");
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  private static <X extends Throwable> void debugging(VoidBody<X> body) throws X {
    Runner.builder().debug(true).run(body);
  }

  private static <X extends Throwable> void plainly(VoidBody<X> body) throws X {
    Runner.builder().debug(false).run(body);
  }

  private static int here() {
    return StackWalker.getInstance()
        .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
  }

  /// The place where `line` was noted, one line further down.
  private String noted(String method) {
    return "at dev.thrum.debug.DebugModeTest." + method + "(DebugModeTest.java:" + line + ")";
  }

  private void says(String... parts) {
    assertEquals(1, log.messages().size(), log.messages()::toString);
    String message = log.messages().getFirst();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> message + "\nlacks " + part);
    }
  }

  /// The stack shows this class and nothing of Thrum or the JDK.
  private static void isOwn(Throwable place, String method) {
    List<StackTraceElement> frames = List.of(place.getStackTrace());
    assertEquals(method, frames.getFirst().getMethodName());
    assertTrue(
        frames.stream()
            .allMatch(frame -> frame.getClassName().startsWith(DebugModeTest.class.getName())),
        frames::toString);
  }

  private void saysNothing() {
    assertEquals(List.of(), log.messages());
  }

  // Failures that nobody asks for

  private void submitFailing() {
    line = here() + 1;
    var _ = Loop.current().submit(() -> fail());
  }

  private static void fail() throws IOException {
    throw new IOException("boom");
  }

  /// Until the task is garbage: the loop moves on, since it keeps hold of the one that ran last.
  private void awaitUnheard() {
    for (int i = 0; i < 1_000 && log.messages().isEmpty(); i++) {
      System.gc();
      sleep(ofMillis(5));
    }
  }

  @Test
  void aFailureThatNobodyAskedForNamesWhereItsTaskWasSubmitted() {
    debugging(() -> {
      submitFailing();
      awaitUnheard();
    });
    says("nobody asked for its result. It was started ", noted("submitFailing"));
    Throwable failure = log.exceptions().getFirst();
    assertEquals("boom", failure.getMessage());
    assertEquals("the task was started here", failure.getSuppressed()[0].toString());
    isOwn(failure.getSuppressed()[0], "submitFailing");
  }

  @Test
  void withoutDebugModeItSaysHowToSeeThat() {
    plainly(() -> {
      submitFailing();
      awaitUnheard();
    });
    says("nobody asked for its result. " + HINT + "started");
    assertEquals(0, log.exceptions().getFirst().getSuppressed().length);
  }

  @Test
  void aFailureThatSomebodyAsksForIsNotLogged() {
    debugging(() -> {
      Task<?> failing = Loop.current().submit(() -> fail());
      assertThrows(ExecutionException.class, failing::get);
    });
    debugging(() -> {
      Task<?> failing = async(() -> fail());
      assertThrows(IOException.class, failing::await);
    });
    saysNothing();
  }

  @Test
  void aFailureWithNobodyToTellNamesWhereItsTaskWasStarted() {
    debugging(() -> {
      line = here() + 1;
      background(() -> failOnceCancelled());
      checkpoint();
    });
    says("failed with nobody to tell. It was started ", "DebugModeTest.java:" + line + ")");
  }

  private static void failOnceCancelled() throws IOException {
    try {
      sleep(ofHours(1));
    } catch (CancelledException e) {
      fail();
    }
  }

  // Swallowed cancellations

  private Task<?> startGlutton() {
    line = here() + 1;
    return async("glutton", () -> swallow());
  }

  private static void swallow() {
    try {
      sleep(ofHours(1));
    } catch (CancelledException _) {
      // and not thrown on
    }
  }

  @Test
  void aSwallowedCancellationNamesWhereItsTaskWasStarted() {
    debugging(() -> {
      Task<?> glutton = startGlutton();
      checkpoint();
      glutton.cancel("enough");
    });
    says("glutton was cancelled and returned all the same", "started " + noted("startGlutton"));
    isOwn(log.exceptions().getFirst(), "startGlutton");
  }

  @Test
  void aCancellationThatIsThrownOnIsNotLogged() {
    debugging(() -> {
      Task<?> sleeper = async(() -> sleep(ofHours(1)));
      checkpoint();
      sleeper.cancel("enough");
    });
    saysNothing();
  }

  // What is left open

  /// What a program may forget to close.
  enum Resource {
    FILE("file "),
    LINES("the lines of "),
    PROCESS("cat (pid "),
    PIPELINE("cat (pid "),
    SIGNALS("signals HUP"),
    POOL("pool of up to 1 child JVMs"),
    READER("reader of broadcast"),
    TRACE("trace ");

    final String text;

    Resource(String text) {
      this.text = text;
    }
  }

  private AutoCloseable open(Resource resource) throws IOException {
    Path text = folder.resolve("text");
    line = here() + 1;
    return switch (resource) {
      case FILE -> AsyncFiles.open(text);
      case LINES -> AsyncFiles.lines(text);
      case PROCESS -> Subprocess.start("cat");
      case PIPELINE -> Subprocess.pipeline(Subprocess.command("cat"), Subprocess.command("cat"));
      case SIGNALS -> Signals.receive("HUP");
      case POOL -> Processes.builder().workers(1).build();
      case READER -> openReader();
      case TRACE -> Trace.to(folder.resolve("trace"));
    };
  }

  private static AutoCloseable openReader() {
    Broadcast<String> news = Broadcast.create(2);
    Broadcast.Reader<String> reader = news.subscribe();
    news.send("not read");
    return reader;
  }

  private static void assumeCanBeOpened(Resource resource) {
    boolean isUnix = File.separatorChar == '/';
    assumeTrue(
        isUnix
            || !List.of(Resource.PROCESS, Resource.PIPELINE, Resource.SIGNALS).contains(resource),
        "there is no cat and no HUP");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsLeftOpenNamesWhereItWasOpened(Resource resource) throws Exception {
    assumeCanBeOpened(resource);
    List<AutoCloseable> opened = new ArrayList<>();
    debugging(() -> opened.add(open(resource)));
    try {
      says(
          resource.text,
          " was left open at the end of its loop; close it, or open it in a try block. It was"
              + " opened at dev.thrum.debug.DebugModeTest.open");
      Throwable place = log.exceptions().getFirst();
      StackTraceElement opener =
          List.of(place.getStackTrace()).get(resource == Resource.READER ? 1 : 0);
      isOwn(place, resource == Resource.READER ? "openReader" : "open");
      assertEquals("open", opener.getMethodName());
      assertEquals(line + 1 + List.of(Resource.values()).indexOf(resource), opener.getLineNumber());
    } finally {
      opened.getFirst().close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsClosedIsNotNamed(Resource resource) throws Exception {
    assumeCanBeOpened(resource);
    debugging(() -> open(resource).close());
    saysNothing();
  }

  @ParameterizedTest
  @EnumSource
  void withoutDebugModeNobodyLooks(Resource resource) throws Exception {
    assumeCanBeOpened(resource);
    List<AutoCloseable> opened = new ArrayList<>();
    plainly(() -> opened.add(open(resource)));
    opened.getFirst().close();
    saysNothing();
  }

  @Test
  void whatIsOverNeedsNoClosing() throws IOException {
    debugging(() -> {
      for (String _ : AsyncFiles.lines(folder.resolve("text"))) {
        checkpoint();
      }
      var idle = Broadcast.<String>create(2).subscribe();
      assertEquals(0, idle.size());
      var ended = Broadcast.<String>create(2);
      var reader = ended.subscribe();
      ended.send("not read");
      ended.close();
      assertEquals(1, reader.size());
    });
    saysNothing();
  }

  @Test
  void aProgramThatHasExitedNeedsNoClosing() throws IOException {
    assumeCanBeOpened(Resource.PROCESS);
    debugging(() -> assertEquals(0, Subprocess.start("true").waitFor()));
    saysNothing();
  }

  // Tasks that the end of the run cuts off, or that do not end then

  private void submitSleeper() {
    line = here() + 1;
    var _ = Loop.current().submit(() -> sleep(ofHours(1)));
  }

  @Test
  void aSubmittedTaskThatTheEndOfTheRunCutsOffNamesWhereItWasSubmitted() {
    Runner.builder()
        .debug(true)
        .name("short")
        .run(() -> {
          submitSleeper();
          checkpoint();
        });
    says(
        "submitted task ",
        "was cut off, since the run of short ended before it did",
        "started " + noted("submitSleeper"));
    isOwn(log.exceptions().getFirst(), "submitSleeper");
  }

  @Test
  void aSubmittedTaskIsCutOffAlsoWhenTheMainTaskFails() {
    assertThrows(
        IOException.class,
        () ->
            debugging(() -> {
              submitSleeper();
              checkpoint();
              fail();
            }));
    says("was cut off", "started " + noted("submitSleeper"));
  }

  @Test
  void whatIsCancelledOrEndsByItselfIsNotCutOff() {
    debugging(() -> {
      Task<?> cancelled = Loop.current().submit(() -> sleep(ofHours(1)));
      Task<?> ends = Loop.current().submit(() -> checkpoint());
      var _ = Loop.current().submit(() -> shield(() -> sleep(ofMillis(1))));
      background(() -> sleep(ofHours(1)));
      ends.await();
      cancelled.cancel("enough");
    });
    saysNothing();
  }

  @Test
  void withoutDebugModeWhatIsCutOffIsNotLogged() {
    plainly(() -> {
      submitSleeper();
      checkpoint();
    });
    saysNothing();
  }

  private void startStubborn() {
    line = here() + 1;
    background(() -> endOnceLogged());
  }

  private void endOnceLogged() {
    try {
      sleep(ofHours(1));
    } finally {
      shield(() -> {
        while (log.messages().isEmpty()) {
          sleep(ofMillis(1));
        }
      });
    }
  }

  @Test
  void aBackgroundTaskThatDoesNotEndNamesWhereItWasStarted() {
    Runner.builder()
        .debug(true)
        .cancelGrace(ofMillis(20))
        .run(() -> {
          startStubborn();
          checkpoint();
        });
    says(
        "background task ",
        " still runs 20 ms after it was told to end, and its owner waits for it",
        "started " + noted("startStubborn"));
    isOwn(log.exceptions().getFirst(), "startStubborn");
  }

  // Work that outlives the bound

  private void awaitWhateverComes(CountDownLatch latch) {
    begun.countDown();
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException _) {
        // that is what makes it stubborn
      }
    }
  }

  private void block(CountDownLatch latch) {
    line = here() + 1;
    blocking(() -> awaitWhateverComes(latch));
  }

  private void compute(CountDownLatch latch) {
    line = here() + 1;
    parallel(() -> awaitWhateverComes(latch));
  }

  private void outlive(boolean debug, VoidBody<RuntimeException> work) {
    begun = new CountDownLatch(1);
    Runner.builder()
        .debug(debug)
        .cancelGrace(ofMillis(20))
        .run(() -> {
          Task<?> caller = async("caller", work);
          while (begun.getCount() > 0) {
            sleep(ofMillis(1));
          }
          caller.cancel("enough");
        });
  }

  @Test
  void workThatIsLeftAloneNamesWhoCalledItAndWhere() {
    for (boolean debug : new boolean[] {true, false}) {
      CountDownLatch latch = new CountDownLatch(1);
      try (LogLines own = new LogLines()) {
        outlive(debug, () -> block(latch));
        outlive(debug, () -> compute(latch));
        assertEquals(2, own.messages().size(), own.messages()::toString);
        isNamed(own, 0, "blocking work of caller still runs 20 ms", "block");
        isNamed(own, 1, "parallel work of caller still runs 20 ms", "compute");
      } finally {
        latch.countDown();
      }
    }
  }

  private static void isNamed(LogLines log, int index, String text, String method) {
    String message = log.messages().get(index);
    assertTrue(message.contains(text), message);
    assertTrue(
        message.contains("It was called at dev.thrum.debug.DebugModeTest." + method + "("),
        message);
    Throwable work = log.exceptions().get(index);
    assertEquals("it runs here", work.getMessage());
    assertTrue(
        List.of(work.getStackTrace()).stream()
            .anyMatch(frame -> frame.getMethodName().equals("awaitWhateverComes")));
    assertEquals("it was called here", work.getSuppressed()[0].getMessage());
    isOwn(work.getSuppressed()[0], method);
  }

  // The dump

  private void startInBackground() {
    line = here() + 1;
    background(() -> sleep(ofHours(1)));
  }

  @Test
  void theDumpShowsWhereSubmittedAndBackgroundTasksWereStarted() throws IOException {
    debugging(() -> {
      submitSleeper();
      int submitted = line;
      startInBackground();
      checkpoint();
      showsOrigin("submitted", "submitSleeper", submitted);
      showsOrigin("background", "startInBackground", line);
    });
  }

  private static void showsOrigin(String kind, String method, int line) throws IOException {
    String place = "dev.thrum.debug.DebugModeTest." + method + "(DebugModeTest.java:" + line + ")";
    ThrumMXBean bean = Inspector.local();
    String text = bean.text("dump", "");
    assertTrue(
        Pattern.compile(" \\(" + kind + "\\):[^#]*?started at\n[│ ]*" + Pattern.quote(place))
            .matcher(text)
            .find(),
        text);
    String all = bean.json("tasks", "");
    Matcher task = Pattern.compile("\"id\":(\\d+),[^{}]*\"kind\":\"" + kind + "\"").matcher(all);
    assertTrue(task.find(), all);
    String one = bean.json("task", "id=" + task.group(1));
    assertTrue(one.contains("\"origin\":[\"" + place + "\""), one);
  }

  private Task<?> startFailing() {
    line = here() + 1;
    return async("failing", () -> fail());
  }

  @Test
  void theListOfWarningsShowsWhereATaskThatFailedUnawaitedWasStarted() {
    debugging(() -> {
      Task<?> failing = startFailing();
      checkpoint();
      String warnings = Inspector.local().text("warnings", "");
      assertTrue(
          warnings.contains(
              "nobody has awaited it; its owner hears of it when its body ends. It was started "
                  + noted("startFailing")),
          warnings);
      assertThrows(IOException.class, failing::await);
      assertFalse(Inspector.local().text("warnings", "").contains("nobody has awaited it"));
    });
  }

  @Test
  void withoutDebugModeTheDumpSaysNothingOfIt() {
    plainly(() -> {
      submitSleeper();
      checkpoint();
      assertFalse(Inspector.local().text("dump", "").contains("started at"));
    });
  }
}
