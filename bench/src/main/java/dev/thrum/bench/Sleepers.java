package dev.thrum.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The book-keeping of the sleep workload: when all tasks are to wake, and what it cost.
///
/// Every task calls [#arrive] and sleeps for [#left]. When [#allArrived], the program calls
/// [#measureAsleep], and [#measureDone] once all tasks have ended.
public final class Sleepers {
  private final int tasks;
  private final long wakeAt;
  private final long heapBefore;
  private final Stopwatch starting;
  private final AtomicInteger arrived = new AtomicInteger();
  private long startWall;
  private long startCpu;
  private double bytesPerTask;
  private long wakeWall;
  private Stopwatch waking;
  private long wakeCpu;

  Sleepers(int tasks, Duration patience) {
    this.tasks = tasks;
    heapBefore = liveHeap();
    starting = Stopwatch.start();
    waking = starting;
    wakeAt = System.nanoTime() + patience.toNanos();
  }

  public int tasks() {
    return tasks;
  }

  /// Counts the calling task as asleep.
  public void arrive() {
    arrived.incrementAndGet();
  }

  public boolean allArrived() {
    return arrived.get() == tasks;
  }

  /// The time until all tasks are to wake.
  public Duration left() {
    return Duration.ofNanos(Math.max(1, wakeAt - System.nanoTime()));
  }

  /// Takes the time it took to get here and the heap the sleeping tasks hold.
  public void measureAsleep() {
    startWall = starting.wallNanos();
    startCpu = starting.cpuNanos();
    bytesPerTask = (double) (liveHeap() - heapBefore) / tasks;
    if (System.nanoTime() > wakeAt) {
      throw new WokeEarly();
    }
    waking = Stopwatch.start();
  }

  /// Takes the time from the common wake-up until now.
  public void measureDone() {
    wakeWall = System.nanoTime() - wakeAt;
    wakeCpu = waking.cpuNanos();
  }

  List<Sample> samples(String row, String peer) {
    return List.of(
        Sample.of(row + ".start", peer, tasks, startWall, startCpu).withBytes(bytesPerTask),
        Sample.of(row + ".wake", peer, tasks, wakeWall, wakeCpu));
  }

  private static long liveHeap() {
    System.gc();
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
