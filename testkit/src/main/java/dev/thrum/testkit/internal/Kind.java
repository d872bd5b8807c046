package dev.thrum.testkit.internal;

/// What can be done next with a task.
public enum Kind {
  /// Run its next step.
  RUN(0, ""),
  /// Let its timer fire, which is due.
  FIRE(1, "*"),
  /// Let its timer fire although others are ready: the clock goes on.
  SKEW(2, "~"),
  /// Cancel it.
  CANCEL(3, "!"),
  /// Let everybody wait on, where one could be cancelled: the clock goes on, or nothing ever does.
  REST(4, "_");

  static final int COUNT = 5;

  /// Its number, from 0.
  final int code;

  /// The mark in a replay string.
  final String mark;

  Kind(int code, String mark) {
    this.code = code;
    this.mark = mark;
  }

  /// Whether it is the clock's and no task's.
  boolean isOfClock() {
    return this == SKEW || this == REST;
  }

  static Kind of(char mark) {
    for (Kind kind : values()) {
      if (kind.mark.equals(String.valueOf(mark))) {
        return kind;
      }
    }
    return RUN;
  }
}
