package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.race;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.failsInFifo;
import static dev.thrum.programs.Program.passesInFifo;
import static dev.thrum.programs.Program.steps;

import dev.thrum.CancelledException;
import java.util.ArrayDeque;
import java.util.List;

/// A task is cancelled at the wrong moment, and what it held or had half done is lost.
final class Cancellations {
  static final List<Program> ALL =
      List.of(
          failsInFifo("cond_notify_cancel", "cancellation", Cancellations::condNotifyCancel),
          passesInFifo("permit_lost_in_cancel", "cancellation", Cancellations::permitLost),
          passesInFifo("commit_and_rollback", "cancellation", Cancellations::commitAndRollback),
          passesInFifo("unshielded_cleanup", "cancellation", Cancellations::unshieldedCleanup),
          failsInFifo("consumer_drops_item", "cancellation", Cancellations::consumerDropsItem),
          passesInFifo("two_phase_commit", "cancellation", Cancellations::twoPhaseCommit),
          failsInFifo("hedged_charge_twice", "cancellation", Cancellations::hedgedChargeTwice));

  private Cancellations() {}

  /// A notification wakes a consumer that is cancelled before it takes the item; mended, it passes
  /// the notification on.
  private static void condNotifyCancel(boolean mended) {
    var lock = new BargingLock();
    var filled = new BargingCondition(lock);
    var queue =
        new Object() {
          int items;

          void take() {
            while (items == 0) {
              filled.await();
            }
            try {
              checkpoint();
            } catch (CancelledException cancelled) {
              if (mended) {
                filled.notifyOne();
              }
              throw cancelled;
            }
            items--;
          }

          void put() {
            items++;
            filled.notifyOne();
          }
        };
    scope(s -> {
      var first = s.async(() -> lock.around(queue::take));
      s.async(() -> lock.around(queue::take));
      steps(2);
      lock.around(queue::put);
      first.cancel("it is not needed any more");
    });
  }

  /// Cancelled between taking a permit and the `try` that gives it back.
  private static void permitLost(boolean mended) {
    var permits = new BargingSemaphore(1);
    scope(s -> {
      var victim =
          s.async(() -> {
            permits.acquire();
            if (!mended) {
              checkpoint();
            }
            try {
              steps(2);
            } finally {
              permits.release();
            }
          });
      s.async(() -> {
        permits.acquire();
        permits.release();
      });
      checkpoint();
      victim.cancel("it takes too long");
    });
  }

  /// Cancelled while it waits for the answer to its commit, it rolls back what is committed.
  private static void commitAndRollback(boolean mended) {
    var database =
        new Object() {
          boolean committed;
          boolean rolledBack;

          void transact() {
            try {
              checkpoint();
              if (mended) {
                shield(() -> commit());
              } else {
                commit();
              }
            } catch (CancelledException cancelled) {
              rolledBack = true;
              throw cancelled;
            }
          }

          private void commit() {
            committed = true;
            checkpoint();
          }
        };
    scope(s -> {
      var transaction = s.async(() -> database.transact());
      checkpoint();
      transaction.cancel("the user has left");
    });
    check(!(database.committed && database.rolledBack), "what is committed is not rolled back");
  }

  /// Its cleanup says goodbye before it gives the lock back, and a cancelled task cannot wait.
  private static void unshieldedCleanup(boolean mended) {
    var lock = new BargingLock();
    scope(s -> {
      var holder =
          s.async(() -> {
            lock.lock();
            try {
              steps(2);
            } finally {
              if (mended) {
                shield(() -> checkpoint());
              } else {
                checkpoint();
              }
              lock.unlock();
            }
          });
      s.async(() -> lock.around(() -> {}));
      checkpoint();
      holder.cancel("it takes too long");
    });
  }

  /// A consumer that is cancelled drops the item that it has just taken.
  private static void consumerDropsItem(boolean mended) {
    var items = new ArrayDeque<>(List.of(1, 2));
    var consumer =
        new Object() {
          int processed;

          void consume() {
            while (!items.isEmpty()) {
              var item = items.poll();
              try {
                checkpoint();
              } catch (CancelledException cancelled) {
                if (mended) {
                  items.addFirst(item);
                }
                throw cancelled;
              }
              processed++;
            }
          }
        };
    scope(s -> {
      var task = s.async(() -> consumer.consume());
      checkpoint();
      task.cancel("the service is going down");
    });
    check(consumer.processed + items.size() == 2, "an item is processed or still there");
  }

  /// Cancelled between two commits that belong together.
  private static void twoPhaseCommit(boolean mended) {
    boolean[] committed = new boolean[2];
    Runnable commitAll =
        () -> {
          committed[0] = true;
          checkpoint();
          committed[1] = true;
        };
    scope(s -> {
      var coordinator =
          s.async(() -> {
            steps(2);
            if (mended) {
              shield(() -> commitAll.run());
            } else {
              commitAll.run();
            }
          });
      steps(2);
      coordinator.cancel("the user has left");
    });
    check(committed[0] == committed[1], "all commit or none");
  }

  /// The same payment is sent to two servers, and the slower one is cancelled when it has charged;
  /// mended, they know it by its key.
  private static void hedgedChargeTwice(boolean mended) {
    var account =
        new Object() {
          int charges;

          boolean charge() {
            checkpoint();
            if (!mended || charges == 0) {
              charges++;
            }
            checkpoint();
            return true;
          }
        };
    boolean charged = race(() -> account.charge(), () -> account.charge());
    check(charged && account.charges == 1, "it is charged once");
  }
}
