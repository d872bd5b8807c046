package dev.thrum.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.programs.Program;
import dev.thrum.programs.Programs;
import dev.thrum.testkit.ExploreOptions;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Verdict;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The default plan finds every known bug, the same seed finds it in the same way, and the string
/// alone repeats it.
final class RepeatableTest {
  private static final ExploreOptions OPTIONS =
      Explorer.options().schedules(1_000).progress(_ -> {});

  static Stream<Program> programs() {
    boolean portable = "portable".equals(System.getProperty("thrum.engine"));
    return Programs.all().stream().filter(program -> program.portable() || !portable);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void thePlanFindsTheBugAndTheStringRepeatsIt(Program program) {
    Verdict.Failed found = find(program, 7);
    assertFalse(found.replay().isEmpty(), found::report);
    for (int i = 0; i < 2; i++) {
      Verdict again = Explorer.replay(found.replay(), program.buggy());
      Verdict.Failed repeated = assertInstanceOf(Verdict.Failed.class, again, again::report);
      assertEquals(found.failure().getClass(), repeated.failure().getClass());
      assertEquals(List.of(), repeated.uncontrolled());
    }
    assertTrue(Explorer.replay(found.replay(), program.fixed()).passed(), "mended, it passes");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theSameSeedGivesTheSameRuns(Program program) {
    assertEquals(line(program), line(program));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theMendedTwinPasses(Program program) {
    Verdict verdict =
        Explorer.explore(
            OPTIONS.schedules(Integer.getInteger("thrum.schedules", 1_000)), program.fixed());
    assertTrue(verdict.passed(), verdict::report);
    assertEquals(List.of(), verdict.uncontrolled());
  }

  @Test
  void anotherJvmGivesTheSameRuns() throws IOException, InterruptedException {
    List<String> here = new ArrayList<>();
    programs().forEach(program -> here.add(line(program)));
    assertEquals(here, there());
  }

  private static List<String> there() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX"))
        .forEach(command::add);
    command.add("-Dthrum.engine=" + System.getProperty("thrum.engine", "auto"));
    command.addAll(List.of("-cp", classPath(), RepeatableTest.class.getName()));
    Process other =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines = other.inputReader().readAllLines();
    assertEquals(0, other.waitFor());
    return lines;
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /// The other JVM.
  public static void main(String[] args) {
    programs().map(RepeatableTest::line).forEach(System.out::println);
  }

  private static String line(Program program) {
    Verdict.Failed found = find(program, 11);
    return program.name() + " " + found.schedules() + " " + found.replays() + " " + found.replay();
  }

  private static Verdict.Failed find(Program program, long seed) {
    Verdict verdict = Explorer.explore(OPTIONS.seed(seed), program.buggy());
    return assertInstanceOf(Verdict.Failed.class, verdict, () -> "not found: " + verdict.report());
  }
}
