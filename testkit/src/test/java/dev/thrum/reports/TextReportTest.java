package dev.thrum.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.programs.Program;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.internal.TextReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextReportTest {
  static Stream<Program> programs() {
    return Failures.programs();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void theTraceFitsOnAPageAndTellsOnlyOfTheUsersCode(Program program) throws IOException {
    String report = Explorer.explore(Explorer.options().schedules(50), program.buggy()).report();
    Set<String> own = filesOfPrograms();
    for (String line : report.lines().filter(line -> line.contains("│")).toList()) {
      assertTrue(line.length() <= 160, line);
      assertFalse(line.endsWith("→"), line);
      Pattern.compile("(\\w+\\.java):\\d+")
          .matcher(line)
          .results()
          .forEach(site -> assertTrue(own.contains(site.group(1)), line));
    }
  }

  private static Set<String> filesOfPrograms() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/thrum/programs"))) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  /// Without what differs from run to run or moves with the source.
  private static String plain(String report) {
    return report
        .replaceAll("\\.java:\\d+", ".java")
        .replaceAll("@\\d+", "@N")
        .replaceAll(" +", " ");
  }

  @Test
  void anAssertionIsToldFromItsMessageToItsReplay() {
    Failures.assertInOrder(
        plain(Failures.bankTransfer().report()),
        List.of(
            """
            java.lang.AssertionError: no money is lost
             at Program.java, called from LostUpdates.java

            it fails because step 2 of task-2 [1] goes before step 1 of task-3 [2] (choice 2); the\
             other way round it passes (▶ row 3)
            found in schedule 5 (one delay, seed 1), reduced to 1 departure from the plain order and\
            """,
            "\n\n │ main │ task-2 [1] │ task-3 [2] │ task-4 [3]",
            "\n 1 │ starts → LostUpdates.java, waits ",
            "\n 2 │ │ starts → Program.java, yields",
            "\n▶ 3 │ │ Program.java → Program.java,",
            "\n 4 │ │ │ starts → LostUpdates.java, yields",
            "\n 6 │ │ Program.java → fails │ │\n",
            "\n 9 │ LostUpdates.java → fails │ │ │\n",
            """
            ▶ here the schedule leaves the plain order

            to repeat it: @Replay("thrum1 fifo 2:1#1<2#0@Program.java")
            """));
  }

  @Test
  void aDeadlockIsToldFromItsMessageToItsReplay() {
    Failures.assertInOrder(
        plain(Failures.lostWakeup().report()),
        List.of(
            """
            dev.thrum.DeadlockException: deadlock: every task waits, and nothing is left that could wake one

            it fails because step 1 of task-3 [2] goes before step 2 of task-2 [1] (choice 2);\
            """,
            "\n\n │ main │ task-2 [1] │ task-3 [2]\n",
            "\n▶ 3 │ │ │ starts → Wakeups.java, yields\n",
            "\n 5 │ │ │ BargingLock.java → ends\n",
            """
            ▶ here the schedule leaves the plain order

            who waits for whom:
             main → the end of its children (at Wakeups.java, in Program.java) → task-2 [1]
             task-2 [1] → event@N, not set, 1 waiting (at Sleepers.java, in Wakeups.java)
            orphan wait: task-2 waits for event@N, not set, 1 waiting, which nobody is left to signal:\
            """,
            "\n\nto repeat it: @Replay(\"thrum1 stay 2:2#0<1#1\")\n"));
  }

  @Test
  void theTimeIsShownOnlyIfItMoves() {
    String moving = Failures.lostItem().report();
    Failures.assertInOrder(moving, List.of("  1 │   0 s │ starts", "  4 │ 10 ms │"));
    assertFalse(Failures.bankTransfer().report().contains("0 s"));
  }

  @Test
  void aCycleIsToldOnce() {
    String report = Failures.twoLocks().report();
    Failures.assertInOrder(
        report,
        List.of(
            "DeadlockException: task-",
            "who waits for whom:\n",
            " → mutex left → task-",
            "cycle: task-",
            "to repeat it: @Replay("));
  }

  @Test
  void manyTasksStandBelowEachOther() {
    String report = Failures.manyTasks(20).report();
    Failures.assertInOrder(
        report, List.of("│ task         │ step\n", " 2 │ task-2 [1]   │ starts → "));
  }

  @Test
  void stepsThatRepeatThemselvesStandOnce() {
    String report = Failures.of("rare_narrow_window", Explorer.Strategy.ONE_SWITCH).report();
    assertTrue(report.contains(" times)"), report);
  }

  @Test
  void aLongTraceIsCut() {
    String report = Failures.longRun(5_000).report();
    assertTrue(report.lines().count() < 300, report);
    assertTrue(report.contains(" steps are left out\n"), report);
  }

  @Test
  void whatWasNotControlledIsSaid() {
    List<String> notes = List.of("the first", "the second");
    assertEquals(
        """
        passed (sampled 2 schedules of about 46,000; 2,000 a second)
          not controlled: the first
          not controlled: the second\
        """,
        TextReport.passed("SAMPLED", 2, Duration.ofMillis(1), 45_678, notes));
  }
}
