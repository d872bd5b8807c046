package dev.thrum.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// `CompletableFuture` stages on a single-thread executor.
public final class Futures implements Peer {
  private final ExecutorService loop =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("future-loop").factory());

  @Override
  public void switching(int tasks, int times) {
    CompletableFuture<?>[] all = new CompletableFuture<?>[tasks];
    for (int i = 0; i < tasks; i++) {
      all[i] = new Steps(times, () -> CompletableFuture.runAsync(() -> {}, loop)).start();
    }
    CompletableFuture.allOf(all).join();
  }

  @Override
  public void spawnAwait(int times) {
    long[] sum = {0};
    new Steps(
            times,
            () -> CompletableFuture.supplyAsync(() -> 1, loop).thenAccept(one -> sum[0] += one))
        .start()
        .join();
    Check.same(times, sum[0]);
  }

  @Override
  public void gather(int times, int children) {
    new Steps(
            times,
            () -> gatherOnce(children).thenAccept(sum -> Check.same(Check.sumBelow(children), sum)))
        .start()
        .join();
  }

  private CompletableFuture<Long> gatherOnce(int children) {
    List<CompletableFuture<Integer>> all = new ArrayList<>(children);
    for (int i = 0; i < children; i++) {
      int value = i;
      all.add(CompletableFuture.runAsync(() -> {}, loop).thenApplyAsync(_ -> value, loop));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(_ -> all.stream().mapToLong(CompletableFuture::join).sum());
  }

  @Override
  public void sleep(Sleepers sleepers) throws InterruptedException {
    CompletableFuture<?>[] all = new CompletableFuture<?>[sleepers.tasks()];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          CompletableFuture.supplyAsync(() -> asleep(sleepers), loop)
              .thenCompose(Function.identity());
    }
    while (!sleepers.allArrived()) {
      Thread.sleep(1);
    }
    sleepers.measureAsleep();
    CompletableFuture.allOf(all).join();
    sleepers.measureDone();
  }

  private CompletableFuture<Void> asleep(Sleepers sleepers) {
    sleepers.arrive();
    var later =
        CompletableFuture.delayedExecutor(sleepers.left().toNanos(), TimeUnit.NANOSECONDS, loop);
    return CompletableFuture.runAsync(() -> {}, later);
  }

  @Override
  public void timerChurn(int times) {
    new Steps(
            times, () -> CompletableFuture.runAsync(() -> {}, loop).orTimeout(10, TimeUnit.SECONDS))
        .start()
        .join();
  }

  @Override
  public void crossRoundTrip(int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      sum += submit(i).join();
    }
    Check.same(Check.sumBelow(times), sum);
  }

  @Override
  public void crossPipelined(int times) {
    List<CompletableFuture<Integer>> all = new ArrayList<>(times);
    for (int i = 0; i < times; i++) {
      all.add(submit(i));
    }
    Check.same(Check.sumBelow(times), all.stream().mapToLong(CompletableFuture::join).sum());
  }

  private CompletableFuture<Integer> submit(int value) {
    return CompletableFuture.supplyAsync(() -> value, loop);
  }

  @Override
  public String version() {
    return "JDK " + Runtime.version();
  }

  /// A loop in continuation style: the next stage starts when the one before it has ended.
  private final class Steps {
    private final Stage stage;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int left;

    Steps(int times, Stage stage) {
      this.left = times;
      this.stage = stage;
    }

    CompletableFuture<Void> start() {
      loop.execute(this::next);
      return done;
    }

    private void next() {
      if (left-- == 0) {
        done.complete(null);
        return;
      }
      stage
          .start()
          .whenComplete((_, failure) -> {
            if (failure == null) {
              next();
            } else {
              done.completeExceptionally(failure);
            }
          });
    }
  }

  @FunctionalInterface
  private interface Stage {
    CompletableFuture<?> start();
  }
}
