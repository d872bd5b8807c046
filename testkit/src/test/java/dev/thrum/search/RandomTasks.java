package dev.thrum.search;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeoutOr;

import dev.thrum.Task;
import dev.thrum.channel.Channel;
import dev.thrum.sync.Event;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.Semaphore;
import dev.thrum.testkit.Explorer;
import dev.thrum.testkit.Shared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

/// A small program of a few tasks that share variables, locks and channels, made from a seed. Its
/// final state says what each task has seen.
final class RandomTasks {
  private enum Kind {
    READ,
    WRITE,
    ADD,
    LOCK,
    PERMIT,
    TRY_PERMIT,
    SEND,
    RECEIVE,
    SET,
    AWAIT_SET,
    CANCEL,
    YIELD,
    SLEEP,
    SELECT,
    TIMEOUT
  }

  private record Op(Kind kind, int thing, int value) {}

  private final List<List<Op>> bodies = new ArrayList<>();

  RandomTasks(long seed, int tasks, int length) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int t = 0; t < tasks; t++) {
      List<Op> body = new ArrayList<>();
      for (int i = 0; i < length; i++) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        body.add(new Op(kind, random.nextInt(2), random.nextInt(1, 4)));
      }
      bodies.add(body);
    }
  }

  /// One run, as the main task.
  String run() {
    return new Run().all();
  }

  private final class Run {
    final List<Shared<Integer>> variables = List.of(Shared.of(0), Shared.of(0));
    final List<Mutex> locks = List.of(Mutex.create(), Mutex.create());
    final List<Semaphore> permits = List.of(Semaphore.create(1), Semaphore.create(1));
    final List<Channel<Integer>> channels =
        List.of(Channel.<Integer>buffered(1), Channel.<Integer>rendezvous());
    final List<Event> events = List.of(Event.create(), Event.create());
    final List<Task<?>> tasks = new ArrayList<>();

    String all() {
      List<StringBuilder> logs = new ArrayList<>();
      bodies.forEach(_ -> logs.add(new StringBuilder()));
      for (int i = 0; i < bodies.size(); i++) {
        List<Op> body = bodies.get(i);
        StringBuilder log = logs.get(i);
        tasks.add(
            async(() -> {
              try {
                for (Op op : body) {
                  step(op, log);
                }
                log.append('.');
              } catch (CancellationException e) {
                log.append('x');
              }
            }));
      }
      try {
        timeoutOr(
            Duration.ofHours(1),
            List.of(),
            () -> {
              for (Task<?> task : tasks) {
                try {
                  task.await();
                } catch (CancellationException _) {
                  // its log says so
                }
              }
              return List.of();
            });
      } finally {
        tasks.forEach(task -> task.cancel("the end"));
      }
      return logs + " " + variables;
    }

    private void step(Op op, StringBuilder log) {
      switch (op.kind) {
        case READ -> log.append(variables.get(op.thing).get());
        case WRITE -> variables.get(op.thing).set(op.value);
        case ADD -> {
          int old = variables.get(op.thing).get();
          checkpoint();
          variables.get(op.thing).set(old + op.value);
        }
        case LOCK ->
            locks
                .get(op.thing)
                .withLock(() -> {
                  int old = variables.get(op.thing).get();
                  checkpoint();
                  variables.get(op.thing).set(old + 1);
                });
        case PERMIT -> {
          permits.get(op.thing).acquire();
          try {
            log.append('p');
            checkpoint();
          } finally {
            permits.get(op.thing).release();
          }
        }
        case TRY_PERMIT -> {
          boolean got = permits.get(op.thing).tryAcquire();
          log.append(got ? 'y' : 'n');
          if (got) {
            permits.get(op.thing).release();
          }
        }
        case SEND -> log.append(channels.get(op.thing).trySend(op.value) ? 's' : 'f');
        case RECEIVE ->
            log.append(channels.get(op.thing).tryReceive().map(String::valueOf).orElse("-"));
        case SET -> events.get(op.thing).set();
        case AWAIT_SET -> {
          events.get(op.thing).await();
          log.append('e');
        }
        case CANCEL -> {
          if (op.value < tasks.size()) {
            log.append(tasks.get(op.value).cancel("by another") ? 'c' : 'd');
          }
        }
        case YIELD -> checkpoint();
        case SLEEP -> sleep(Duration.ofMillis(op.value));
        case SELECT -> log.append(Explorer.choose(2));
        case TIMEOUT -> {
          boolean set =
              timeoutOr(
                  Duration.ofMillis(op.value),
                  false,
                  () -> {
                    events.get(op.thing).await();
                    return true;
                  });
          log.append(set ? 'e' : 't');
        }
      }
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    bodies.forEach(body -> text.append("\n  ").append(body));
    return text.toString();
  }
}
