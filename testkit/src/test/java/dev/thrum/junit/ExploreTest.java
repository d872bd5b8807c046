package dev.thrum.junit;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.testkit.ExplorationFailedError;
import dev.thrum.testkit.Explore;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExploreTest {
  private static final AtomicInteger BEFORE = new AtomicInteger();
  private static final AtomicInteger AFTER = new AtomicInteger();

  /// A bug that needs one of two tasks to be overtaken between two of its steps.
  private static final class Window {
    private boolean open;

    void openAndClose() {
      checkpoint();
      open = true;
      checkpoint();
      open = false;
    }

    void look() {
      checkpoint();
      checkpoint();
      checkpoint();
      if (open) {
        throw new AssertionError("it was open");
      }
    }
  }

  static final class Samples {
    private int runs;
    private int prepared;

    @BeforeEach
    void prepare() {
      BEFORE.incrementAndGet();
      prepared++;
    }

    @AfterEach
    void after() {
      AFTER.incrementAndGet();
    }

    @Explore
    void eachRunHasAnInstanceOfItsOwn() {
      assertEquals(1, ++runs);
      assertEquals(1, prepared);
      async(() -> checkpoint());
      checkpoint();
    }

    @Explore
    void fails() {
      var window = new Window();
      gather(() -> window.openAndClose(), () -> window.look());
    }

    @Explore
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void withParameters(int steps) {
      for (int i = 0; i < steps; i++) {
        checkpoint();
      }
    }

    @Replay("thrum1 fifo")
    void oneSchedule() {
      assertEquals(1, ++runs);
    }

    @Explore
    @Replay("thrum1 fifo 3:2#1<1#1@Gone.java:7")
    void staleSchedule() {
      checkpoint();
    }

    @Replay("nonsense")
    void noSchedule() {}

    @Nested
    class Inside {
      @Explore
      void nested() {
        assertEquals(1, ++runs);
        assertEquals(1, prepared);
        async(() -> checkpoint());
      }
    }
  }

  @Test
  void eachRunIsAsATestOfItsOwn() {
    BEFORE.set(0);
    AFTER.set(0);
    Outcome outcome = Outcome.of(Samples.class, "eachRunHasAnInstanceOfItsOwn");
    outcome.passed(1);
    assertTrue(BEFORE.get() > 2, "several runs");
    assertEquals(BEFORE.get(), AFTER.get());
    assertTrue(
        outcome.published().toString().contains("exhaustive"),
        () -> outcome.published().toString());
  }

  @Test
  void aFailureTellsTheScheduleAndHowToRepeatIt() {
    Throwable failure = Outcome.of(Samples.class, "fails").failure();
    assertEquals(ExplorationFailedError.class, failure.getClass());
    assertEquals("it was open", failure.getCause().getMessage());
    String report = String.valueOf(failure.getMessage());
    assertTrue(report.contains("@Replay(\"thrum1 "), report);
    assertTrue(report.contains("ExploreTest.java:"), report);
  }

  @Test
  void aFailureIsDrawnWhereThePropertySays(@TempDir Path folder) throws IOException {
    System.setProperty("thrum.reports", folder.toString());
    try {
      Outcome outcome = Outcome.of(Samples.class, "fails");
      Path page = folder.resolve(Samples.class.getName() + ".fails.html");
      assertTrue(Files.readString(page).contains("it was open"));
      assertTrue(
          outcome.published().contains(page.toString()), () -> outcome.published().toString());
    } finally {
      System.clearProperty("thrum.reports");
    }
  }

  @Test
  void aParameterizedTestIsExploredForEachOfItsArguments() {
    Outcome.of(Samples.class, "withParameters").finished();
    Outcome outcome =
        Outcome.of(Samples.class); // selecting a method by name only finds one without parameters
    long explored =
        outcome.published().stream().filter(entry -> entry.contains("exhaustive")).count();
    assertTrue(explored >= 4, () -> outcome.published().toString());
  }

  @Test
  void aReplayRunsOnce() {
    Outcome.of(Samples.class, "oneSchedule").passed(1);
  }

  @Test
  void aStaleReplaySaysWhereItDiverged() {
    String message =
        String.valueOf(Outcome.of(Samples.class, "staleSchedule").failure().getMessage());
    assertTrue(message.contains("diverged at choice 3: expected task 2 at Gone.java:7"), message);
  }

  @Test
  void aReplayThatIsNoneSaysSo() {
    String message = String.valueOf(Outcome.of(Samples.class, "noSchedule").failure().getMessage());
    assertTrue(message.contains("no replay string"), message);
  }

  private static final List<String> EVENTS = new ArrayList<>();

  static final class Around {
    @BeforeEach
    void before() {
      EVENTS.add("outer before");
    }

    @AfterEach
    void after() {
      EVENTS.add("outer after");
    }

    @Nested
    class Inside {
      @BeforeEach
      void before() {
        EVENTS.add("inner before");
      }

      @AfterEach
      void after() {
        EVENTS.add("inner after");
      }

      @Replay("thrum1 fifo")
      void nested() {
        EVENTS.add("run");
      }
    }
  }

  @Test
  void theInstancesAroundANestedOneAreTornDownToo() {
    EVENTS.clear();
    Outcome.of(Around.class).passed(1);
    List<String> before = List.of("outer before", "inner before");
    List<String> after = List.of("inner after", "outer after");
    // Once for JUnit's instance, and inside that once for the run's own.
    List<String> expected = new ArrayList<>();
    Stream.of(before, before, List.of("run"), after, after).forEach(expected::addAll);
    assertEquals(expected, EVENTS);
  }

  static final class BreakingBefore {
    private static final AtomicInteger MADE = new AtomicInteger();
    private final int number = MADE.incrementAndGet();

    BreakingBefore() {
      if (number == 4) {
        throw new IllegalStateException("not made");
      }
    }

    @AfterEach
    void after() {
      EVENTS.add("after " + number);
    }

    @Explore(strategy = Explorer.Strategy.ONE_DELAY)
    void run() {
      async(() -> checkpoint());
      checkpoint();
    }
  }

  @Test
  void whatCouldNotBeMadeIsNotTornDown() {
    EVENTS.clear();
    Throwable failure = Outcome.of(BreakingBefore.class, "run").failure();
    assertEquals("not made", failure.getCause().getMessage());
    assertEquals(EVENTS.stream().distinct().toList(), EVENTS);
  }

  static final class NeedingParameters {
    @BeforeEach
    void before(TestInfo info) {
      EVENTS.add(info.getDisplayName());
    }

    @Explore
    void run() {
      EVENTS.add("run");
    }
  }

  @Test
  void aMethodAroundEachRunThatTakesParametersIsRefusedBeforeExploring() {
    EVENTS.clear();
    Throwable failure = Outcome.of(NeedingParameters.class, "run").failure();
    assertEquals(ExtensionConfigurationException.class, failure.getClass());
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("NeedingParameters.before"), message);
    assertTrue(!EVENTS.contains("run"), EVENTS::toString);
  }

  @SuppressWarnings("NullAway.Init") // by JUnit
  static final class WithFolder {
    @TempDir Path folder;

    @Explore
    void run() {
      assertTrue(Files.isDirectory(folder));
    }

    @Nested
    class Inside {
      @Explore
      void nested() {
        assertTrue(Files.isDirectory(folder));
      }
    }
  }

  static final class WithExtension {
    @RegisterExtension Remembering remembering = new Remembering();

    @Explore
    void run() {
      assertTrue(remembering.called);
    }
  }

  static final class Remembering implements BeforeEachCallback {
    private boolean called;

    @Override
    public void beforeEach(ExtensionContext context) {
      called = true;
    }
  }

  @SuppressWarnings("NullAway.Init") // by its extension
  @ExtendWith(Naming.class)
  static final class PostProcessed {
    String name;

    @Explore
    void run() {
      assertEquals("given", name);
    }
  }

  static final class Naming implements TestInstancePostProcessor {
    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
      ((PostProcessed) instance).name = "given";
    }
  }

  @Test
  void whatExtensionsPutIntoAnInstanceIsThereInEachRun() {
    Outcome.of(WithFolder.class).passed(2);
    Outcome.of(WithExtension.class).passed(1);
    Outcome.of(PostProcessed.class).passed(1);
  }

  static final class Assuming {
    private static final AtomicInteger RUNS = new AtomicInteger();

    @Explore
    void never() {
      assumeTrue(false, "on Mars");
    }

    @Replay("thrum1 fifo")
    void notOnce() {
      assumeTrue(false, "on Mars");
    }

    @Explore
    void sometimes() {
      assumeTrue(RUNS.incrementAndGet() > 1);
      async(() -> checkpoint());
      checkpoint();
    }
  }

  @Test
  void aTestWhoseAssumptionsNoRunMeetsIsAborted() {
    for (String method : List.of("never", "notOnce")) {
      Outcome outcome = Outcome.of(Assuming.class, method);
      assertEquals(1, outcome.all().testEvents().aborted().count());
      assertEquals(List.of(), outcome.published());
      String message = String.valueOf(outcome.failure().getMessage());
      assertTrue(message.contains("on Mars"), message);
    }
  }

  @Test
  void aTestWhoseAssumptionsARunMeetsPasses() {
    Outcome.of(Assuming.class, "sometimes").passed(1);
  }

  @Test
  void aScheduleOfTheCommandLineIsForTheTestThatItNames() {
    System.setProperty("thrum.replay", "nonsense");
    try {
      assertReplays("eachRunHasAnInstanceOfItsOwn", true);
      System.setProperty("thrum.replay.test", "Samples.fails");
      assertReplays("fails", true);
      assertReplays("eachRunHasAnInstanceOfItsOwn", false);
      System.setProperty("thrum.replay.test", Samples.class.getName() + ".fails");
      assertReplays("fails", true);
      assertReplays("eachRunHasAnInstanceOfItsOwn", false);
    } finally {
      System.clearProperty("thrum.replay");
      System.clearProperty("thrum.replay.test");
    }
  }

  private static void assertReplays(String method, boolean replays) {
    Outcome outcome = Outcome.of(Samples.class, method);
    if (!replays) {
      outcome.passed(1);
      return;
    }
    String message = String.valueOf(outcome.failure().getMessage());
    assertTrue(message.contains("no replay string"), message);
  }
}
