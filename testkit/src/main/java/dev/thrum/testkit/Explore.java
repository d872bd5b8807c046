package dev.thrum.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test whose method runs as the main task of a loop under many orders of its tasks; see
/// [Explorer].
///
/// ```java
/// @Explore(schedules = 5_000)
/// void noOverdraft() {
///   var account = new Account(100);
///   gather(() -> account.withdraw(80), () -> account.withdraw(80));
///   assertTrue(account.balance() >= 0);
/// }
/// ```
///
/// Each run has a new instance of the test class, with its `@BeforeEach` and `@AfterEach` methods
/// around it, outside the loop; of a `@Nested` class, those of the classes around it too. Such
/// methods take no parameters.
///
/// All runs share JUnit's instance, and `@BeforeEach` and `@AfterEach` are around all of them
/// together, where an instance cannot be made anew: the class keeps one for all tests
/// (`@TestInstance(PER_CLASS)`), its constructor takes parameters, an instance field of it has
/// `@TempDir` or `@RegisterExtension`, or an extension at the class post-processes or makes
/// instances. What other extensions put into fields is missing in new instances: keep one for all
/// tests then.
///
/// A run whose assumptions are not met passes; if no run meets them the test is aborted.
///
/// The failure message ends with a line that can be put above the method, [Replay]: the test then
/// runs that one schedule. `-Dthrum.replay="…"` does the same from the command line, for all
/// explored tests of the run, or with `-Dthrum.replay.test=Class.method` for that one. With
/// `-Dthrum.reports=FOLDER` the failing schedule is drawn as a page there too. What could not be
/// controlled is published as a report entry named `thrum`.
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@ExtendWith(AsyncExtension.class)
public @interface Explore {

  /// How many runs at most.
  ///
  /// @return the number
  long schedules() default 10_000;

  /// How long at most, by the machine's clock.
  ///
  /// @return seconds
  double seconds() default 10;

  /// Where the random numbers begin.
  ///
  /// @return the seed; 0 stands for the system property `thrum.seed`, else 1
  long seed() default 0;

  /// Which runs.
  ///
  /// @return the strategy
  Explorer.Strategy strategy() default Explorer.Strategy.PLAN;

  /// After how many steps a run counts as a livelock.
  ///
  /// @return the number
  int steps() default 20_000;

  /// Whether a task is cancelled somewhere in each run, see [ExploreOptions#cancelAnywhere()].
  ///
  /// @return false unless chosen
  boolean cancelAnywhere() default false;

  /// Whether timers may fire although tasks are ready, see [ExploreOptions#timeSkew()].
  ///
  /// @return false unless chosen
  boolean timeSkew() default false;

  /// Whether tasks share nothing but what is tracked, see [ExploreOptions#sharedOnly()].
  ///
  /// @return false unless chosen
  boolean sharedOnly() default false;
}
