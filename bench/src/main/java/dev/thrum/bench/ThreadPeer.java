package dev.thrum.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Programs in plain thread style, for threads of any kind.
abstract sealed class ThreadPeer extends DirectPeer
    permits VirtualThreads, BareThreads, PlatformThreads, JoxThreads {
  private final List<Thread> started = new ArrayList<>();

  /// Starts a thread.
  abstract Thread start(Runnable body);

  /// Runs `body` in a thread of its own and waits for it.
  private void inThread(Step body) throws Exception {
    var main =
        new FutureTask<Void>(() -> {
          body.run();
          return null;
        });
    start(main);
    main.get();
  }

  private <T> FutureTask<T> fork(Callable<T> body) {
    var task = new FutureTask<>(body);
    start(task);
    return task;
  }

  @Override
  public void switching(int tasks, int times) throws Exception {
    inThread(() -> {
      var threads = new ArrayList<Thread>(tasks);
      for (int i = 0; i < tasks; i++) {
        threads.add(start(() -> giveWay(times)));
      }
      for (var thread : threads) {
        thread.join();
      }
    });
  }

  private static void giveWay(int times) {
    for (int i = 0; i < times; i++) {
      Thread.yield();
    }
  }

  @Override
  public void pingPong(int times) throws Exception {
    inThread(() -> {
      var table = new Table();
      var ping = start(() -> table.play(0, times));
      var pong = start(() -> table.play(1, times));
      table.seat(ping, pong);
      ping.join();
      pong.join();
    });
  }

  @Override
  public void spawnAwait(int times) throws Exception {
    inThread(() -> {
      long sum = 0;
      for (int i = 0; i < times; i++) {
        int value = i;
        sum += fork(() -> value).get();
      }
      Check.same(Check.sumBelow(times), sum);
    });
  }

  @Override
  public void gather(int times, int children) throws Exception {
    inThread(() -> {
      for (int i = 0; i < times; i++) {
        gatherOnce(children);
      }
    });
  }

  private void gatherOnce(int children) throws Exception {
    List<FutureTask<Integer>> tasks = new ArrayList<>(children);
    for (int i = 0; i < children; i++) {
      int value = i;
      tasks.add(
          fork(() -> {
            Thread.yield();
            return value;
          }));
    }
    long sum = 0;
    for (var task : tasks) {
      sum += task.get();
    }
    Check.same(Check.sumBelow(children), sum);
  }

  @Override
  public void sleep(Sleepers sleepers) throws Exception {
    inThread(() -> {
      var threads = new Thread[sleepers.tasks()];
      for (int i = 0; i < threads.length; i++) {
        threads[i] = start(() -> sleepOnce(sleepers));
      }
      while (!sleepers.allArrived()) {
        Thread.yield();
      }
      sleepers.measureAsleep();
      for (var thread : threads) {
        thread.join();
      }
      sleepers.measureDone();
    });
  }

  private static void sleepOnce(Sleepers sleepers) {
    sleepers.arrive();
    try {
      Thread.sleep(sleepers.left());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void timerChurn(int times) throws Exception {
    inThread(() -> {
      for (int i = 0; i < times; i++) {
        fork(
                () -> {
                  Thread.yield();
                  return true;
                })
            .get(10, TimeUnit.SECONDS);
      }
    });
  }

  @Override
  public void crossRoundTrip(int times) throws Exception {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      int value = i;
      sum += fork(() -> value).get();
    }
    Check.same(Check.sumBelow(times), sum);
  }

  @Override
  public void crossPipelined(int times) throws Exception {
    List<FutureTask<Integer>> tasks = new ArrayList<>(times);
    for (int i = 0; i < times; i++) {
      int value = i;
      tasks.add(fork(() -> value));
    }
    long sum = 0;
    for (var task : tasks) {
      sum += task.get();
    }
    Check.same(Check.sumBelow(times), sum);
  }

  @Override
  final void inTask(Step main) throws Exception {
    inThread(() -> {
      main.run();
      for (var thread : started) {
        thread.join();
      }
      started.clear();
    });
  }

  @Override
  final void startTask(Step body) {
    started.add(
        start(() -> {
          try {
            body.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }));
  }

  @Override
  final void inTwoLoops(Step one, Step other) throws Exception {
    inThread(() -> {
      var there =
          fork(() -> {
            other.run();
            return true;
          });
      one.run();
      there.get();
    });
  }

  @Override
  Pipe pipe(int capacity) {
    return QueuePipe.of(capacity);
  }

  @Override
  public String version() {
    return "JDK " + Runtime.version();
  }

  /// A ball that two threads pass by waking each other.
  private static final class Table {
    private volatile int turn;
    private volatile Thread[] seats = {};

    void seat(Thread first, Thread second) {
      seats = new Thread[] {first, second};
      LockSupport.unpark(first);
      LockSupport.unpark(second);
    }

    void play(int me, int times) {
      while (seats.length == 0) {
        LockSupport.park(this);
      }
      var other = seats[1 - me];
      for (int i = me; i < times; i += 2) {
        while ((turn & 1) != me) {
          LockSupport.park(this);
        }
        turn = i + 1;
        LockSupport.unpark(other);
      }
    }
  }
}
