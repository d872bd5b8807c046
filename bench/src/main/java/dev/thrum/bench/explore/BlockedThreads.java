package dev.thrum.bench.explore;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The thread programs that fail by waiting for ever.
final class BlockedThreads {
  private BlockedThreads() {}

  /// The flag is looked at outside the lock, so that the wake-up can come before the wait.
  static final class LostWakeUp extends ThreadProgram {
    private final Object lock = new Object();
    private volatile boolean ready;

    LostWakeUp() {
      super(2);
    }

    @Override
    @SuppressWarnings({"WaitNotInLoop", "NakedNotify"})
    void run(int thread) throws InterruptedException {
      if (thread == 0) {
        if (!ready) {
          synchronized (lock) {
            lock.wait();
          }
        }
      } else {
        ready = true;
        synchronized (lock) {
          lock.notify();
        }
      }
    }
  }

  /// Room for one item, two producers and two consumers on one condition: a consumer's wake-up can
  /// go to the other consumer instead of a producer, and then all sleep.
  ///
  /// With a monitor instead neither tool finds it: a `notify` of Fray's wakes two of those that
  /// wait, one of Lincheck's all of them.
  static final class BoundedBuffer extends ThreadProgram {
    private static final int ITEMS = 2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean full;

    BoundedBuffer() {
      super(4);
    }

    @Override
    void run(int thread) throws InterruptedException {
      boolean produces = thread % 2 == 0;
      for (int i = 0; i < ITEMS; i++) {
        lock.lock();
        try {
          while (full == produces) {
            changed.await();
          }
          full = produces;
          changed.signal();
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /// Two threads take two locks in opposite order.
  static final class Deadlock extends ThreadProgram {
    private final Object first = new Object();
    private final Object second = new Object();
    private int counter;

    Deadlock() {
      super(2);
    }

    @Override
    void run(int thread) {
      if (thread == 0) {
        count(first, second);
      } else {
        count(second, first);
      }
    }

    private void count(Object outer, Object inner) {
      synchronized (outer) {
        synchronized (inner) {
          counter++;
        }
      }
    }

    @Override
    void check() {
      require(counter == 2, "counted " + counter);
    }
  }

  /// Each of three philosophers takes the fork to the left, then the one to the right. Any two
  /// share a fork, so that it guards the meals too.
  static final class Dining extends ThreadProgram {
    private static final int PHILOSOPHERS = 3;

    private final ReentrantLock first = new ReentrantLock();
    private final ReentrantLock second = new ReentrantLock();
    private final ReentrantLock third = new ReentrantLock();
    private int meals;

    Dining() {
      super(PHILOSOPHERS);
    }

    @Override
    void run(int thread) {
      var left = fork(thread);
      var right = fork((thread + 1) % PHILOSOPHERS);
      left.lock();
      try {
        right.lock();
        try {
          meals++;
        } finally {
          right.unlock();
        }
      } finally {
        left.unlock();
      }
    }

    private ReentrantLock fork(int number) {
      return switch (number) {
        case 0 -> first;
        case 1 -> second;
        default -> third;
      };
    }

    @Override
    void check() {
      require(meals == PHILOSOPHERS, meals + " meals");
    }
  }
}
