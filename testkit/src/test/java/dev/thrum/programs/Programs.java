package dev.thrum.programs;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/// The programs with known bugs.
///
/// `account`, `twostage`, `reorder`, `wronglock`, `stringbuffer`, `stack`, `deadlock01` and the
/// dining philosophers have the shape of the programs of these names with which tools for threads
/// are compared (SCTBench). Those named after a project and a number are models of bugs that it
/// had.
///
/// For a comparison with such tools: all have a natural version with plain threads, in which each
/// suspension point is a place where a thread may be preempted, but for
///
/// - those of the kinds cancellation and timeout, since threads are not cancelled from outside,
/// - `token_refresh`, where a timer comes between two requests of one instant,
/// - `plus_equals_await`, which is about what an await hides; `counter_5` is what it comes to.
///
/// `jdk_latch_early` and `jdk_wronglock` use the JDK's own locks already.
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
