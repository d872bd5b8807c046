package dev.thrum.internal.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What will happen at a time.
///
/// @param sight whose it is
/// @param dueMillis in how many milliseconds
/// @param what what it is for
record Timed(Sight sight, long dueMillis, String what) {

  /// Of all tasks, the next one first.
  static List<Timed> of(Picture picture) {
    List<Timed> timed = new ArrayList<>();
    for (Sight sight : picture.tasks()) {
      if (sight.dueIn() >= 0) {
        timed.add(new Timed(sight, sight.dueIn(), String.valueOf(picture.waitsFor(sight))));
      }
      for (Sight.Scope scope : sight.scopes()) {
        if (scope.dueIn() >= 0) {
          timed.add(new Timed(sight, scope.dueIn(), scope.kind()));
        }
      }
    }
    timed.sort(Comparator.comparingLong(Timed::dueMillis));
    return timed;
  }

  /// A task that has ended.
  ///
  /// @param loop its loop
  /// @param ended the task
  record Past(String loop, History.Ended ended) {}

  /// The last ended tasks of all loops, newest first.
  static List<Past> history(Options options) {
    String part = options.filter().strip().toLowerCase(Locale.ROOT);
    String only = options.loop();
    List<Past> all = new ArrayList<>();
    for (Watched loop : Sampler.loops(only)) {
      for (History.Ended ended : loop.history().last()) {
        if (Filter.has(ended.name(), part)
            || Filter.has(ended.how().name(), part)
            || Filter.has(ended.failure(), part)) {
          all.add(new Past(loop.name(), ended));
        }
      }
    }
    all.sort(Comparator.comparingLong(past -> past.ended.agoMillis()));
    return all;
  }
}
