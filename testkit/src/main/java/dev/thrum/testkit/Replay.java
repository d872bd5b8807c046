package dev.thrum.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// Runs one schedule of a test, the one that a failure message names: to look at it in a debugger,
/// and to see that it is mended. May stand beside [Explore], which then waits.
///
/// Without a change to the program, `-Dthrum.replay="…"` does the same for tests with [Explore]:
/// for all that run, or with `-Dthrum.replay.test=Class.method` for that one. The class's name may
/// be the simple one or, as `Class.getName` gives it, the full one.
///
/// When the program has changed so much that the schedule no longer fits, the test fails and says
/// where it diverged.
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@ExtendWith(AsyncExtension.class)
public @interface Replay {

  /// The schedule.
  ///
  /// @return the string of the failure message
  String value();
}
