package dev.thrum.internal.inspect;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.Warnings;
import dev.thrum.internal.wait.Unheeded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What looks wrong: what Thrum has said in the log, and what can be seen in the picture now.
final class WarningsView {
  private static final long SUSPICIOUS_MILLIS = 1_000;

  private WarningsView() {}

  /// Newest first.
  static List<Warnings.Said> all() {
    List<Warnings.Said> all = new ArrayList<>(Warnings.said());
    all.sort(Comparator.comparingLong(Warnings.Said::atMillis).reversed());
    List<Warnings.Said> both = new ArrayList<>(ofNow(Picture.take(null)));
    both.addAll(all);
    return both;
  }

  /// What the picture shows.
  static List<Warnings.Said> ofNow(Picture picture) {
    long now = System.currentTimeMillis();
    Stream<String> tasks =
        picture.tasks().stream().flatMap(sight -> Stream.concat(failed(sight), lost(sight)));
    Stream<String> stalls =
        JsonViews.current().stream().map(stall -> "stalled now: " + stall.message());
    return Stream.concat(stalls, tasks)
        .limit(200)
        .map(text -> new Warnings.Said(now, text))
        .toList();
  }

  private static Stream<String> failed(Sight sight) {
    return sight.state() != Sight.State.FAILED
        ? Stream.empty()
        : Stream.of(
            "unawaited failure: "
                + Picture.label(sight)
                + " failed "
                + Words.millis(Ticks.millisSince(sight.since()))
                + " ago, and nobody has awaited it; its owner hears of it when its body ends"
                + DebugStack.sentence("started", sight.origin()));
  }

  private static Stream<String> lost(Sight sight) {
    if (sight.state() != Sight.State.WAITING
        || !(sight.waitsOn() instanceof Unheeded signalled)
        || signalled.unheededAt() < 0
        || signalled.unheededAt() > sight.since()
        || Ticks.millisSince(sight.since()) < SUSPICIOUS_MILLIS) {
      return Stream.empty();
    }
    return Stream.of(
        "lost wake-up? "
            + Picture.label(sight)
            + " has waited "
            + Words.millis(Ticks.millisSince(sight.since()))
            + " for "
            + Words.thing(signalled)
            + ", which was signalled before, when nobody waited. Such a signal is not remembered:"
            + " look at the state it stands for before waiting, as await(test) does");
  }
}
