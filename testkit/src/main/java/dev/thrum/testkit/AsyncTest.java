package dev.thrum.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test whose method is the main task of a loop with virtual time.
///
/// ```java
/// @AsyncTest
/// void anHourIsOver() {
///   var tea = async(() -> { sleep(ofHours(1)); return "tea"; });
///   assertEquals("tea", await(tea));
/// }
/// ```
///
/// The loop's clock is a [VirtualClock#autojump()]; a parameter of that type is it. The engine is
/// the confined one where the JVM's flags allow it. Debug mode is on. Each test has a loop of its
/// own; `@BeforeEach` and `@AfterEach` methods run outside of it. With `@ParameterizedTest` or
/// `@RepeatedTest` at the same method, each invocation is such a test.
///
/// **It fails also** when the test is over and
/// - a task swallowed its cancellation,
/// - a connection, listener or the like was left open,
/// - work did not react to its cancellation, or a submitted task had to be cancelled by the end,
/// - an error reached the loop's exception handler,
///
/// and when it hangs: all tasks wait with nothing that could wake one, or the timeout is over. Then
/// the message shows every task, what it waits for and where. While a task waits in a call of the
/// JDK only the timeout counts: the machine's clock or another thread may end that. A call that
/// waited by the machine's clock (on the confined engine) is named on the standard error output and
/// as a report entry.
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@ExtendWith(AsyncExtension.class)
public @interface AsyncTest {

  /// How long the test may take by the machine's clock, in seconds.
  ///
  /// @return the bound
  double timeout() default 10;

  /// Whether it fails for the warnings that Thrum gives meanwhile: cancellations swallowed, things
  /// left open, work left alone. They are those of the whole JVM; turn it off for tests that run in
  /// parallel with others which provoke such warnings.
  ///
  /// @return true unless chosen
  boolean strict() default true;
}
