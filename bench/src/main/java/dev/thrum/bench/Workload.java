package dev.thrum.bench;

import java.util.Arrays;
import java.util.Optional;

/// What is measured; the counts are the same for every peer.
enum Workload {
  SWITCH_2("switch-2", 1_000_000),
  SWITCH_1000("switch-1000", 1_000_000),
  PING_PONG("ping-pong", 500_000),
  SPAWN_AWAIT("spawn-await", 200_000),
  GATHER_10K("gather-10k", 200_000),
  SLEEP_1M("sleep-1m", 1_000_000),
  TIMER_CHURN("timer-churn", 200_000),
  CROSS_ROUND_TRIP("cross-round-trip", 20_000),
  CROSS_PIPELINED("cross-pipelined", 200_000);

  private final String title;
  private final int ops;

  Workload(String title, int ops) {
    this.title = title;
    this.ops = ops;
  }

  String title() {
    return title;
  }

  int ops() {
    return ops;
  }

  static Optional<Workload> titled(String title) {
    return Arrays.stream(values()).filter(w -> w.title.equals(title)).findFirst();
  }
}
