package dev.thrum.inspect;

/// How tools look into a running program: the MBean that is in the platform's MBean server shortly
/// after the first loop has started, and [Inspector#local()] inside the program.
///
/// **Views** are named, and take options written as in the query of a URL, percent-encoded:
/// `loop=loop-1&filter=worker&limit=50`. The text views are meant for people, and their wording may
/// change; the JSON views are for programs: names are added and not changed.
///
/// **Cost.** The loop copies what can be seen of its tasks between two steps, which holds it for
/// some tens of milliseconds where there are a hundred thousand; all else is done by the caller's
/// thread. A loop that a step holds is read from outside after a quarter of a second; some tasks
/// may be missing then.
///
/// Times and counts are samples: ages are right to 50 ms, the processor time of a task is estimated
/// from how often it was found running, 20 times a second. All methods may be called from any
/// thread.
public interface ThrumMXBean {

  /// Its name in the MBean server.
  String NAME = "dev.thrum:type=Inspector";

  /// How many loops run.
  ///
  /// @return their number
  int getLoopCount();

  /// How many tasks they have.
  ///
  /// @return their number
  long getTaskCount();

  /// How many steps have taken too long so far.
  ///
  /// @return the number of stalls that have ended
  long getStallCount();

  /// A view as JSON: `overview`, `tasks`, `tree`, `task`, `waits`, `things`, `timers`, `history`,
  /// `warnings`, `stalls` or `dump`.
  ///
  /// @param view its name
  /// @param options its options, or an empty text: `loop`, `filter`, `sort`, `offset`, `limit`,
  ///   `parent`, `id`
  /// @return a JSON object
  /// @throws IllegalArgumentException if there is no such view, option, loop or task
  String json(String view, String options);

  /// A view as text for a terminal: `ps`, `tree`, `top`, `dump`, `waits`, `timers`, `history`,
  /// `warnings` or `stalls`.
  ///
  /// @param view its name
  /// @param options its options, or an empty text: `loop`, `filter`, `sort`, `lines`, `width`,
  ///   `session`
  /// @return lines
  /// @throws IllegalArgumentException if there is no such view, option or loop
  String text(String view, String options);

  /// Cancels a task, as [dev.thrum.Task#cancel] does.
  ///
  /// @param loop the name of its loop
  /// @param task its number
  /// @param reason why
  /// @return false if it was cancelled before
  /// @throws IllegalArgumentException if there is no such loop or task, or several loops have the
  ///   name and such a task
  boolean cancel(String loop, long task, String reason);
}
