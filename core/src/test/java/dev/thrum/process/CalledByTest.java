package dev.thrum.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Runner;
import dev.thrum.debug.UserCode;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is said of a child JVM that cannot be killed: whose body it runs.
class CalledByTest {
  private static String calledBy(boolean debug) {
    ProcessBody<Integer, RuntimeException> body = () -> 1;
    return Runner.builder()
        .debug(debug)
        .run(() -> UserCode.calls(() -> Call.of(body, Set.of()).calledBy()));
  }

  @Test
  void aCallKnowsItsCallerAndInDebugModeThePlace() {
    assertEquals(
        ". The body is that of main. Run with THRUM_DEBUG=1 to see where it was called",
        calledBy(false));
    String named = calledBy(true);
    assertTrue(
        named.startsWith(". The body is that of main. It was called" + UserCode.PLACE), named);
  }
}
