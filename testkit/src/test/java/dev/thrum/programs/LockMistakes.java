package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.passesInFifo;

import java.util.ArrayDeque;
import java.util.List;

/// Locks are there and do not help: the wrong one, for too short a time, or beside the point.
final class LockMistakes {
  static final List<Program> ALL =
      List.of(
          passesInFifo("account", "atomicity", LockMistakes::account),
          passesInFifo("twostage", "atomicity", LockMistakes::twostage),
          passesInFifo("wronglock_1", "atomicity", mended -> wronglock(1, mended)),
          passesInFifo("wronglock_3", "atomicity", mended -> wronglock(3, mended)),
          passesInFifo("stringbuffer", "atomicity", LockMistakes::stringbuffer),
          passesInFifo("stack", "atomicity", LockMistakes::stack));

  private LockMistakes() {}

  /// Deposit, withdrawal and audit under one lock. The audit expects a wrong sum, but looks only
  /// once both are through.
  private static void account(boolean mended) {
    int expected = mended ? 3 : 5;
    var lock = new BargingLock();
    var account =
        new Object() {
          int balance = 4;
          boolean deposited;
          boolean withdrawn;
        };
    gather(
        () ->
            lock.around(() -> {
              if (account.deposited && account.withdrawn) {
                check(account.balance == expected, "the balance is what was paid in");
              }
            }),
        () ->
            lock.around(() -> {
              account.balance += 1;
              account.deposited = true;
            }),
        () ->
            lock.around(() -> {
              account.balance -= 2;
              account.withdrawn = true;
            }));
  }

  /// Two values that belong together are written and read under a lock each, one after the other.
  private static void twostage(boolean mended) {
    Guard both = Guard.lockIf(mended);
    var firstLock = new BargingLock();
    var secondLock = new BargingLock();
    var data =
        new Object() {
          int first;
          int second;
        };
    gather(
        () ->
            both.around(() -> {
              firstLock.around(() -> data.first = 1);
              secondLock.around(() -> data.second = data.first + 1);
            }),
        () ->
            both.around(() -> {
              int[] seen = new int[2];
              firstLock.around(() -> seen[0] = data.first);
              if (seen[0] != 0) {
                secondLock.around(() -> seen[1] = data.second);
                check(seen[1] == seen[0] + 1, "the second value follows the first");
              }
            }));
  }

  /// Two different locks guard one value.
  private static void wronglock(int others, boolean mended) {
    var right = new BargingLock();
    var wrong = mended ? right : new BargingLock();
    var data =
        new Object() {
          int value;
        };
    scope(s -> {
      for (int i = 0; i < others; i++) {
        s.async(() -> wrong.around(() -> data.value++));
      }
      s.async(() ->
          right.around(() -> {
            int before = data.value;
            checkpoint();
            data.value++;
            check(data.value == before + 1, "nobody else changes what is locked");
          }));
    });
  }

  /// Each method of a text is locked; appending one to another asks for its length and then for its
  /// characters, and between the two it may have become shorter.
  private static void stringbuffer(boolean mended) {
    var source = new StringBuilder("abc");
    var lock = new BargingLock();
    var target = new StringBuilder();
    gather(
        () -> {
          lock.around(() -> source.setLength(0));
          lock.around(() -> source.append("xyz"));
        },
        () -> {
          if (mended) {
            lock.around(() -> {
              int length = source.length();
              checkpoint();
              target.append(source, 0, length);
            });
          } else {
            int[] length = new int[1];
            lock.around(() -> length[0] = source.length());
            lock.around(() -> target.append(source, 0, length[0]));
          }
        });
  }

  /// The first push says that the stack is not empty, and nobody ever takes that back.
  private static void stack(boolean mended) {
    var lock = new BargingLock();
    var items = new ArrayDeque<Integer>();
    var stack =
        new Object() {
          boolean filled;
        };
    gather(
        () -> {
          for (int i = 0; i < 5; i++) {
            int item = i;
            lock.around(() -> {
              items.push(item);
              stack.filled = true;
            });
          }
        },
        () -> {
          for (int i = 0; i < 5; i++) {
            lock.around(() -> {
              if (mended ? !items.isEmpty() : stack.filled) {
                items.pop();
              }
            });
          }
        });
  }
}
