package dev.thrum.bench;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.run;
import static dev.thrum.Async.timeout;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.select;

import dev.thrum.Body;
import dev.thrum.Loop;
import dev.thrum.channel.Channel;
import dev.thrum.channel.Clause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// Thrum, on the engine that the process's flags allow.
public final class ThrumPeer extends DirectPeer {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  @Override
  public void switching(int tasks, int times) {
    run(() -> {
      for (int i = 0; i < tasks; i++) {
        async(() -> giveWay(times));
      }
    });
  }

  private static void giveWay(int times) {
    for (int i = 0; i < times; i++) {
      checkpoint();
    }
  }

  /// Two tasks of one loop wake each other by a channel.
  @Override
  public void pingPong(int times) throws Exception {
    roundTrips(times / 2, 0);
  }

  @Override
  public void spawnAwait(int times) {
    run(() -> {
      long sum = 0;
      for (int i = 0; i < times; i++) {
        int value = i;
        sum += await(async(() -> value));
      }
      Check.same(Check.sumBelow(times), sum);
    });
  }

  @Override
  public void gather(int times, int children) {
    run(() -> {
      for (int i = 0; i < times; i++) {
        gatherOnce(children);
      }
    });
  }

  private static void gatherOnce(int children) {
    List<Body<Integer, RuntimeException>> bodies = new ArrayList<>(children);
    for (int i = 0; i < children; i++) {
      int value = i;
      bodies.add(() -> {
        checkpoint();
        return value;
      });
    }
    Check.same(
        Check.sumBelow(children), dev.thrum.Async.gather(bodies).stream().mapToLong(i -> i).sum());
  }

  @Override
  public void sleep(Sleepers sleepers) {
    run(() -> {
      dev.thrum.Async.scope(scope -> {
        for (int i = 0; i < sleepers.tasks(); i++) {
          scope.async(() -> sleepOnce(sleepers));
        }
        while (!sleepers.allArrived()) {
          checkpoint();
        }
        sleepers.measureAsleep();
      });
      sleepers.measureDone();
    });
  }

  private static void sleepOnce(Sleepers sleepers) {
    sleepers.arrive();
    dev.thrum.Async.sleep(sleepers.left());
  }

  @Override
  public void timerChurn(int times) throws Exception {
    run(() -> {
      for (int i = 0; i < times; i++) {
        timeout(TEN_SECONDS, () -> checkpoint());
      }
    });
  }

  @Override
  public void crossRoundTrip(int times) throws Exception {
    fromAnotherThread(loop -> {
      long sum = 0;
      for (int i = 0; i < times; i++) {
        int value = i;
        sum += loop.submit(() -> value).get();
      }
      Check.same(Check.sumBelow(times), sum);
    });
  }

  @Override
  public void crossPipelined(int times) throws Exception {
    fromAnotherThread(loop -> {
      List<Future<Integer>> tasks = new ArrayList<>(times);
      for (int i = 0; i < times; i++) {
        int value = i;
        tasks.add(loop.submit(() -> value));
      }
      long sum = 0;
      for (var task : tasks) {
        sum += task.get();
      }
      Check.same(Check.sumBelow(times), sum);
    });
  }

  /// Runs a client on a platform thread beside a loop that stays up until it is done.
  private static void fromAnotherThread(Client client) throws Exception {
    run(() -> {
      var loop = Loop.current();
      blocking(() -> {
        var failure = new Exception[1];
        var thread =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    client.use(loop);
                  } catch (Exception e) {
                    failure[0] = e;
                  }
                });
        thread.join();
        if (failure[0] != null) {
          throw failure[0];
        }
      });
    });
  }

  private interface Client {
    void use(Loop loop) throws Exception;
  }

  @Override
  void inTask(Step main) throws Exception {
    run(main::run);
  }

  @Override
  void startTask(Step body) {
    var _ = async(body::run);
  }

  @Override
  void inTwoLoops(Step one, Step other) throws Exception {
    var there =
        new FutureTask<>(() -> {
          run(other::run);
          return true;
        });
    Thread.ofPlatform().start(there);
    run(one::run);
    there.get();
  }

  @Override
  Pipe pipe(int capacity) {
    return new ThrumPipe(
        switch (capacity) {
          case 0 -> Channel.rendezvous();
          case UNLIMITED -> Channel.unlimited();
          default -> Channel.buffered(capacity);
        });
  }

  /// The clauses are made anew each time, since one is for one use.
  @Override
  Source anyOf(List<Pipe> pipes) {
    var channels = pipes.stream().map(pipe -> ((ThrumPipe) pipe).channel).toList();
    if (channels.size() == 2) {
      var first = channels.getFirst();
      var second = channels.getLast();
      return () -> select(on(first, v -> v), on(second, v -> v));
    }
    return () -> select(clauses(channels));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Clause<Integer, RuntimeException>[] clauses(List<Channel<Integer>> channels) {
    Clause<Integer, RuntimeException>[] clauses = new Clause[channels.size()];
    for (int i = 0; i < clauses.length; i++) {
      clauses[i] = on(channels.get(i), v -> v);
    }
    return clauses;
  }

  private record ThrumPipe(Channel<Integer> channel) implements Pipe {
    @Override
    public void send(Integer item) {
      channel.send(item);
    }

    @Override
    public Integer receive() {
      return channel.receive();
    }
  }

  @Override
  public String version() {
    return "Thrum (" + run(() -> Loop.current().engineName()) + " engine)";
  }
}
