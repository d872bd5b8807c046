package dev.thrum;

import dev.thrum.internal.engine.Fiber;
import dev.thrum.internal.inspect.Histogram;
import dev.thrum.internal.inspect.History;
import dev.thrum.internal.inspect.Look;
import dev.thrum.internal.inspect.Samples;
import dev.thrum.internal.inspect.Seen;
import dev.thrum.internal.inspect.Watched;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A loop as the sampler and the tools see it.
final class WatchedLoop implements Watched {
  /// How long who looks at the tasks waits for the loop to do it.
  private static final long LOOK_NANOS = 250_000_000;

  private final LoopImpl loop;
  private final Samples samples = new Samples();
  private final Histogram histogram = new Histogram();
  private final History history = new History();

  WatchedLoop(LoopImpl loop) {
    this.loop = loop;
  }

  @Override
  public String name() {
    return loop.name();
  }

  @Override
  public String engineName() {
    return loop.engineName();
  }

  @Override
  public boolean isClosed() {
    return loop.isClosed();
  }

  @Override
  public boolean debug() {
    return loop.debug();
  }

  @Override
  public long stallNanos() {
    return loop.stallNanos;
  }

  @Override
  public void lookForLate() {
    loop.debugging().lookForLate();
  }

  @Override
  public Thread carrier() {
    return loop.thread;
  }

  @Override
  public long steps() {
    return loop.steps;
  }

  @Override
  public long started() {
    return loop.ids;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public @Nullable Seen running() {
    Fiber fiber = loop.running;
    return fiber != null && fiber.owner() instanceof TaskImpl<?> task ? task : null;
  }

  @Override
  public int readyCount() {
    return loop.ready.size();
  }

  @Override
  public int timerCount() {
    return loop.timers.size();
  }

  @Override
  public Histogram histogram() {
    return histogram;
  }

  @Override
  public History history() {
    return history;
  }

  @Override
  public Samples samples() {
    return samples;
  }

  @Override
  public Look look() {
    if (loop.isHere()) {
      return Sights.of(loop, false);
    }
    CompletableFuture<Look> look = new CompletableFuture<>();
    if (loop.post(() -> lookInto(look))) {
      try {
        return look.get(LOOK_NANOS, TimeUnit.NANOSECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException _) {
        // A step holds the loop, or there was no memory for it.
      }
      look.cancel(false);
    }
    return Sights.of(loop, true);
  }

  /// What goes wrong here must not end the loop. Nor must it do for each who asked while a step
  /// held it what nobody waits for any more.
  private void lookInto(CompletableFuture<Look> look) {
    if (look.isDone()) {
      return;
    }
    try {
      look.complete(Sights.of(loop, false));
    } catch (Throwable e) {
      look.completeExceptionally(e);
    }
  }
}
