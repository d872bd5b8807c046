package dev.thrum.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is measured; the counts are the same for every peer.
enum Workload {
  SWITCH_2(Table.CORE, "switch-2", 1_000_000),
  SWITCH_1000(Table.CORE, "switch-1000", 1_000_000),
  PING_PONG(Table.CORE, "ping-pong", 500_000),
  SPAWN_AWAIT(Table.CORE, "spawn-await", 200_000),
  GATHER_10K(Table.CORE, "gather-10k", 200_000),
  SLEEP_1M(Table.CORE, "sleep-1m", 1_000_000),
  TIMER_CHURN(Table.CORE, "timer-churn", 200_000),
  CROSS_ROUND_TRIP(Table.CORE, "cross-round-trip", 20_000),
  CROSS_PIPELINED(Table.CORE, "cross-pipelined", 200_000),

  TRIP_RENDEZVOUS(Table.CHANNELS, "trip-rendezvous", 500_000),
  TRIP_16(Table.CHANNELS, "trip-16", 500_000),
  TRIP_100(Table.CHANNELS, "trip-100", 500_000),
  STREAM_RENDEZVOUS(Table.CHANNELS, "stream-rendezvous", 1_000_000),
  STREAM_16(Table.CHANNELS, "stream-16", 5_000_000),
  STREAM_100(Table.CHANNELS, "stream-100", 5_000_000),
  STREAM_UNLIMITED(Table.CHANNELS, "stream-unlimited", 5_000_000),
  STREAM_16_FOUR(Table.CHANNELS, "stream-16-four", 5_000_000),
  CHAIN_10K(Table.CHANNELS, "chain-10k", 500_000),
  CHAIN_1K(Table.CHANNELS, "chain-1k", 2_000_000),
  SELECT_2(Table.CHANNELS, "select-2", 500_000),
  SELECT_10(Table.CHANNELS, "select-10", 500_000),
  SELECT_2_16(Table.CHANNELS, "select-2-16", 500_000),
  SELECT_10_16(Table.CHANNELS, "select-10-16", 500_000),

  ACROSS_TRIP(Table.CHANNELS_ACROSS, "across-trip", 250_000),
  ACROSS_STREAM_16(Table.CHANNELS_ACROSS, "across-stream-16", 2_500_000);

  private final Table table;
  private final String title;
  private final int ops;

  Workload(Table table, String title, int ops) {
    this.table = table;
    this.title = title;
    this.ops = ops;
  }

  Table table() {
    return table;
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

  static List<Workload> of(Table table) {
    return Arrays.stream(values()).filter(w -> w.table == table).toList();
  }

  /// The workload that a row of the table belongs to: `sleep-1m` for `sleep-1m.start`.
  static Workload ofRow(String row) {
    return titled(row.split("\\.", -1)[0]).orElseThrow();
  }
}
