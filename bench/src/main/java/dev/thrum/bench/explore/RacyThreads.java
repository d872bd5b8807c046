package dev.thrum.bench.explore;

import java.util.concurrent.atomic.AtomicInteger;

/// The thread programs that fail by a wrong result. What threads share outside a lock is volatile,
/// so that each access is a point where Fray may switch; Lincheck would switch at plain ones too.
final class RacyThreads {
  private RacyThreads() {}

  /// Everything is under one lock, and the sum that is checked has a wrong sign: it fails if the
  /// check is last.
  static final class Account extends ThreadProgram {
    private static final int START = 1;
    private static final int PUT = 2;
    private static final int TAKE = 3;

    private final Object lock = new Object();
    private int balance = START;
    private boolean deposited;
    private boolean withdrawn;

    Account() {
      super(3);
    }

    @Override
    void run(int thread) {
      synchronized (lock) {
        switch (thread) {
          case 0 ->
              require(
                  !deposited || !withdrawn || balance == START - PUT - TAKE, "balance " + balance);
          case 1 -> {
            balance += PUT;
            deposited = true;
          }
          default -> {
            balance -= TAKE;
            withdrawn = true;
          }
        }
      }
    }
  }

  /// Two variables that belong together, each under a lock of its own.
  static final class TwoStage extends ThreadProgram {
    private final Object firstLock = new Object();
    private final Object secondLock = new Object();
    private int first;
    private int second;

    TwoStage() {
      super(2);
    }

    @Override
    void run(int thread) {
      if (thread == 0) {
        write();
      } else {
        read();
      }
    }

    private void write() {
      synchronized (firstLock) {
        first = 1;
      }
      synchronized (secondLock) {
        second = first + 1;
      }
    }

    private void read() {
      int seen;
      synchronized (firstLock) {
        seen = first;
      }
      if (seen == 0) {
        return;
      }
      synchronized (secondLock) {
        require(second == seen + 1, "second is " + second);
      }
    }
  }

  /// All threads but the last set one variable and then the other; the last looks at both.
  static final class Reorder extends ThreadProgram {
    private final int setters;
    private volatile int a;
    private volatile int b;

    Reorder(int threads) {
      super(threads);
      setters = threads - 1;
    }

    @Override
    void run(int thread) {
      if (thread < setters) {
        a = 1;
        b = -1;
      } else {
        int seenA = a;
        int seenB = b;
        require(seenA == -seenB, "a is " + seenA + ", b is " + seenB);
      }
    }
  }

  /// Two threads guard one variable with different locks.
  static final class WrongLock extends ThreadProgram {
    private final Object lock = new Object();
    private final Object otherLock = new Object();
    private volatile int data;

    WrongLock() {
      super(2);
    }

    @Override
    void run(int thread) {
      if (thread == 0) {
        synchronized (otherLock) {
          increment();
        }
      } else {
        synchronized (lock) {
          int before = data;
          increment();
          require(data == before + 1, "changed under the lock");
        }
      }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void increment() {
      data++;
    }
  }

  /// A push sets a flag that no pop takes back, so that the flag says nothing of the next pop.
  static final class Stack extends ThreadProgram {
    private static final int ITEMS = 5;

    private final Object lock = new Object();
    private int depth;
    private boolean filled;

    Stack() {
      super(2);
    }

    @Override
    void run(int thread) {
      for (int i = 0; i < ITEMS; i++) {
        if (thread == 0) {
          push();
        } else {
          pop();
        }
      }
    }

    private void push() {
      synchronized (lock) {
        depth++;
        filled = true;
      }
    }

    private void pop() {
      synchronized (lock) {
        if (filled) {
          require(depth > 0, "pop of an empty stack");
          depth--;
        }
      }
    }
  }

  /// Both threads find that nothing is there yet, and both make it.
  static final class LazyInit extends ThreadProgram {
    private final AtomicInteger made = new AtomicInteger();
    private volatile boolean there;

    LazyInit() {
      super(2);
    }

    @Override
    void run(int thread) {
      if (!there) {
        made.incrementAndGet();
        there = true;
      }
    }

    @Override
    void check() {
      require(made.get() == 1, "made " + made.get());
    }
  }

  /// Nothing can fail; ten writes by three threads.
  static final class Throughput extends ThreadProgram {
    private volatile int shared;

    Throughput() {
      super(3);
    }

    @Override
    void run(int thread) {
      int writes = thread == 2 ? 4 : 3;
      for (int i = 0; i < writes; i++) {
        shared = i;
      }
    }

    @Override
    void check() {
      require(shared >= 2, "the last write of a thread is 2 or 3");
    }
  }
}
