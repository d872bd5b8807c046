package dev.thrum.bench.web;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Plain requests, while other connections wait for handlers that take their time. The requests of
/// both are counted; how long the slowest took is of the plain ones.
record Stalls(Wrk plain, Wrk stalled) implements Load {
  private static final int STALLED_CONNECTIONS = 32;
  private static final String STALLED_PATH = "/stall?ms=100";

  Stalls(Row row, int port, Path peers) {
    this(Wrk.of(row, port, peers), Wrk.of("get", STALLED_PATH, STALLED_CONNECTIONS, port, peers));
  }

  @Override
  public Tally run(Duration time) throws IOException, InterruptedException {
    var beside = new FutureTask<>(() -> stalled.run(time));
    Thread.ofPlatform().start(beside);
    var front = plain.run(time);
    var back = result(beside);
    return new Tally(
        front.requests() + back.requests(),
        front.seconds(),
        front.slowestMillis(),
        both(front.trouble(), back.trouble()));
  }

  private static Tally result(FutureTask<Tally> task) throws IOException, InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private static Optional<String> both(Optional<String> front, Optional<String> back) {
    var text =
        Stream.of(front, back.map(trouble -> "stalled: " + trouble))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
