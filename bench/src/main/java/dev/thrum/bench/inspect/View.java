package dev.thrum.bench.inspect;

import dev.thrum.inspect.ThrumMXBean;
import java.util.Arrays;

/// What is asked for, as the command line and the console's page ask for it.
enum View {
  PS("ps", "ps", "lines=1000", false, "session-"),
  TREE("tree", "tree", "", false, "tasks alike"),
  WAITS("waits", "waits", "lines=1000", false, "waited for by transfer-"),
  DUMP("dump", "dump", "lines=1000", false, "waited for by transfer-"),
  DUMP_JSON("dump-json", "dump", "limit=1000", true, "\"stacks\":"),
  OVERVIEW("page-overview", "overview", "", true, "\"histogram\":"),
  PAGE_TASKS("page-tasks", "tasks", "sort=age&offset=0&limit=100", true, "\"tasks\":[{"),
  PAGE_TREE("page-tree", "tree", "loop=loop-1&parent=1&offset=0&limit=100", true, "holder-"),
  PAGE_WAITS("page-waits", "waits", "", true, "\"edges\":[{");

  private final String title;
  private final String name;
  private final String query;
  private final boolean json;
  private final String expected;

  View(String title, String name, String query, boolean json, String expected) {
    this.title = title;
    this.name = name;
    this.query = query;
    this.json = json;
    this.expected = expected;
  }

  String title() {
    return title;
  }

  /// Asks for it.
  String ask(ThrumMXBean bean) {
    return json ? bean.json(name, query) : bean.text(name, query);
  }

  /// Whether it is what was asked for.
  boolean isAnswer(String answer) {
    return answer.contains(expected);
  }

  static View titled(String title) {
    return Arrays.stream(values())
        .filter(view -> view.title.equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown view " + title));
  }
}
