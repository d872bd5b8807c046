package dev.thrum.junit;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.testkit.ExplorationFailedError;
import dev.thrum.testkit.Explore;
import dev.thrum.testkit.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
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
}
