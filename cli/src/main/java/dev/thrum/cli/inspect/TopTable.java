package dev.thrum.cli.inspect;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// The table of the busiest tasks, which knows what it showed before: its rates are those since.
final class TopTable {
  private final Target target;
  private final Query options;
  private Column column;

  /// What it can be sorted by.
  enum Column {
    CPU,
    STEPS,
    AGE,
    NAME,
    STATE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    Column next() {
      return switch (this) {
        case CPU -> STEPS;
        case STEPS -> AGE;
        case AGE -> NAME;
        case NAME -> STATE;
        case STATE -> CPU;
      };
    }

    static Optional<Column> named(String word) {
      return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
    }
  }

  TopTable(Target target, Query selection, Column column) {
    this.target = target;
    this.column = column;
    String session = Long.toHexString(ThreadLocalRandom.current().nextLong());
    options = selection.with("session", session);
  }

  Column column() {
    return column;
  }

  void sortBy(Column column) {
    this.column = column;
  }

  /// The table now.
  String text(Query size) throws TargetException {
    Query all = options.with("sort", column.word());
    return target.text("top", all.and(size));
  }
}
