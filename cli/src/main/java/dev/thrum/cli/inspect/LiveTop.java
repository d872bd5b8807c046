package dev.thrum.cli.inspect;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The table on a terminal, drawn again and again until somebody presses q.
final class LiveTop {
  private final TopTable table;
  private final Screen screen;
  private final Keys keys;
  private final Duration pause;
  private boolean quit;
  private boolean paused;
  private int hidden;
  private List<String> shown = List.of();

  LiveTop(TopTable table, Screen screen, Keys keys, Duration pause) {
    this.table = table;
    this.screen = screen;
    this.keys = keys;
    this.pause = pause;
  }

  void run() throws TargetException {
    while (!quit) {
      Terminal.Size size = screen.size();
      if (!paused) {
        shown = ask(size);
      }
      draw(size);
      untilNext(size);
    }
  }

  private List<String> ask(Terminal.Size size) throws TargetException {
    int lines = size.lines() - 1 + hidden;
    Query fitting = Query.NONE.with("width", size.columns()).with("lines", lines);
    return table.text(fitting).lines().toList();
  }

  private void draw(Terminal.Size size) {
    String help =
        "q quit  p pause%s  s sort: %s (c cpu, t steps, a age, n name)"
            .formatted(paused ? "d" : "", table.column().word());
    String fitting = help.substring(0, Math.min(help.length(), size.columns()));
    screen.draw(window(shown, hidden), fitting, size.lines());
  }

  /// The table without its first tasks. Its head ends with the line after the first empty one.
  static List<String> window(List<String> table, int hidden) {
    int head = Math.min(table.size(), table.indexOf("") + 2);
    int from = Math.clamp((long) head + hidden, head, Math.max(head, table.size() - 1));
    return Stream.concat(table.subList(0, head).stream(), table.stream().skip(from)).toList();
  }

  /// Attends to the keys while the table stands. A new order shows with the next table: rates over
  /// less than a second would only confuse.
  private void untilNext(Terminal.Size size) {
    long end = System.nanoTime() + pause.toNanos();
    long left = pause.toNanos();
    while (left > 0 && !quit) {
      Optional<Keys.Key> key = keys.next(Duration.ofNanos(left));
      if (key.isPresent()) {
        press(key.get(), size.lines());
        draw(size);
      }
      left = end - System.nanoTime();
    }
  }

  private void press(Keys.Key key, int page) {
    switch (key.name()) {
      case "q", "Q", "none" -> quit = true;
      case "p", " " -> paused = !paused;
      case "s" -> table.sortBy(table.column().next());
      case "c" -> table.sortBy(TopTable.Column.CPU);
      case "t" -> table.sortBy(TopTable.Column.STEPS);
      case "a" -> table.sortBy(TopTable.Column.AGE);
      case "n" -> table.sortBy(TopTable.Column.NAME);
      case "down" -> scroll(1);
      case "up" -> scroll(-1);
      case "page down" -> scroll(page / 2);
      case "page up" -> scroll(-page / 2);
      default -> {}
    }
  }

  /// Not beyond the last task that has been shown; the next table has more.
  private void scroll(int lines) {
    hidden = Math.clamp((long) hidden + lines, 0, Math.max(0, shown.size() - 1));
  }
}
