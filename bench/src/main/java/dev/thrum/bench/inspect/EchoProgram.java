package dev.thrum.bench.inspect;

import dev.thrum.bench.echo.Load;
import dev.thrum.bench.echo.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;

/// The echo server under load; an operation is a message of 1 KiB and its echo.
record EchoProgram(int connections) implements Program {
  private static final int MESSAGE_BYTES = 1024;
  private static final Duration WARMING = Duration.ofMillis(100);

  /// A warm-up takes at most so many times what it would take on a machine of its own.
  private static final int MOST_PATIENCE = 4;

  @Override
  public String title() {
    return "echo-" + connections;
  }

  @Override
  public Cost run(Launch launch, Options options) throws IOException, InterruptedException {
    var command = launch.command("dev.thrum.bench.echo.ThrumServer");
    try (var process = ServerProcess.start(command, launch.environment())) {
      try (var load = Load.connect(process.port(), connections, MESSAGE_BYTES);
          var onlooker = Onlooker.of(launch.variant(), process.pid())) {
        load.begin();
        warmUp(process, load, options.warmUp());
        long began = System.nanoTime();
        var costs = new ArrayList<Cost>();
        for (int i = 0; i < options.intervals(); i++) {
          costs.add(measure(process, load, options.interval()));
        }
        onlooker.check(began);
        load.end();
        return Cost.mean(costs);
      } catch (IOException e) {
        throw new IOException(e.getMessage() + "\n" + process.errors(), e);
      }
    }
  }

  /// Takes its time on the processor, so that other work on the machine does not cut it short.
  private static void warmUp(ServerProcess process, Load load, Duration time) throws IOException {
    long cpu = process.cpuNanos();
    long end = System.nanoTime() + MOST_PATIENCE * time.toNanos();
    do {
      load.run(WARMING);
    } while (process.cpuNanos() - cpu < time.toNanos() && System.nanoTime() < end);
  }

  private static Cost measure(ServerProcess process, Load load, Duration interval)
      throws IOException {
    double messages = load.messages();
    long cpu = process.cpuNanos();
    long wall = System.nanoTime();
    load.run(interval);
    messages = load.messages() - messages;
    return new Cost((process.cpuNanos() - cpu) / messages, (System.nanoTime() - wall) / messages);
  }
}
