package dev.thrum.internal.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// The busiest tasks since the last look of the same caller, and what the loops did meanwhile.
final class TopView {
  private static final int SESSIONS = 8;
  private static final Map<String, Counts> LAST = new LinkedHashMap<>();

  /// What the counters were at one moment. Keeps no task alive that has ended since.
  private record Counts(long nanos, Map<Object, long[]> tasks, Map<Object, long[]> loops) {}

  /// A task's rates.
  private record Row(Sight sight, double steps, double cpu) {}

  private final Picture picture;
  private final Counts now;
  private final @Nullable Counts before;
  private final double seconds;

  private TopView(Picture picture, String session) {
    this.picture = picture;
    this.now = count(picture);
    synchronized (LAST) {
      this.before = LAST.remove(session);
      LAST.put(session, now);
      if (LAST.size() > SESSIONS) {
        LAST.remove(LAST.keySet().iterator().next());
      }
    }
    this.seconds = before == null ? 0 : (now.nanos - before.nanos) / 1e9;
  }

  static String text(Options options) {
    TopView top =
        new TopView(
            Picture.take(options.loop()), options.text("session", "") + "/" + options.loop());
    return top.write(options);
  }

  private static Counts count(Picture picture) {
    Map<Object, long[]> tasks = new WeakHashMap<>();
    Map<Object, long[]> loops = new WeakHashMap<>();
    for (Look look : picture.looks()) {
      Watched loop = look.loop();
      loops.put(
          loop,
          new long[] {
            loop.steps(),
            loop.samples().busy.get(),
            loop.samples().taken.get(),
            loop.history().count()
          });
      for (Sight sight : look.tasks()) {
        tasks.put(sight.task(), new long[] {sight.steps(), sight.samples()});
      }
    }
    return new Counts(System.nanoTime(), tasks, loops);
  }

  private static final long[] NONE = new long[4];

  private long[] beforeOf(boolean loop, Object what) {
    Counts known = before;
    return known == null ? NONE : (loop ? known.loops : known.tasks).getOrDefault(what, NONE);
  }

  private String write(Options options) {
    Lines lines = new Lines(options.number("width", 0));
    for (Look look : picture.looks()) {
      loop(lines, look);
    }
    List<Row> rows = new ArrayList<>();
    Filter.of(picture, options.filter()).forEach(sight -> rows.add(row(sight)));
    rows.sort(order(options.text("sort", "cpu")));
    int room = Math.max(1, options.number("lines", 40) - picture.looks().size() - 2);
    lines.add("");
    boolean several = picture.looks().size() > 1;
    Rows table = new Rows(">ID", "TASK", "STATE", ">CPU %", ">STEPS/S", ">AGE", "WAITS FOR");
    for (Row row : rows.subList(0, Math.min(room, rows.size()))) {
      Sight sight = row.sight;
      table.add(
          sight.id(),
          (several ? picture.loopOf(sight).name() + " / " : "") + sight.title(),
          sight.state().text(),
          before == null ? "" : String.format(Locale.ROOT, "%.0f", row.cpu),
          before == null ? "" : String.format(Locale.ROOT, "%,.0f", row.steps),
          Words.millis(Ticks.millisSince(sight.born())),
          TextViews.waits(picture, sight));
    }
    table.write(lines);
    return lines.toString();
  }

  private void loop(Lines lines, Look look) {
    Watched loop = look.loop();
    long[] then = beforeOf(true, loop);
    Samples samples = loop.samples();
    long taken = Math.max(1, samples.taken.get() - then[2]);
    lines.add(
        String.format(
            Locale.ROOT,
            "%s (%s): %s, %s, %,d ready, %s, busy %d %%%s, %s",
            loop.name(),
            loop.engineName(),
            JsonViews.state(loop),
            Words.count(look.tasks().size(), "task"),
            loop.readyCount(),
            Words.count(loop.timerCount(), "timer"),
            Math.min(100, 100 * (samples.busy.get() - then[1]) / taken),
            before == null
                ? ""
                : String.format(
                    Locale.ROOT,
                    ", %,.0f steps/s, %,.0f ended/s",
                    (loop.steps() - then[0]) / seconds,
                    (loop.history().count() - then[3]) / seconds),
            Words.count(samples.stalls.get(), "stall")));
  }

  private Row row(Sight sight) {
    long[] then = beforeOf(false, sight.task());
    return before == null
        ? new Row(sight, sight.steps(), sight.samples())
        : new Row(
            sight,
            (sight.steps() - then[0]) / seconds,
            Math.min(100, (sight.samples() - then[1]) * Ticks.MILLIS / seconds / 10));
  }

  private static Comparator<Row> order(String sort) {
    return switch (sort) {
      case "cpu" ->
          Comparator.comparingDouble(Row::cpu)
              .reversed()
              .thenComparing(Comparator.comparingDouble(Row::steps).reversed());
      case "steps" -> Comparator.comparingDouble(Row::steps).reversed();
      default -> Comparator.comparing(Row::sight, Filter.order(sort));
    };
  }
}
