package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.failsInFifo;
import static dev.thrum.programs.Program.passesInFifo;
import static dev.thrum.programs.Program.steps;

import java.util.ArrayList;
import java.util.List;

/// A value is read, something is awaited, and what comes out of the old value is written.
final class LostUpdates {
  static final List<Program> ALL =
      List.of(
          failsInFifo("counter_5", "atomicity", LostUpdates::counter),
          failsInFifo("plus_equals_await", "atomicity", LostUpdates::plusEqualsAwait),
          passesInFifo("bank_transfer", "atomicity", LostUpdates::bankTransfer),
          failsInFifo("refcount_zero_twice", "atomicity", LostUpdates::refcountZeroTwice),
          failsInFifo("refill_twice", "atomicity", LostUpdates::refillTwice),
          failsInFifo("flush_clears_more", "atomicity", LostUpdates::flushClearsMore),
          passesInFifo("document_overwritten", "atomicity", LostUpdates::documentOverwritten));

  private LostUpdates() {}

  /// Five tasks count.
  private static void counter(boolean mended) {
    Guard guard = Guard.lockIf(mended);
    var counter =
        new Object() {
          int count;
        };
    scope(s -> {
      for (int i = 0; i < 5; i++) {
        s.async(() ->
            guard.around(() -> {
              int seen = counter.count;
              checkpoint();
              counter.count = seen + 1;
            }));
      }
    });
    check(counter.count == 5, "each is counted");
  }

  /// `sum += fetch()` takes the old sum before it fetches.
  private static void plusEqualsAwait(boolean mended) {
    var total =
        new Object() {
          int sum;

          int fetch(int item) {
            checkpoint();
            return item;
          }

          void add(int item) {
            if (mended) {
              int fetched = fetch(item);
              sum += fetched;
            } else {
              sum += fetch(item);
            }
          }
        };
    gather(() -> total.add(1), () -> total.add(2), () -> total.add(4));
    check(total.sum == 7, "each is added");
  }

  /// An audit adds the accounts up while money is on its way.
  private static void bankTransfer(boolean mended) {
    Guard guard = Guard.lockIf(mended);
    int[] accounts = {100, 100};
    gather(
        () -> {
          steps(2);
          guard.around(() -> check(accounts[0] + accounts[1] == 200, "no money is lost"));
        },
        () ->
            guard.around(() -> {
              accounts[0] -= 30;
              checkpoint();
              accounts[1] += 30;
            }),
        () ->
            guard.around(() -> {
              accounts[1] -= 10;
              checkpoint();
              accounts[0] += 10;
            }));
  }

  /// Two holders let go, and both see that nobody holds it any more.
  private static void refcountZeroTwice(boolean mended) {
    var resource =
        new Object() {
          int holders = 2;
          int freed;

          void letGo() {
            boolean last = --holders == 0;
            checkpoint();
            if (mended ? last : holders == 0) {
              freed++;
            }
          }
        };
    gather(() -> resource.letGo(), () -> resource.letGo());
    check(resource.freed == 1, "it is freed once");
  }

  /// A rate limiter is filled up by each who sees that it is time, and so more come through.
  private static void refillTwice(boolean mended) {
    var bucket =
        new Object() {
          int tokens;
          boolean due = true;
          int admitted;

          void enter() {
            if (due) {
              if (mended) {
                due = false;
              }
              tokens = 0;
              checkpoint();
              tokens = 2;
              due = false;
            }
            if (tokens > 0) {
              tokens--;
              admitted++;
            }
          }
        };
    gather(() -> bucket.enter(), () -> bucket.enter(), () -> bucket.enter());
    check(bucket.admitted <= 2, "two are admitted in one period");
  }

  /// What is written down while the last lines go to the disk is thrown away with them.
  private static void flushClearsMore(boolean mended) {
    var log =
        new Object() {
          final List<String> disk = new ArrayList<>();
          List<String> buffer = new ArrayList<>();

          void flush() {
            var batch = buffer;
            if (mended) {
              buffer = new ArrayList<>();
              checkpoint();
              disk.addAll(batch);
            } else {
              var copy = List.copyOf(batch);
              checkpoint();
              disk.addAll(copy);
              batch.clear();
            }
          }
        };
    gather(
        () -> {
          log.buffer.add("first");
          checkpoint();
          log.buffer.add("second");
        },
        () -> log.flush());
    log.flush();
    check(log.disk.size() == 2, "each line reaches the disk");
  }

  /// Two editors load a document, change a part of it each, and store the whole.
  private static void documentOverwritten(boolean mended) {
    record Document(String title, String text, int version) {}
    var store =
        new Object() {
          Document stored = new Document("", "", 0);

          Document load() {
            checkpoint();
            return stored;
          }

          boolean store(Document changed) {
            checkpoint();
            if (mended && changed.version() != stored.version() + 1) {
              return false;
            }
            stored = changed;
            return true;
          }
        };
    gather(
        () -> {
          Document old;
          do {
            old = store.load();
          } while (!store.store(new Document("title", old.text(), old.version() + 1)));
        },
        () -> {
          steps(2);
          Document old;
          do {
            old = store.load();
          } while (!store.store(new Document(old.title(), "text", old.version() + 1)));
        });
    check(!store.stored.title().isEmpty() && !store.stored.text().isEmpty(), "both are stored");
  }
}
