package dev.thrum.bench;

import java.util.Arrays;
import java.util.Optional;

/// Workloads that are shown together, with the peers that make sense for them.
enum Table {
  CORE("core"),
  /// Channels between tasks of one loop or one carrier thread.
  CHANNELS("channels"),
  /// Channels between two loops, or two carrier threads.
  CHANNELS_ACROSS("channels-across");

  private final String title;

  Table(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  static Optional<Table> titled(String title) {
    return Arrays.stream(values()).filter(t -> t.title.equals(title)).findFirst();
  }
}
