package dev.thrum.bench.explore;

/// The programs as threads.
final class ThreadPrograms {
  private ThreadPrograms() {}

  /// A fresh one, with its own state.
  static ThreadProgram create(Program program) {
    return switch (program) {
      case ACCOUNT -> new RacyThreads.Account();
      case TWO_STAGE -> new RacyThreads.TwoStage();
      case REORDER_3 -> new RacyThreads.Reorder(3);
      case REORDER_5 -> new RacyThreads.Reorder(5);
      case WRONG_LOCK -> new RacyThreads.WrongLock();
      case STACK -> new RacyThreads.Stack();
      case LAZY_INIT -> new RacyThreads.LazyInit();
      case THROUGHPUT -> new RacyThreads.Throughput();
      case LOST_WAKE_UP -> new BlockedThreads.LostWakeUp();
      case BOUNDED_BUFFER -> new BlockedThreads.BoundedBuffer();
      case DEADLOCK -> new BlockedThreads.Deadlock();
      case DINING_3 -> new BlockedThreads.Dining();
    };
  }
}
