package dev.thrum.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/// What JUnit says of sample tests.
record Outcome(List<Event> finished, EngineExecutionResults all) {

  static Outcome of(Class<?> samples, String method) {
    return of(
        EngineTestKit.engine("junit-jupiter").selectors(selectMethod(samples, method)).execute());
  }

  static Outcome of(Class<?> samples) {
    return of(EngineTestKit.engine("junit-jupiter").selectors(selectClass(samples)).execute());
  }

  private static Outcome of(EngineExecutionResults results) {
    return new Outcome(results.testEvents().finished().list(), results);
  }

  /// The failure of the only test.
  Throwable failure() {
    assertEquals(1, finished.size(), "tests that ran");
    return finished
        .getFirst()
        .getRequiredPayload(TestExecutionResult.class)
        .getThrowable()
        .orElseThrow(() -> new AssertionError("it passed"));
  }

  /// Checks that so many tests ran and all passed.
  void passed(int count) {
    for (Event event : finished) {
      event
          .getRequiredPayload(TestExecutionResult.class)
          .getThrowable()
          .ifPresent(thrown -> {
            throw new AssertionError(
                event.getTestDescriptor().getDisplayName() + " failed", thrown);
          });
    }
    assertEquals(count, finished.size(), "tests that ran");
  }

  /// What was published under the name of Thrum.
  List<String> published() {
    return all.allEvents().reportingEntryPublished().list().stream()
        .map(event ->
            event.getRequiredPayload(org.junit.platform.engine.reporting.ReportEntry.class))
        .map(entry -> entry.getKeyValuePairs().getOrDefault("thrum", ""))
        .toList();
  }
}
