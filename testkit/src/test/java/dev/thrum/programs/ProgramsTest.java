package dev.thrum.programs;

import static dev.thrum.Async.timeout;
import static java.time.Duration.ofDays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.Runner;
import dev.thrum.VoidBody;
import dev.thrum.testkit.VirtualClock;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProgramsTest {
  static Stream<Program> programs() {
    boolean portableEngine = "portable".equals(System.getProperty("thrum.engine"));
    return Programs.all().stream().filter(program -> program.portable() || !portableEngine);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void theBugShowsInTheNormalOrderOnlyWhereThatIsSaid(Program program) {
    var failure = failureOf(program.buggy());
    if (program.failsInFifoOrder()) {
      assertNotNull(failure, "it ended normally");
    } else {
      assertPassed(failure);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void whatIsMendedEndsNormally(Program program) {
    assertPassed(failureOf(program.fixed()));
  }

  @Test
  void aProgramIsFoundByItsName() {
    assertEquals("account", Programs.named("account").name());
    assertThrows(NoSuchElementException.class, () -> Programs.named("accounts"));
  }

  @Test
  void noTwoHaveOneName() {
    var names = Programs.all().stream().map(Program::name).collect(Collectors.toSet());
    assertEquals(Programs.all().size(), names.size());
  }

  private static void assertPassed(@Nullable Throwable failure) {
    if (failure != null) {
      throw new AssertionError("it failed: " + failure, failure);
    }
  }

  /// What came out of a body; a deadlock is a timeout, since the clock jumps to it.
  private static @Nullable Throwable failureOf(VoidBody<?> body) {
    VoidBody<Throwable> limited = () -> timeout(ofDays(1), body);
    try {
      Runner.builder().time(VirtualClock.autojump()).run(limited);
      return null;
    } catch (Throwable failure) {
      return failure;
    }
  }
}
