package dev.thrum.testkit;

import dev.thrum.testkit.internal.Explanation;
import dev.thrum.testkit.internal.HtmlReport;
import dev.thrum.testkit.internal.TextReport;
import dev.thrum.testkit.internal.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What an exploration has found.
public sealed interface Verdict {

  /// How much of all schedules has been tried.
  enum Coverage {
    /// Every one: the body is right under each order of its tasks.
    EXHAUSTIVE,
    /// Every one that leaves the loop's own order at most once, and a sample of the rest.
    ONE_DELAY,
    /// A sample.
    SAMPLED
  }

  /// How many runs were made, those for the explanation of a failure not counted.
  ///
  /// @return the number
  long schedules();

  /// How long they took.
  ///
  /// @return by the machine's clock
  Duration time();

  /// What could not be controlled, one sentence each: calls that waited by the machine's clock,
  /// threads that sent something, choices that led elsewhere the second time.
  ///
  /// @return empty if everything was under control
  List<String> uncontrolled();

  /// Whether every run passed.
  ///
  /// @return true if it did
  boolean passed();

  /// Throws what the failing run threw, with the explanation as its message.
  ///
  /// @return this, if it passed
  /// @throws ExplorationFailedError if a run failed
  Passed orThrow();

  /// As people read it.
  ///
  /// @return one line for a pass, the whole report for a failure
  String report();

  /// The same as a page for a browser, with a drawing of the schedule and of who waits for whom. It
  /// is a single file that needs no script, no network and no other file.
  ///
  /// @return the page, in HTML that is XML as well
  String html();

  /// Writes that page into a file, in UTF-8, for a build to keep. Folders that are missing are
  /// made; a file that is there is replaced, and nobody sees it half written where the file system
  /// can do that.
  ///
  /// @param file where to
  /// @return the same path
  /// @throws IOException if it cannot be written
  default Path writeHtml(Path file) throws IOException {
    return WholeFile.write(file, html());
  }

  /// Every run passed.
  ///
  /// @param coverage how much was tried
  /// @param schedules how many runs were made
  /// @param time how long they took
  /// @param estimate about how many schedules there are, 0 if unknown; for large trees only an
  ///   order of magnitude
  /// @param uncontrolled what could not be controlled, one sentence each
  record Passed(
      Coverage coverage, long schedules, Duration time, double estimate, List<String> uncontrolled)
      implements Verdict {

    @Override
    public boolean passed() {
      return true;
    }

    @Override
    public Passed orThrow() {
      return this;
    }

    @Override
    public String report() {
      return TextReport.passed(this.coverage.name(), schedules, time, estimate, uncontrolled);
    }

    @Override
    public String html() {
      return HtmlReport.passed(this.coverage.name(), schedules, time, estimate, uncontrolled);
    }
  }

  /// A run failed.
  final class Failed implements Verdict {
    private final long schedules;
    private final Duration time;
    private final List<String> uncontrolled;
    private final Explanation explanation;

    Failed(long schedules, Duration time, List<String> uncontrolled, Explanation explanation) {
      this.schedules = schedules;
      this.time = time;
      this.uncontrolled = uncontrolled;
      this.explanation = explanation;
    }

    @Override
    public long schedules() {
      return schedules;
    }

    @Override
    public Duration time() {
      return time;
    }

    @Override
    public List<String> uncontrolled() {
      return uncontrolled;
    }

    @Override
    public boolean passed() {
      return false;
    }

    /// What the shortest failing run threw.
    ///
    /// @return the failure
    public Throwable failure() {
      return explanation.failure();
    }

    /// The string that repeats it, for [Explorer#replay] and [Replay].
    ///
    /// @return the string; empty if it could not be repeated
    public String replay() {
      return explanation.replay();
    }

    /// How many departures from a plain order the shortest failing schedule has.
    ///
    /// @return the number
    public int deviations() {
      return explanation.deviations();
    }

    /// How many runs it took to reduce and explain it.
    ///
    /// @return the number
    public int replays() {
      return explanation.replays();
    }

    @Override
    public Passed orThrow() {
      throw new ExplorationFailedError(report(), failure());
    }

    @Override
    public String report() {
      return TextReport.failed(schedules, explanation, uncontrolled);
    }

    @Override
    public String html() {
      return HtmlReport.failed(schedules, time, explanation, uncontrolled);
    }
  }
}
