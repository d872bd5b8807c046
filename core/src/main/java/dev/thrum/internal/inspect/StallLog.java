package dev.thrum.internal.inspect;

import dev.thrum.internal.Warnings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The stalls of this JVM: how many, the last ones, and for each place the worst one. Says so in
/// the log while a stall lasts: for one place the first three times, then ever more seldom.
final class StallLog {
  private static final int RECENT = 100;
  private static final int PLACES = 200;
  private static final int SAID_EACH_TIME = 3;

  /// What one place of the program has done.
  ///
  /// @param worst the longest one
  /// @param times how many there were
  record Place(Stall worst, long times) {}

  private static final Map<String, Place> PLACES_SEEN = new LinkedHashMap<>();
  private static final ArrayDeque<Stall> LAST = new ArrayDeque<>();
  private static long count;

  private StallLog() {}

  /// A step has gone on for too long: says so.
  static void begins(Stall stall) {
    if (isToBeSaid(timesOf(stall) + 1)) {
      say(stall, "");
    }
  }

  /// And goes on.
  static void goesOn(Stall stall) {
    say(stall, "still: ");
  }

  private static synchronized long timesOf(Stall stall) {
    Place known = PLACES_SEEN.get(place(stall));
    return known == null ? 0 : known.times;
  }

  private static boolean isToBeSaid(long times) {
    return times <= SAID_EACH_TIME || Long.bitCount(times) == 1;
  }

  private static void say(Stall stall, String prefix) {
    Throwable stack = new Throwable("the task is here");
    stack.setStackTrace(stall.stack().toArray(StackTraceElement[]::new));
    // On a thread of its own: a logger takes locks, which the task that is stuck may hold.
    Thread.ofPlatform()
        .daemon()
        .name("thrum-stall")
        .start(() -> Warnings.log(Lines.plain(prefix + stall.message()), stack));
  }

  /// It is over.
  static synchronized void ended(Stall stall) {
    count++;
    LAST.addFirst(stall);
    if (LAST.size() > RECENT) {
      LAST.removeLast();
    }
    String place = place(stall);
    Place known = PLACES_SEEN.remove(place);
    Stall worst = known == null || known.worst.millis() < stall.millis() ? stall : known.worst;
    PLACES_SEEN.put(place, new Place(worst, known == null ? 1 : known.times + 1));
    if (PLACES_SEEN.size() > PLACES) {
      PLACES_SEEN.remove(PLACES_SEEN.keySet().iterator().next());
    }
  }

  private static String place(Stall stall) {
    return stall.cause().kind() + " " + stall.site();
  }

  /// How many there were.
  static synchronized long count() {
    return count;
  }

  /// The last ones, newest first.
  static synchronized List<Stall> recent() {
    return List.copyOf(LAST);
  }

  /// The places, those with the longest stall first.
  static synchronized List<Place> worst() {
    List<Place> all = new ArrayList<>(PLACES_SEEN.values());
    all.sort(Comparator.comparingLong((Place place) -> place.worst.millis()).reversed());
    return all;
  }
}
