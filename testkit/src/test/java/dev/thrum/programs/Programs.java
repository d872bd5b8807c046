package dev.thrum.programs;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/// The programs with known bugs.
///
/// Most have a natural version with plain threads, where each suspension point is a place at which
/// a thread may be preempted, so that what finds them can be compared with tools for threads. These
/// have none, since they are about cancelling, about timeouts, or about `await` itself:
///
/// - all of the kinds cancellation and timeout,
/// - `token_refresh` and `stale_search_result`, which live by what happens between two events,
/// - `plus_equals_await` and `unsubscribe_in_publish`, which are right without an await.
///
/// `jdk_latch_early` and `jdk_wronglock` are written with the JDK's own locks already.
public final class Programs {
  private static final List<Program> ALL =
      Stream.of(
              LockMistakes.ALL,
              Windows.ALL,
              LostUpdates.ALL,
              CheckThenAct.ALL,
              Stale.ALL,
              Ordering.ALL,
              Deadlocks.ALL,
              Wakeups.ALL,
              Pools.ALL,
              Cancellations.ALL,
              Timeouts.ALL,
              Shutdowns.ALL,
              JdkWaits.ALL,
              RealBugsInAsyncio.ALL,
              RealBugsInClients.ALL)
          .flatMap(List::stream)
          .toList();

  private Programs() {}

  /// All of them.
  ///
  /// @return the programs, by kind of mistake
  public static List<Program> all() {
    return ALL;
  }

  /// One of them.
  ///
  /// @param name its name
  /// @return the program
  /// @throws NoSuchElementException if there is none of that name
  public static Program named(String name) {
    return ALL.stream()
        .filter(program -> program.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no program is called " + name));
  }
}
