package dev.thrum.micrometer;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.supervise;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Runner;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double started(String loop) {
    return registry.get("thrum.tasks.started").tag("loop", loop).counter().count();
  }

  private double ended(String loop, String outcome) {
    return registry
        .get("thrum.tasks.ended")
        .tags("loop", loop, "outcome", outcome)
        .counter()
        .count();
  }

  private double alive(String loop) {
    return registry.get("thrum.tasks.alive").tag("loop", loop).gauge().value();
  }

  @Test
  void tasksAreCountedByOutcome() {
    Runner.builder()
        .name("shop")
        .exceptionHandler((_, _) -> {})
        .instrument(LoopMetrics.in(registry))
        .run(() ->
            supervise(s -> {
              s.async(() -> {
                throw new IOException("no");
              });
              s.async(() -> {});
              var sleeper = s.async(() -> sleep(ofSeconds(100)));
              checkpoint();
              checkpoint();
              assertEquals(2, alive("shop"));
              sleeper.cancel("enough");
            }));
    assertEquals(4, started("shop"));
    assertEquals(1, ended("shop", "failed"));
    assertEquals(1, ended("shop", "cancelled"));
    assertEquals(2, ended("shop", "succeeded"));
    assertEquals(0, alive("shop"));
  }

  @Test
  void stepsAndDelaysAreTimed() {
    Runner.builder()
        .name("busy")
        .instrument(LoopMetrics.in(registry))
        .run(() -> {
          async(
              "spinner",
              () -> {
                long end = System.nanoTime() + 20_000_000;
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
              });
          async("behind it", () -> {});
        });
    Timer steps = registry.get("thrum.steps").tag("loop", "busy").timer();
    Timer delay = registry.get("thrum.delay").tag("loop", "busy").timer();
    assertEquals(4, steps.count()); // two of the main task, which joins the others
    assertTrue(steps.max(MILLISECONDS) >= 20, steps::toString);
    assertEquals(4, delay.count());
    assertTrue(delay.max(MILLISECONDS) >= 20, delay::toString);
  }

  @Test
  void oneServesManyLoops() throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      registry.clear();
      fourLoops();
    }
  }

  private void fourLoops() throws InterruptedException {
    LoopMetrics metrics = LoopMetrics.in(registry);
    List<Thread> threads = new ArrayList<>();
    for (String name : List.of("a", "b", "same", "same")) {
      Runner runner = Runner.builder().name(name).instrument(metrics).build();
      threads.add(
          Thread.ofPlatform()
              .start(() ->
                  runner.run(() -> {
                    async(() -> sleep(ofMillis(1)));
                    checkpoint();
                  })));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(2, started("a"));
    assertEquals(2, ended("b", "succeeded"));
    assertEquals(4, started("same"));
    assertEquals(4, ended("same", "succeeded"));
    assertEquals(0, alive("same"));
  }

  @Test
  void stallsAreThoseOfTheJvm() {
    new StallMetrics().bindTo(registry);
    assertTrue(registry.get("thrum.stalls").functionCounter().count() >= 0);
  }
}
