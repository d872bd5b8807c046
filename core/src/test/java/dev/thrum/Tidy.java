package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Runs a body on a loop with virtual time, on the engine under test, and checks afterwards that
/// nothing is left: no child, no timer, no wait for the outside, no error that nobody asked for.
///
/// A loop that an instrument watches takes other ways than one that nobody watches, so that a test
/// is to run in both.
enum Tidy {
  ALONE,
  WATCHED;

  /// Runs a body.
  <X extends Throwable> void run(VoidBody<X> body) throws X {
    run(new VirtualTime(), body);
  }

  /// Runs a body on a clock that it can move.
  <X extends Throwable> void run(VirtualTime time, VoidBody<X> body) throws X {
    List<String> reports = new ArrayList<>();
    List<LoopImpl> loops = new ArrayList<>();
    Census census = new Census();
    Runner.Builder builder =
        Runner.builder()
            .time(time)
            .exceptionHandler((task, exception) -> reports.add(task.name() + ": " + exception));
    if (this == WATCHED) {
      builder.instrument(census);
    }
    builder.run(() -> {
      loops.add(TaskImpl.current("a test").loop);
      body.run();
    });
    LoopImpl loop = loops.getFirst();
    assertEquals(List.of(), reports, "errors that nobody was told");
    assertEquals(Set.of(), census.alive, "tasks that have not ended");
    assertNull(loop.main().firstChild(), "a child that has not ended");
    assertEquals(0, loop.timers.size(), "timers that are still set");
    assertEquals(0, loop.outside, "waits for the outside that are still counted");
  }

  /// Counts the tasks.
  private static final class Census implements Instrument {
    final Set<String> alive = new LinkedHashSet<>();

    @Override
    public void spawned(Task<?> task, long nanos) {
      alive.add(task.name());
    }

    @Override
    public void done(Task<?> task, long nanos) {
      alive.remove(task.name());
    }
  }
}
