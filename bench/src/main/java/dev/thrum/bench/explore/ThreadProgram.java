package dev.thrum.bench.explore;

import org.jspecify.annotations.Nullable;

/// A program of some threads that share one object, this one. It is run once.
///
/// Lincheck follows an object to other threads through the fields of a [Thread], not through the
/// [Runnable] that one was made with: what only a `Runnable` leads to it takes for local, and never
/// switches at. So a thread is of a class of its own here; but it is joined as a `Thread`, since
/// Lincheck knows the method by that class. And it hears of exceptions in the starting thread only,
/// which is why this one throws those of all.
abstract class ThreadProgram {
  private final int threads;

  ThreadProgram(int threads) {
    this.threads = threads;
  }

  /// What the thread of that number does, counted from 0.
  abstract void run(int thread) throws InterruptedException;

  /// Looks at the result once all threads have ended.
  void check() {}

  /// Runs all threads to their end, and throws what one of them threw.
  final void runAll() {
    var workers = new Worker[threads];
    for (int i = 0; i < threads; i++) {
      workers[i] = new Worker(this, i);
    }
    for (Thread worker : workers) {
      worker.start();
    }
    try {
      for (Thread worker : workers) {
        worker.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    for (var worker : workers) {
      if (worker.failure != null) {
        throw worker.failure;
      }
    }
    check();
  }

  static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  private static final class Worker extends Thread {
    private final ThreadProgram program;
    private final int number;
    private @Nullable AssertionError failure;

    Worker(ThreadProgram program, int number) {
      this.program = program;
      this.number = number;
    }

    @Override
    public void run() {
      try {
        program.run(number);
      } catch (AssertionError e) {
        failure = e;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
