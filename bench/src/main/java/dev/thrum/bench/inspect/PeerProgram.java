package dev.thrum.bench.inspect;

import dev.thrum.bench.Running;
import dev.thrum.bench.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A program of the comparison with the peers, in the same process as there.
///
/// @param ops operations that take some seconds where nobody looks
/// @param traced those of which a trace holds three rounds
record PeerProgram(String title, int ops, int traced) implements Program {

  @Override
  public Cost run(Launch launch, Options options) throws IOException, InterruptedException {
    boolean traces = launch.variant() == Variant.TRACE;
    int most = traces ? traced : ops / launch.variant().fewer();
    int times = most / options.fewer(launch.engine());
    // A trace takes only so much, so that it has to do with one round to warm up.
    long warmUp = traces ? 0 : options.warmUp().toMillis();
    var command =
        launch.command(
            "dev.thrum.bench.PeerMain",
            launch.engine().title(),
            "dev.thrum.bench.ThrumPeer",
            title,
            Integer.toString(times),
            Long.toString(warmUp),
            Integer.toString(options.intervals()),
            "0");
    try (var process = Running.start(command, launch.environment());
        var onlooker = Onlooker.of(launch.variant(), process.pid())) {
      try {
        return Cost.mean(costs(process, times, onlooker, options.intervals()));
      } catch (IOException e) {
        throw new IOException(e.getMessage() + "\n" + process.errors(), e);
      }
    }
  }

  private static List<Cost> costs(Running process, int times, Onlooker onlooker, int intervals)
      throws IOException, InterruptedException {
    var costs = new ArrayList<Cost>();
    for (var line = process.nextLine(); line.isPresent(); line = process.nextLine()) {
      var sample = Sample.parse(line.get());
      if (sample.isPresent()) {
        costs.add(new Cost(sample.get().cpuNanos(), sample.get().nanos()));
        if (costs.size() == intervals) {
          double all = costs.stream().mapToDouble(Cost::wallNanos).sum() * times;
          onlooker.check(System.nanoTime() - (long) all);
        }
      }
    }
    int status = process.end();
    if (status != 0 || costs.size() != intervals) {
      throw new IOException(
          "exit status %d, %d of %d intervals".formatted(status, costs.size(), intervals));
    }
    return costs;
  }
}
