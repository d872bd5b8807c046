package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.failsInFifo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// The same mistakes with what the JDK has, whose waits are suspension points on the confined
/// engine only.
final class JdkWaits {
  static final List<Program> ALL =
      List.of(
          failsInFifo("jdk_latch_early", "order", JdkWaits::latchEarly).onConfinedOnly(),
          failsInFifo("jdk_wronglock", "atomicity", JdkWaits::wronglock).onConfinedOnly());

  private JdkWaits() {}

  /// A worker says that it is through, and only then puts down what it has found.
  private static void latchEarly(boolean mended) throws InterruptedException {
    var latch = new CountDownLatch(2);
    var results = new ArrayList<Integer>();
    scope(s -> {
      for (int i = 0; i < 2; i++) {
        int found = i;
        s.async(() -> {
          if (!mended) {
            latch.countDown();
          }
          checkpoint();
          results.add(found);
          if (mended) {
            latch.countDown();
          }
        });
      }
      latch.await();
      check(results.size() == 2, "who is through has put down its result");
    });
  }

  /// Two guard a value with one lock, and a third one with another.
  private static void wronglock(boolean mended) {
    var right = new ReentrantLock();
    var wrong = mended ? right : new ReentrantLock();
    var data =
        new Object() {
          int value;

          void increment(Lock lock) {
            checkpoint();
            lock.lock();
            try {
              int before = value;
              checkpoint();
              value = before + 1;
            } finally {
              lock.unlock();
            }
          }
        };
    scope(s -> {
      s.async(() -> data.increment(right));
      s.async(() -> data.increment(right));
      s.async(() -> data.increment(wrong));
    });
    check(data.value == 3, "each increment counts");
  }
}
