package dev.thrum.bench.micro;

import dev.thrum.bench.BareThreads;
import dev.thrum.bench.Peer;
import dev.thrum.bench.ThrumPeer;
import dev.thrum.bench.VirtualThreads;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A switch and a spawn, for profilers: `-prof gc`, `-prof perfasm` and the like.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-opens=java.base/java.lang=ALL-UNNAMED")
public class LoopBenchmark {
  private static final int TIMES = 10_000;

  @Param({"thrum", "bare", "vt"})
  private String peerName = "thrum";

  private Peer peer = new VirtualThreads();

  @Setup
  public void choosePeer() {
    peer =
        switch (peerName) {
          case "thrum" -> new ThrumPeer();
          case "bare" -> new BareThreads();
          case "vt" -> new VirtualThreads();
          default -> throw new IllegalArgumentException(peerName);
        };
  }

  @Benchmark
  @OperationsPerInvocation(2 * TIMES)
  public void switching() throws Exception {
    peer.switching(2, TIMES);
  }

  @Benchmark
  @OperationsPerInvocation(TIMES)
  public void spawnAwait() throws Exception {
    peer.spawnAwait(TIMES);
  }
}
