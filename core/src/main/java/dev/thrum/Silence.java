package dev.thrum;

import java.util.List;

/// Says so when a loop may never wake again: all its tasks wait for channels, events and the like,
/// which other threads could use, and no other thread of the program is left to do it.
///
/// That there is none is a guess: virtual threads cannot be counted, and a signal may come. So
/// nothing is ended for it; people are told, once. As long as another thread is there the loop
/// looks again, at growing intervals.
final class Silence {
  /// How long a loop must have been idle, with nothing due.
  private static final long SHORTEST_NANOS = 2_000_000_000L;

  /// The longest time between two looks.
  private static final long LONGEST_NANOS = 60_000_000_000L;

  private final LoopImpl loop;
  private long patience = SHORTEST_NANOS;

  Silence(LoopImpl loop) {
    this.loop = loop;
  }

  /// How long to wait before the next look, without end once people have been told.
  long patience() {
    return patience;
  }

  /// Looks round if nothing has come for so long.
  void hasWaited(long nanos, boolean inVain) {
    if (patience == Long.MAX_VALUE) {
      return;
    }
    if (!inVain || nanos < patience) {
      patience = SHORTEST_NANOS;
    } else if (consider(Waits.all(loop.main()))) {
      patience = Long.MAX_VALUE;
    } else {
      patience = Math.min(2 * patience, LONGEST_NANOS);
    }
  }

  /// Looks round and reports, on a thread of its own: the loop's takes no lock of a logger.
  ///
  /// @return whether there was anything to report
  private boolean consider(List<TaskImpl<?>> tasks) {
    if (tasks.stream().anyMatch(task -> task.blockedOn() == Waits.JDK) || othersAreAlive()) {
      return false;
    }
    DeadlockException waits =
        new DeadlockException(
            "every task of " + loop.name() + " waits, and no other thread is left to wake one",
            Waits.edges(tasks));
    Thread.ofPlatform()
        .daemon()
        .name("thrum-silence")
        .start(() -> Log.warn(String.valueOf(waits.getMessage()), null));
    return true;
  }

  /// Whether a thread lives that is neither this one nor the JDK's or Thrum's own. Carriers of
  /// virtual threads count, unless the loop's own tasks need them.
  private boolean othersAreAlive() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] all = new Thread[root.activeCount() + 16];
    int count = root.enumerate(all);
    for (int i = 0; i < count; i++) {
      if (all[i] != Thread.currentThread() && isOfProgram(all[i])) {
        return true;
      }
    }
    return count == all.length;
  }

  private boolean isOfProgram(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    String name = thread.getName();
    return group != null
        && group.getParent() != null
        && !group.getName().equals("InnocuousThreadGroup")
        && !(group.getName().equals("CarrierThreads") && !loop.engine().isConfined())
        && !name.startsWith("thrum-")
        && !name.equals("DestroyJavaVM");
  }
}
