package dev.thrum.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicLong;

/// The meters of the loops of one name.
final class LoopMeters {
  final Counter started;
  final Counter succeeded;
  final Counter failed;
  final Counter cancelled;
  final Timer steps;
  final Timer delay;
  final AtomicLong alive = new AtomicLong();

  LoopMeters(MeterRegistry registry, String loop) {
    started =
        Counter.builder("thrum.tasks.started")
            .description("tasks that were started")
            .tag("loop", loop)
            .register(registry);
    succeeded = ended(registry, loop, "succeeded");
    failed = ended(registry, loop, "failed");
    cancelled = ended(registry, loop, "cancelled");
    Gauge.builder("thrum.tasks.alive", alive, AtomicLong::get)
        .description("tasks that have not ended")
        .tag("loop", loop)
        .register(registry);
    steps =
        Timer.builder("thrum.steps")
            .description("the steps of tasks, each as long as it kept the others waiting")
            .tag("loop", loop)
            .register(registry);
    delay =
        Timer.builder("thrum.delay")
            .description("how long tasks that could run waited for their turn")
            .tag("loop", loop)
            .register(registry);
  }

  private static Counter ended(MeterRegistry registry, String loop, String outcome) {
    return Counter.builder("thrum.tasks.ended")
        .description("tasks that have ended")
        .tag("loop", loop)
        .tag("outcome", outcome)
        .register(registry);
  }
}
