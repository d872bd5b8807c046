package dev.thrum.testkit.internal;

import dev.thrum.Instrument;
import dev.thrum.Loop;
import dev.thrum.Task;
import dev.thrum.inspect.Inspector;
import dev.thrum.internal.Steered;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/// Watches the tasks of a test: who lives, who waited by the machine's clock, who had to be ended.
public final class Watch implements Instrument {
  private final Set<Task<?>> alive = Collections.synchronizedSet(new LinkedHashSet<>());
  private final Uncontrolled realTime = new Uncontrolled();
  private final List<String> cut = Collections.synchronizedList(new ArrayList<>());

  /// A watch that has seen nothing.
  public Watch() {}

  @Override
  public void spawned(Task<?> task, long nanos) {
    alive.add(task);
  }

  @Override
  public void blocked(Task<?> task, Object on, long nanos) {
    if (task instanceof Steered steered
        && steered.isInJdk()
        && steered.thread().getState() == Thread.State.TIMED_WAITING) {
      realTime.realTime(steered);
    }
  }

  @Override
  public void done(Task<?> task, long nanos) {
    alive.remove(task);
    if (task.state() == Future.State.CANCELLED
        && task instanceof Steered steered
        && steered.isSubmitted()
        && steered.mustLeave()
        && String.valueOf(task.outcome()).contains("its owner has ended")) {
      cut.add(task.name());
    }
  }

  /// Whether a task waits in a call of the JDK, which the machine's clock or another thread may
  /// end.
  ///
  /// @return true if one does
  public boolean waitsInJdk() {
    synchronized (alive) {
      return alive.stream()
          .map(Steered.class::cast)
          .filter(Steered::isInJdk)
          .map(task -> task.thread().getState())
          .anyMatch(state ->
              state == Thread.State.TIMED_WAITING
                  || state == Thread.State.WAITING
                  || state == Thread.State.BLOCKED);
    }
  }

  /// The calls that waited by the machine's clock.
  ///
  /// @return a sentence each
  public List<String> realTime() {
    return realTime.notes();
  }

  /// Submitted tasks that the end of the run had to cancel.
  ///
  /// @return their names
  public List<String> cut() {
    return List.copyOf(cut);
  }

  /// Every task that lives, what it waits for, and where. From any thread.
  ///
  /// @return lines
  public String dump() {
    List<Task<?>> all;
    synchronized (alive) {
      all = List.copyOf(alive);
    }
    return all.isEmpty() ? "no task lives" : dumpOf(all.getFirst().loop());
  }

  private static String dumpOf(Loop loop) {
    String name = URLEncoder.encode(loop.name(), StandardCharsets.UTF_8);
    return loop.isClosed()
        ? loop.name() + " has ended"
        : Inspector.local().text("dump", "loop=" + name);
  }
}
