package dev.thrum.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Calls of one kind, of which so many are made at a time, in the order in which they come.
///
/// A call that was left alone counts no more, and its thread ends with it: calls that never return
/// do not keep others from being made. The threads are shared by all lanes, and go when there has
/// been nothing to do for a while.
public final class Lane {
  /// Files: they may be pipes, and block for ever.
  static final Lane FILES = new Lane(64);

  /// What is done whatever cancellation comes. It does not wait for what blocks.
  static final Lane CLEANUPS = new Lane(64);

  /// Look-ups of names, which hang when the network does.
  public static final Lane LOOKUPS = new Lane(64);

  /// Starts of programs, one of which may be what a file that blocks waits for.
  public static final Lane STARTS = new Lane(64);

  private static final class Threads {
    static final ExecutorService ALL =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name("thrum-io-", 1)
                .factory());

    private Threads() {}
  }

  private final int width;
  private final Queue<Offload<?>> queue = new ArrayDeque<>();
  private int busy;

  Lane(int width) {
    this.width = width;
  }

  /// Has a call made, now or later.
  void add(Offload<?> call) {
    synchronized (this) {
      queue.add(call);
      if (busy == width) {
        return;
      }
      busy++;
    }
    try {
      startThread();
    } catch (Throwable e) {
      if (remove(call)) {
        throw e;
      }
    }
  }

  /// Takes a call back that no thread has taken.
  synchronized boolean remove(Offload<?> call) {
    return queue.remove(call);
  }

  /// A call that has begun was left alone, with its thread.
  void leaveAlone() {
    synchronized (this) {
      if (queue.isEmpty()) {
        busy--;
        return;
      }
    }
    startThread();
  }

  private void startThread() {
    try {
      Threads.ALL.execute(this::makeCalls);
    } catch (Throwable e) { // out of threads: whoever comes next tries again
      synchronized (this) {
        busy--;
      }
      throw e;
    }
  }

  private void makeCalls() {
    for (Offload<?> call = next(); call != null; call = next()) {
      if (!call.make()) {
        return; // somebody else goes on in its place
      }
    }
  }

  private synchronized @Nullable Offload<?> next() {
    Offload<?> call = queue.poll();
    if (call == null) {
      busy--;
    }
    return call;
  }
}
