package dev.thrum.programs;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.failsInFifo;
import static dev.thrum.programs.Program.passesInFifo;
import static dev.thrum.programs.Program.steps;

import java.util.List;
import java.util.stream.IntStream;

/// Each holds what another one waits for.
final class Deadlocks {
  static final List<Program> ALL =
      List.of(
          failsInFifo("deadlock01", "deadlock", Deadlocks::twoLocks),
          failsInFifo("dining_3", "deadlock", mended -> dining(3, mended)),
          failsInFifo("dining_5", "deadlock", mended -> dining(5, mended)),
          failsInFifo("pool_nested_3", "deadlock", mended -> poolNested(3, mended)),
          failsInFifo("upgrade_2", "deadlock", Deadlocks::upgrade),
          passesInFifo("nested_monitor", "deadlock", Deadlocks::nestedMonitor),
          passesInFifo("join_under_lock", "deadlock", Deadlocks::joinUnderLock));

  private Deadlocks() {}

  /// Two locks, taken in two orders.
  private static void twoLocks(boolean mended) {
    var a = new BargingLock();
    var b = new BargingLock();
    gather(
        () -> a.around(() -> b.around(() -> {})),
        () -> {
          if (mended) {
            a.around(() -> b.around(() -> {}));
          } else {
            b.around(() -> a.around(() -> {}));
          }
        });
  }

  /// Philosophers take the fork on their left and then the one on their right; mended, the last of
  /// them begins with the other one.
  private static void dining(int philosophers, boolean mended) {
    var forks = IntStream.range(0, philosophers).mapToObj(_ -> new BargingLock()).toList();
    scope(s -> {
      for (int i = 0; i < philosophers; i++) {
        boolean last = i == philosophers - 1;
        var left = forks.get(i);
        var right = forks.get(last ? 0 : i + 1);
        if (mended && last) {
          s.async(() -> right.around(() -> left.around(() -> {})));
        } else {
          s.async(() -> left.around(() -> right.around(() -> {})));
        }
      }
    });
  }

  /// Everybody takes a permit and then a second one; mended, one at a time takes its two.
  private static void poolNested(int tasks, boolean mended) {
    Guard taking = Guard.lockIf(mended);
    var pool = new BargingSemaphore(tasks);
    scope(s -> {
      for (int i = 0; i < tasks; i++) {
        s.async(() -> {
          taking.around(() -> {
            pool.acquire();
            pool.acquire();
          });
          checkpoint();
          pool.release();
          pool.release();
        });
      }
    });
  }

  /// Two readers want to write, and each waits until the other reads no more; mended, who reads in
  /// order to write does so alone.
  private static void upgrade(boolean mended) {
    Guard intent = Guard.lockIf(mended);
    var done = new Sleepers();
    var data =
        new Object() {
          int readers;
          int value;

          void increment() {
            readers++;
            int seen = value;
            checkpoint();
            while (readers > 1) {
              done.sleep();
            }
            value = seen + 1;
            readers--;
          }

          void look() {
            readers++;
            int seen = value;
            checkpoint();
            check(value == seen, "nobody writes while somebody reads");
            readers--;
            done.wakeAll();
          }
        };
    gather(
        () -> intent.around(data::increment),
        () -> intent.around(data::increment),
        () -> data.look());
    check(data.value == 2, "each increment counts");
  }

  /// It waits for a condition of the inner lock, and keeps the outer one, which the other needs.
  private static void nestedMonitor(boolean mended) {
    var outer = new BargingLock();
    var inner = new BargingLock();
    var changed = new BargingCondition(inner);
    var box =
        new Object() {
          boolean full;

          void take() {
            inner.around(() -> {
              while (!full) {
                changed.await();
              }
              full = false;
            });
          }

          void put() {
            inner.around(() -> {
              full = true;
              changed.notifyOne();
            });
          }
        };
    gather(
        () -> outer.around(box::put),
        () -> {
          if (mended) {
            outer.around(() -> {});
            box.take();
          } else {
            outer.around(box::take);
          }
        });
  }

  /// It waits for its worker and keeps a lock that the worker needs.
  private static void joinUnderLock(boolean mended) {
    var lock = new BargingLock();
    var worker = async(() -> lock.around(() -> {}));
    steps(2);
    if (mended) {
      lock.around(() -> {});
      await(worker);
    } else {
      lock.around(() -> await(worker));
    }
  }
}
