package dev.thrum.console;

import static dev.thrum.console.Json.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The counters of the pretended program: functions of the time, so that they only grow.
final class FakeCounters {

  private static final int BOUNDS = 24;

  private FakeCounters() {}

  static Object overview(long began, Map<String, List<FakeTask>> loops) {
    long now = System.currentTimeMillis();
    double t = (now - began) / 1000.0;
    return object(
        "pid",
        4711,
        "command",
        "shop.Server --port 8080",
        "atMs",
        now,
        "uptimeMs",
        now - began,
        "loops",
        List.of(
            loop("loop-1", "confined", loops.get("loop-1").size(), t, 21_000, 3.0, 0.55),
            loop("loop-2", "portable", loops.get("loop-2").size(), t + 40, 3_400, 7.0, 0.12)),
        "warnings",
        3);
  }

  private static Object loop(
      String name, String engine, int tasks, double t, double rate, double swing, double busy) {
    double wave = Math.sin(t / swing) + 0.4 * Math.sin(t * 1.7) + 0.2 * Math.sin(t * 5.1);
    long steps = (long) (rate * (t - 0.35 * swing * Math.cos(t / swing) - 0.1 * Math.cos(t * 1.7)));
    boolean isServer = name.equals("loop-1");
    return object(
        "name",
        name,
        "engine",
        engine,
        "debug",
        false,
        "state",
        isServer ? "running" : "idle",
        "running",
        isServer ? object("id", 3, "name", "metrics") : null,
        "tasks",
        tasks,
        "ready",
        Math.max(0, (long) (rate / 900 * (1 + wave))),
        "timers",
        isServer ? 2_501 : 8,
        "steps",
        steps,
        "busySamples",
        (long) (20 * busy * (t - 0.5 * swing * Math.cos(t / swing))),
        "samples",
        (long) (20 * t),
        "stalls",
        isServer ? 3 : 0,
        "ended",
        (long) (t * rate / 200),
        "histogram",
        histogram(steps));
  }

  /// Most steps take some microseconds, few are long.
  private static Object histogram(long steps) {
    List<Long> bounds = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < BOUNDS; i++) {
      bounds.add(1_000L << i);
      double from = (i - 4.2) / 1.9;
      double share = 0.21 * Math.exp(-from * from / 2) + 4e-5 * Math.exp(-Math.abs(i - 14) / 2.0);
      counts.add((long) (steps * share));
    }
    counts.add(1L);
    return object("boundsNanos", bounds, "counts", counts);
  }
}
