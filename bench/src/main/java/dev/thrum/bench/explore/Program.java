package dev.thrum.bench.explore;

import java.util.Arrays;
import java.util.List;

/// A small concurrent program. Every tool has it in its own form: threads for those that explore
/// threads, tasks for those that explore tasks.
enum Program {
  ACCOUNT("account", Bug.ASSERTION),
  TWO_STAGE("twostage", Bug.ASSERTION),
  REORDER_3("reorder_3", Bug.ASSERTION),
  REORDER_5("reorder_5", Bug.ASSERTION),
  WRONG_LOCK("wronglock_1", Bug.ASSERTION),
  STACK("stack", Bug.ASSERTION),
  LAZY_INIT("lazy_init_twice", Bug.ASSERTION),
  LOST_WAKE_UP("lost_wakeup_flag", Bug.DEADLOCK),
  BOUNDED_BUFFER("boundedbuffer", Bug.DEADLOCK),
  DEADLOCK("deadlock01", Bug.DEADLOCK),
  DINING_3("dining_3", Bug.DEADLOCK),
  /// Three workers that write to one variable three, three and four times.
  THROUGHPUT("throughput", Bug.NONE);

  /// How a program fails, in some of its schedules.
  enum Bug {
    NONE,
    ASSERTION,
    DEADLOCK
  }

  private final String title;
  private final Bug bug;

  Program(String title, Bug bug) {
    this.title = title;
    this.bug = bug;
  }

  String title() {
    return title;
  }

  Bug bug() {
    return bug;
  }

  static Program named(String title) {
    return all().stream()
        .filter(program -> program.title.equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown program " + title));
  }

  static List<Program> all() {
    return Arrays.asList(values());
  }
}
