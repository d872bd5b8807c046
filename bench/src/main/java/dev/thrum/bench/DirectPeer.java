package dev.thrum.bench;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The channel programs in direct style, for peers whose tasks simply call what waits.
abstract class DirectPeer implements Peer {
  /// Runs a task, and returns once it and all that it started have ended.
  abstract void inTask(Step main) throws Exception;

  /// Starts a task, from the one that [#inTask] runs.
  abstract void startTask(Step body);

  /// Runs two tasks on two loops or carrier threads, and returns once both have ended.
  abstract void inTwoLoops(Step one, Step other) throws Exception;

  /// Makes a channel.
  abstract Pipe pipe(int capacity);

  /// Receives from whichever of some channels has an item.
  Source anyOf(List<Pipe> pipes) throws NoSuchProgram {
    throw new NoSuchProgram();
  }

  @Override
  public final void roundTrips(int times, int capacity) throws Exception {
    var there = pipe(capacity);
    var back = pipe(capacity);
    inTask(() -> {
      startTask(() -> echo(there, back, times));
      throwAndCatch(there, back, times);
    });
  }

  @Override
  public final void acrossRoundTrips(int times, int capacity) throws Exception {
    var there = pipe(capacity);
    var back = pipe(capacity);
    inTwoLoops(() -> throwAndCatch(there, back, times), () -> echo(there, back, times));
  }

  private static void throwAndCatch(Pipe there, Pipe back, int times) throws Exception {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      there.send(Check.item(i));
      sum += back.receive();
    }
    Check.same(Check.sumOfItems(times), sum);
  }

  private static void echo(Pipe there, Pipe back, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      back.send(there.receive());
    }
  }

  @Override
  public final void stream(int items, int capacity, int pairs) throws Exception {
    var pipe = pipe(capacity);
    int share = items / pairs;
    var sums = new long[pairs];
    inTask(() -> {
      for (int i = 0; i < pairs; i++) {
        int me = i;
        startTask(() -> sendAll(pipe, share));
        startTask(() -> sums[me] = sumOf(pipe, share));
      }
    });
    Check.same(
        pairs * Check.sumOfItems(share), IntStream.range(0, pairs).mapToLong(i -> sums[i]).sum());
  }

  @Override
  public final void acrossStream(int items, int capacity) throws Exception {
    var pipe = pipe(capacity);
    inTwoLoops(
        () -> Check.same(Check.sumOfItems(items), sumOf(pipe, items)), () -> sendAll(pipe, items));
  }

  private static void sendAll(Pipe pipe, int items) throws Exception {
    for (int i = 0; i < items; i++) {
      pipe.send(Check.item(i));
    }
  }

  private static long sumOf(Source source, int items) throws Exception {
    long sum = 0;
    for (int i = 0; i < items; i++) {
      sum += source.receive();
    }
    return sum;
  }

  @Override
  public final void chain(int tasks, int batches, int values) throws Exception {
    inTask(() -> {
      var first = pipe(0);
      var last = first;
      for (int i = 0; i < tasks; i++) {
        var left = last;
        var right = pipe(0);
        startTask(() -> addOne(left, right, batches * values));
        last = right;
      }
      for (int i = 0; i < batches; i++) {
        sendAll(first, values);
        Check.same(Check.sumOfItems(values) + (long) tasks * values, sumOf(last, values));
      }
    });
  }

  private static void addOne(Pipe left, Pipe right, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      right.send(left.receive() + 1);
    }
  }

  @Override
  public final void selecting(int items, int channels, int capacity) throws Exception {
    var pipes = Stream.generate(() -> pipe(capacity)).limit(channels).toList();
    var any = anyOf(pipes);
    int share = items / channels;
    inTask(() -> {
      for (var pipe : pipes) {
        startTask(() -> sendAll(pipe, share));
      }
      Check.same(channels * Check.sumOfItems(share), sumOf(any, share * channels));
    });
  }

  /// What a task does.
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  /// Where a task receives.
  @FunctionalInterface
  interface Source {
    Integer receive() throws Exception;
  }

  /// A channel of the peer.
  interface Pipe extends Source {
    void send(Integer item) throws Exception;
  }
}
