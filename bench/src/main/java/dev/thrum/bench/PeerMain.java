package dev.thrum.bench;

import java.time.Duration;
import java.util.List;

/// The process of one JVM peer: warms one workload up, measures it, prints a line a round. Warming
/// up takes its time on the processor, so that other work on the machine does not cut it short.
///
/// Arguments: peer name, peer class, workload, operations, warm-up in milliseconds, rounds,
/// patience of the sleepers in milliseconds. With two arguments it prints the peer's version.
final class PeerMain {
  private static final int SMALL_SLEEP = 10_000;

  private final Peer peer;
  private final String name;

  private PeerMain(String name, Peer peer) {
    this.name = name;
    this.peer = peer;
  }

  static void main(String[] args) throws Exception {
    var type = Class.forName(args[1]).asSubclass(Peer.class);
    var main = new PeerMain(args[0], type.getDeclaredConstructor().newInstance());
    if (args.length == 2) {
      System.out.println(main.peer.version());
      return;
    }
    try {
      main.measure(
          Workload.titled(args[2]).orElseThrow(),
          Integer.parseInt(args[3]),
          Duration.ofMillis(Long.parseLong(args[4])),
          Integer.parseInt(args[5]),
          Duration.ofMillis(Long.parseLong(args[6])));
    } catch (NoSuchProgram _) {
      System.out.println(Words.NO_SUCH_PROGRAM);
    } catch (WokeEarly _) {
      System.out.println(Words.WOKE_EARLY);
    }
    System.exit(0);
  }

  private void measure(Workload workload, int ops, Duration warmUp, int rounds, Duration patience)
      throws Exception {
    if (workload == Workload.SLEEP_1M) {
      measureSleep(workload, ops, warmUp, patience);
      return;
    }
    var warming = Stopwatch.start();
    do {
      once(workload, ops);
    } while (warming.wallNanos() < warmUp.toNanos() || warming.cpuNanos() < warmUp.toNanos());
    for (int round = 0; round < rounds; round++) {
      System.gc();
      var watch = Stopwatch.start();
      once(workload, ops);
      var sample = Sample.of(workload.title(), name, ops, watch.wallNanos(), watch.cpuNanos());
      System.out.println(sample.line());
    }
  }

  private void measureSleep(Workload workload, int tasks, Duration warmUp, Duration patience)
      throws Exception {
    var warming = Stopwatch.start();
    do {
      sleep(workload, SMALL_SLEEP, Duration.ofMillis(500));
    } while (warming.wallNanos() < warmUp.toNanos());
    sleep(workload, tasks, patience).forEach(sample -> System.out.println(sample.line()));
  }

  private List<Sample> sleep(Workload workload, int tasks, Duration patience) throws Exception {
    var sleepers = new Sleepers(tasks, patience);
    peer.sleep(sleepers);
    return sleepers.samples(workload.title(), name);
  }

  private void once(Workload workload, int ops) throws Exception {
    switch (workload) {
      case SWITCH_2 -> peer.switching(2, ops / 2);
      case SWITCH_1000 -> peer.switching(1000, ops / 1000);
      case PING_PONG -> peer.pingPong(ops);
      case SPAWN_AWAIT -> peer.spawnAwait(ops);
      case GATHER_10K -> peer.gather(ops / 10_000, 10_000);
      case TIMER_CHURN -> peer.timerChurn(ops);
      case CROSS_ROUND_TRIP -> peer.crossRoundTrip(ops);
      case CROSS_PIPELINED -> peer.crossPipelined(ops);
      case TRIP_RENDEZVOUS -> peer.roundTrips(ops, 0);
      case TRIP_16 -> peer.roundTrips(ops, 16);
      case TRIP_100 -> peer.roundTrips(ops, 100);
      case STREAM_RENDEZVOUS -> peer.stream(ops, 0, 1);
      case STREAM_16 -> peer.stream(ops, 16, 1);
      case STREAM_100 -> peer.stream(ops, 100, 1);
      case STREAM_UNLIMITED -> peer.stream(ops, Peer.UNLIMITED, 1);
      case STREAM_16_FOUR -> peer.stream(ops, 16, 4);
      case CHAIN_10K -> {
        for (int done = 0; done < ops; done += 10_000) {
          peer.chain(10_000, 1, 1);
        }
      }
      case CHAIN_1K -> peer.chain(1000, ops / 100_000, 100);
      case SELECT_2 -> peer.selecting(ops, 2, 0);
      case SELECT_10 -> peer.selecting(ops, 10, 0);
      case SELECT_2_16 -> peer.selecting(ops, 2, 16);
      case SELECT_10_16 -> peer.selecting(ops, 10, 16);
      case ACROSS_TRIP -> peer.acrossRoundTrips(ops, 0);
      case ACROSS_STREAM_16 -> peer.acrossStream(ops, 16);
      case SLEEP_1M -> throw new IllegalArgumentException("measured on its own");
    }
  }
}
