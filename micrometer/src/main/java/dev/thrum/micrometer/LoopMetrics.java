package dev.thrum.micrometer;

import dev.thrum.Instrument;
import dev.thrum.Loop;
import dev.thrum.Task;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// Counts what loops do, for a meter registry. Give it to the loops it is to watch, with
/// [dev.thrum.Runner.Builder#instrument] or [Loop#attach]; one serves any number of loops.
///
/// | meter | kind | tags | |
/// | --- | --- | --- | --- |
/// | `thrum.tasks.started` | counter | `loop` | tasks that were started |
/// | `thrum.tasks.ended` | counter | `loop`, `outcome` | tasks that ended: `succeeded`, `failed`, `cancelled` |
/// | `thrum.tasks.alive` | gauge | `loop` | tasks that were started and have not ended |
/// | `thrum.steps` | timer | `loop` | the steps of tasks, each as long as it kept the others waiting |
/// | `thrum.delay` | timer | `loop` | how long tasks that could run waited for their turn |
///
/// **Guarantees.** Every task and step since it watches is counted once, also that of a loop that
/// ends. The times are those of the loop's clock.
///
/// **Non-guarantees.** A loop that it watches only from the middle on begins with no task alive.
/// The meters of a loop that has ended stay in the registry, as do Micrometer's own; so give loops
/// names if a program runs many, and those of one name share their meters.
public final class LoopMetrics implements Instrument {
  private final MeterRegistry registry;
  private final Map<String, LoopMeters> meters = new ConcurrentHashMap<>();
  private final Map<Loop, LoopWatch> watched = new ConcurrentHashMap<>();

  private LoopMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /// Metrics for a registry.
  ///
  /// @param registry where the meters are
  /// @return an instrument for loops
  public static LoopMetrics in(MeterRegistry registry) {
    return new LoopMetrics(Objects.requireNonNull(registry, "registry"));
  }

  private LoopWatch watch(Task<?> task) {
    LoopWatch known = watched.get(task.loop());
    return known == null ? watched.computeIfAbsent(task.loop(), this::newWatch) : known;
  }

  private LoopWatch newWatch(Loop loop) {
    return new LoopWatch(
        meters.computeIfAbsent(loop.name(), name -> new LoopMeters(registry, name)));
  }

  @Override
  public void spawned(Task<?> task, long nanos) {
    watch(task).spawned();
  }

  @Override
  public void ready(Task<?> task, long nanos) {
    watch(task).ready(task, nanos);
  }

  @Override
  public void stepBegin(Task<?> task, long nanos) {
    watch(task).stepBegin(task, nanos);
  }

  @Override
  public void stepEnd(Task<?> task, long nanos) {
    LoopWatch watch = watch(task);
    watch.stepEnd(nanos);
    if (watch.isOver()) {
      watched.remove(task.loop());
    }
  }

  @Override
  public void done(Task<?> task, long nanos) {
    watch(task).done(task);
  }

  @Override
  public String toString() {
    return "loop metrics";
  }
}
