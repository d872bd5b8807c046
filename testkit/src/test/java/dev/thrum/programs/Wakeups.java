package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.passesInFifo;
import static dev.thrum.programs.Program.steps;

import dev.thrum.sync.Event;
import java.util.ArrayDeque;
import java.util.List;

/// Somebody sleeps, and nobody wakes the right one at the right time.
final class Wakeups {
  static final List<Program> ALL =
      List.of(
          passesInFifo("boundedbuffer", "lost-wakeup", Wakeups::boundedBuffer),
          passesInFifo("lost_wakeup_flag", "lost-wakeup", Wakeups::lostWakeupFlag),
          passesInFifo("turns_notify_one", "lost-wakeup", Wakeups::turnsNotifyOne),
          passesInFifo("release_two_wake_one", "lost-wakeup", Wakeups::releaseTwoWakeOne),
          passesInFifo("clear_after_drain", "lost-wakeup", Wakeups::clearAfterDrain),
          passesInFifo("barrier_reuse", "order", Wakeups::barrierReuse),
          passesInFifo("writer_starvation", "starvation", Wakeups::writerStarvation));

  private Wakeups() {}

  /// Producers and consumers wait for one condition of a buffer for one item, and a notification
  /// meant for the other side wakes one's own.
  private static void boundedBuffer(boolean mended) {
    var lock = new BargingLock();
    var changed = new BargingCondition(lock);
    var buffer =
        new Object() {
          boolean full;

          void put() {
            while (full) {
              changed.await();
            }
            full = true;
            tell();
          }

          void take() {
            while (!full) {
              changed.await();
            }
            full = false;
            tell();
          }

          private void tell() {
            if (mended) {
              changed.notifyEverybody();
            } else {
              changed.notifyOne();
            }
          }
        };
    scope(s -> {
      for (int i = 0; i < 2; i++) {
        s.async(() -> {
          lock.around(buffer::put);
          lock.around(buffer::put);
        });
        s.async(() -> {
          lock.around(buffer::take);
          lock.around(buffer::take);
        });
      }
    });
  }

  /// It looks at a flag without the lock, and begins to wait after the signal for it.
  private static void lostWakeupFlag(boolean mended) {
    var lock = new BargingLock();
    var signal = new BargingCondition(lock);
    var flag =
        new Object() {
          boolean ready;
        };
    gather(
        () -> {
          if (mended) {
            lock.around(() -> {
              while (!flag.ready) {
                signal.await();
              }
            });
          } else if (!flag.ready) {
            lock.around(signal::await);
          }
        },
        () -> {
          flag.ready = true;
          checkpoint();
          lock.around(signal::notifyOne);
        });
  }

  /// Three take turns, and a notification may wake one whose turn it is not.
  private static void turnsNotifyOne(boolean mended) {
    var lock = new BargingLock();
    var changed = new BargingCondition(lock);
    var table =
        new Object() {
          int turn;

          void play(int me) {
            while (turn != me) {
              changed.await();
            }
            turn++;
            if (mended) {
              changed.notifyEverybody();
            } else {
              changed.notifyOne();
            }
          }
        };
    scope(s -> {
      for (int player = 0; player < 3; player++) {
        int me = player;
        s.async(() -> lock.around(() -> table.play(me)));
      }
    });
  }

  /// Two permits are given back at once, and one of two who wait is woken.
  private static void releaseTwoWakeOne(boolean mended) {
    var waiting = new Sleepers();
    var semaphore =
        new Object() {
          int permits;

          void acquire() {
            while (permits == 0) {
              waiting.sleep();
            }
            permits--;
          }

          void release(int count) {
            permits += count;
            if (mended) {
              waiting.wakeAll();
            } else {
              waiting.wakeOne();
            }
          }
        };
    gather(() -> semaphore.release(2), () -> semaphore.acquire(), () -> semaphore.acquire());
  }

  /// It takes what is there, writes it down, and then clears the event that says that there is
  /// something; what came meanwhile is not seen any more.
  private static void clearAfterDrain(boolean mended) {
    var filled = Event.create();
    var items = new ArrayDeque<Integer>();
    gather(
        () -> {
          int drained = 0;
          while (drained < 2) {
            filled.await();
            if (mended) {
              filled.clear();
            }
            drained += items.size();
            items.clear();
            checkpoint();
            if (!mended) {
              filled.clear();
            }
          }
        },
        () -> {
          items.add(1);
          filled.set();
          steps(2);
          items.add(2);
          filled.set();
        });
  }

  /// A barrier counts who has arrived, and a quick one comes for the second time before all have
  /// left after the first.
  private static void barrierReuse(boolean mended) {
    var waiting = new Sleepers();
    var barrier =
        new Object() {
          int arrived;
          int left;
          int generation;

          void await() {
            if (mended) {
              awaitNextGeneration();
              return;
            }
            arrived++;
            if (arrived == 2) {
              waiting.wakeAll();
            }
            while (arrived < 2) {
              waiting.sleep();
            }
            left++;
            if (left == 2) {
              arrived = 0;
              left = 0;
            }
          }

          private void awaitNextGeneration() {
            int mine = generation;
            arrived++;
            if (arrived == 2) {
              arrived = 0;
              generation++;
              waiting.wakeAll();
            }
            while (generation == mine) {
              waiting.sleep();
            }
          }
        };
    int[] round = new int[2];
    scope(s -> {
      for (int i = 0; i < 2; i++) {
        int me = i;
        s.async(() -> {
          for (int next = 1; next <= 2; next++) {
            round[me] = next;
            barrier.await();
            check(round[1 - me] >= next, "nobody passes before both have come");
            checkpoint();
          }
        });
      }
    });
  }

  /// Readers relieve each other, and a writer waits for a moment without any.
  private static void writerStarvation(boolean mended) {
    var changed = new Sleepers();
    var lock =
        new Object() {
          int readers;
          boolean writerWaits;
          int overtakes;

          void read() {
            while (mended && writerWaits) {
              changed.sleep();
            }
            readers++;
            overtakes += writerWaits ? 1 : 0;
            check(overtakes < 3, "a writer is not overtaken for ever");
            checkpoint();
            readers--;
            changed.wakeAll();
          }

          void write() {
            writerWaits = true;
            while (readers > 0) {
              changed.sleep();
            }
            writerWaits = false;
            changed.wakeAll();
          }
        };
    scope(s -> {
      s.async(() -> lock.write());
      for (int reader = 0; reader < 3; reader++) {
        s.async(() -> {
          lock.read();
          lock.read();
        });
      }
    });
  }
}
