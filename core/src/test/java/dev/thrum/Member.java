package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofNanos;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One of a [Swarm]: a task, or a plain thread. What it attempts may be cancelled by others.
final class Member {
  private static final int TINY = 60_000;

  final String name;
  final int loop;
  final RandomGenerator random;
  private final Swarm swarm;
  private final Swarm.Job job;
  private @Nullable Thread thread;
  private boolean interruptible;
  private volatile @Nullable Object exposed;
  private final AtomicLong operations = new AtomicLong();

  Member(Swarm swarm, String name, int loop, RandomGenerator random, Swarm.Job job) {
    this.swarm = swarm;
    this.name = name;
    this.loop = loop;
    this.random = random;
    this.job = job;
  }

  void live() throws Throwable {
    if (loop < 0) {
      thread = Thread.currentThread();
    }
    try {
      job.run(this);
    } catch (CancellationException e) {
      checkInTime(e);
      throw new AssertionError(name + " was cancelled for good, and nobody asked for that", e);
    }
  }

  long operations() {
    return operations.get();
  }

  /// Does something that nobody cancels.
  <T extends @Nullable Object, X extends Throwable> T certainly(Body<T, X> operation) throws X {
    count();
    return operation.call();
  }

  /// Does something without a value that nobody cancels.
  <X extends Throwable> void certainly(VoidBody<X> operation) throws X {
    count();
    operation.run();
  }

  /// Lets others go first.
  @SuppressWarnings("ThreadPriorityCheck") // they may be waiting for this processor
  void pause() {
    if (loop < 0) {
      Thread.yield();
    } else {
      checkpoint();
    }
  }

  /// Does something that can wait and that others may cancel, or that has only a moment for it.
  ///
  /// @return whether it came to its end
  boolean attempt(VoidBody<?> operation) throws Throwable {
    count();
    Attempt attempt = new Attempt(operation);
    if (loop < 0) {
      inThread(attempt);
      return attempt.done;
    }
    try {
      switch (random.nextInt(6)) {
        case 0 -> timeout(ofNanos(random.nextInt(TINY)), attempt);
        case 1 -> inChild(attempt);
        case 2 -> alreadyCancelled(attempt);
        case 3 -> inShield(attempt);
        default ->
            scope(s -> {
              exposed = s;
              attempt.run();
            });
      }
    } catch (TimeoutException | CancellationException e) {
      checkInTime(e);
    } finally {
      exposed = null;
    }
    return attempt.done;
  }

  /// Any of the two, half of the time each.
  ///
  /// @return whether it came to its end
  boolean maybeAttempt(VoidBody<?> operation) throws Throwable {
    if (random.nextBoolean()) {
      return attempt(operation);
    }
    certainly(operation);
    return true;
  }

  private void inChild(Attempt attempt) {
    Task<?> child = async(attempt);
    exposed = child;
    child.await();
  }

  /// No operation that can wait has an effect any more.
  private void alreadyCancelled(Attempt attempt) throws Throwable {
    scope(s -> {
      s.cancel("from the beginning");
      attempt.run();
    });
    if (attempt.done) {
      throw new AssertionError("an operation of a cancelled task came to its end");
    }
  }

  private void inShield(Attempt attempt) throws Throwable {
    scope(s -> {
      exposed = s;
      shield(attempt);
    });
  }

  private void inThread(Attempt attempt) throws Throwable {
    synchronized (this) {
      interruptible = true;
    }
    try {
      attempt.run();
    } catch (CancellationException e) {
      checkInTime(e);
      if (!Thread.currentThread().isInterrupted()) {
        throw new AssertionError("the interrupt status was lost", e);
      }
    } finally {
      synchronized (this) {
        interruptible = false;
        Thread.interrupted();
      }
    }
  }

  private void checkInTime(Exception e) throws Exception {
    if (swarm.isStopped()) {
      throw e;
    }
  }

  private void count() {
    if (swarm.isStopped()) {
      throw new CancellationException("the swarm has failed");
    }
    operations.lazySet(operations.getPlain() + 1);
  }

  /// Cancels what it does, if it is something that may be cancelled.
  void meddle() {
    switch (exposed) {
      case Scope scope -> scope.cancel("meddled with");
      case Task<?> task -> task.cancel("meddled with");
      case null, default -> {
        synchronized (this) {
          if (interruptible) {
            interrupt();
          }
        }
      }
    }
  }

  void interrupt() {
    Thread known = thread;
    if (known != null) {
      known.interrupt();
    }
  }

  /// An operation that remembers whether it came to its end.
  private static final class Attempt implements VoidBody<Throwable> {
    private final VoidBody<?> operation;
    boolean done;

    Attempt(VoidBody<?> operation) {
      this.operation = operation;
    }

    @Override
    public void run() throws Throwable {
      operation.run();
      done = true;
    }
  }
}
