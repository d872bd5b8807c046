package dev.thrum.internal.inspect;

import dev.thrum.internal.Frames;
import dev.thrum.internal.Warnings;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What people read in a terminal.
final class TextViews {
  private static final int LINES = 1_000;

  private TextViews() {}

  static String view(String view, Options options) {
    return switch (view) {
      case "ps" -> ps(options);
      case "tree" -> tree(options);
      case "top" -> TopView.text(options);
      case "dump" -> dump(options);
      case "waits" -> waits(options);
      case "timers" -> timers(options);
      case "history" -> history(options);
      case "warnings" -> warnings(options);
      case "stalls" -> stalls(options);
      default ->
          throw new IllegalArgumentException(
              "there is no view '"
                  + view
                  + "'; there are ps, tree, top, dump, waits, timers, history, warnings and stalls");
    };
  }

  private static Lines lines(Options options) {
    return new Lines(options.number("width", 0));
  }

  static void head(Lines lines, Look look) {
    Watched loop = look.loop();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s (%s%s): %s, %s, %,d ready, %s, %s, busy %s",
            loop.name(),
            loop.engineName(),
            loop.debug() ? ", debug" : "",
            state(loop),
            Words.count(look.tasks().size(), "task"),
            loop.readyCount(),
            Words.count(loop.timerCount(), "timer"),
            Words.count(loop.steps(), "step"),
            busy(loop.samples())));
    if (look.fromOutside()) {
      lines.add(
          "  (a step holds this loop: its tasks were read from outside, some may be missing)");
    }
  }

  private static String state(Watched loop) {
    Stall stall = loop.samples().current;
    return stall == null
        ? JsonViews.state(loop)
        : "held by " + stall.name() + " for " + Words.millis(stall.millis());
  }

  private static String busy(Samples samples) {
    return samples.taken.get() == 0 ? "0 %" : 100 * samples.busy.get() / samples.taken.get() + " %";
  }

  private static String none(Picture picture) {
    return picture.looks().isEmpty() ? "No loop runs.\n" : "";
  }

  // Lists

  private static String ps(Options options) {
    Picture picture = Picture.take(options.loop());
    Lines lines = lines(options);
    picture.looks().forEach(look -> head(lines, look));
    List<Sight> tasks = new ArrayList<>(Filter.of(picture, options.filter()));
    tasks.sort(Filter.order(options.text("sort", "id")));
    boolean several = picture.looks().size() > 1;
    int most = options.number("lines", LINES);
    lines.add("");
    table(picture, tasks.stream().limit(most).toList(), several).write(lines);
    if (tasks.size() > most) {
      lines.add(String.format(Locale.ROOT, "… and %,d more", tasks.size() - most));
    }
    return none(picture) + lines;
  }

  private static Rows table(Picture picture, List<Sight> tasks, boolean several) {
    Rows rows =
        several
            ? new Rows("LOOP", ">ID", "TASK", "STATE", ">AGE", ">STEPS", ">CPU", "WAITS FOR")
            : new Rows(">ID", "TASK", "STATE", ">AGE", ">STEPS", ">CPU", "WAITS FOR");
    for (Sight sight : tasks) {
      List<Object> cells = new ArrayList<>();
      if (several) {
        cells.add(picture.loopOf(sight).name());
      }
      cells.addAll(
          List.of(
              sight.id(),
              sight.title(),
              sight.state().text(),
              Words.millis(Ticks.millisSince(sight.born())),
              sight.steps(),
              Words.millis(sight.samples() * Ticks.MILLIS),
              waits(picture, sight)));
      rows.add(cells.toArray());
    }
    return rows;
  }

  static String waits(Picture picture, Sight sight) {
    String text = picture.waitsFor(sight);
    return text == null ? "" : text;
  }

  // Trees

  private static String tree(Options options) {
    Picture picture = Picture.take(options.loop());
    Lines lines = lines(options);
    for (Look look : picture.looks()) {
      head(lines, look);
      TreeText.write(picture, look, options.filter(), lines, false);
      lines.add("");
    }
    cycles(picture, lines);
    return none(picture) + lines;
  }

  private static void cycles(Picture picture, Lines lines) {
    for (List<Sight> cycle : picture.cycles()) {
      lines.add("DEADLOCK: these tasks wait for each other in a circle");
      for (Sight sight : cycle) {
        lines.add("  " + Picture.label(sight) + " waits for " + waits(picture, sight));
      }
      lines.add("");
    }
  }

  /// Everything, for a file or a log.
  static String dump(Options options) {
    Picture picture = Picture.take(options.loop());
    picture.readStacks();
    Lines lines = lines(options);
    lines.add(
        "Thrum tasks of "
            + Program.name()
            + " (PID "
            + ProcessHandle.current().pid()
            + "), "
            + now());
    lines.add("");
    for (Look look : picture.looks()) {
      head(lines, look);
      TreeText.write(picture, look, options.filter(), lines, true);
      lines.add("");
    }
    cycles(picture, lines);
    things(picture, lines);
    List<Warnings.Said> warnings = WarningsView.ofNow(picture);
    if (!warnings.isEmpty()) {
      lines.add("Warnings");
      warnings.forEach(warning -> lines.add("  " + warning.text()));
      lines.add("");
    }
    return none(picture) + lines;
  }

  private static String now() {
    return time(System.currentTimeMillis());
  }

  private static String time(long millis) {
    return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
        Instant.ofEpochMilli(millis)
            .atZone(ZoneId.systemDefault())
            .truncatedTo(ChronoUnit.SECONDS));
  }

  private static void things(Picture picture, Lines lines) {
    List<Picture.Thing> things = picture.things();
    if (things.isEmpty()) {
      return;
    }
    lines.add("Locks, channels and the like");
    for (Picture.Thing thing : things.stream().limit(LINES).toList()) {
      lines.add("  " + Words.thing(thing.thing()));
      if (!thing.holders().isEmpty() && !Words.thing(thing.thing()).contains(Picture.HELD_BY)) {
        lines.add(
            "    held by "
                + String.join(
                    ", ", thing.holders().stream().map(Picture.Holder::name).limit(10).toList()));
      }
      if (!thing.waiters().isEmpty()) {
        lines.add("    waited for by " + some(thing.waiters()));
      }
    }
    lines.add("");
  }

  private static String some(List<Sight> sights) {
    String names = String.join(", ", sights.stream().limit(10).map(Picture::label).toList());
    int more = sights.size() - 10;
    return more > 0 ? names + String.format(Locale.ROOT, " and %,d more", more) : names;
  }

  private static String waits(Options options) {
    Picture picture = Picture.take(options.loop());
    Lines lines = lines(options);
    cycles(picture, lines);
    things(picture, lines);
    return none(picture)
        + (lines.toString().isEmpty() ? "Nobody waits for a lock or a channel.\n" : lines);
  }

  private static String timers(Options options) {
    Picture picture = Picture.take(options.loop());
    Lines lines = lines(options);
    Rows rows = new Rows(">IN", "TASK", "WHAT FOR");
    Timed.of(picture).stream()
        .limit(options.number("lines", LINES))
        .forEach(timer ->
            rows.add(Words.millis(timer.dueMillis()), Picture.label(timer.sight()), timer.what()));
    rows.write(lines);
    return none(picture) + lines;
  }

  // The past

  private static String history(Options options) {
    Lines lines = lines(options);
    Rows rows = new Rows("LOOP", ">ID", "TASK", "ENDED", ">AGO", ">LIVED", ">STEPS", "FAILURE");
    Timed.history(options).stream()
        .limit(options.number("lines", LINES))
        .forEach(past -> {
          History.Ended ended = past.ended();
          rows.add(
              past.loop(),
              ended.id(),
              ended.name(),
              ended.how().name().toLowerCase(Locale.ROOT),
              Words.millis(ended.agoMillis()),
              Words.millis(ended.ageMillis()),
              ended.steps(),
              ended.failure() == null ? "" : ended.failure());
        });
    rows.write(lines);
    return lines.toString();
  }

  private static String warnings(Options options) {
    Lines lines = lines(options);
    WarningsView.all().stream()
        .limit(options.number("lines", LINES))
        .forEach(warning -> lines.add(time(warning.atMillis()) + "  " + warning.text()));
    return lines.toString().isEmpty() ? "No warnings.\n" : lines.toString();
  }

  private static String stalls(Options options) {
    Lines lines = lines(options);
    lines.add(
        StallLog.count() == 0 && JsonViews.current().isEmpty()
            ? "No step has taken long."
            : String.format(Locale.ROOT, "stalls that have ended: %,d", StallLog.count()));
    JsonViews.current().forEach(stall -> stall(lines, "now: ", stall));
    for (StallLog.Place place : StallLog.worst()) {
      stall(
          lines,
          place.times() == 1 ? "once: " : "the worst of " + place.times() + ": ",
          place.worst());
    }
    return lines.toString();
  }

  private static void stall(Lines lines, @Nullable String prefix, Stall stall) {
    lines.add("").add(time(stall.atMillis()) + "  " + prefix + stall.message());
    stall.stack().forEach(frame -> lines.add("    at " + Frames.text(frame)));
  }
}
