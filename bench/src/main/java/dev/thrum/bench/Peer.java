package dev.thrum.bench;

/// One way to write concurrent programs, with the same programs written as its experts write them.
///
/// A program runs its tasks on one loop thread where the peer has such a thread. A program that the
/// peer has no natural form for is left out; the table shows a dash.
public interface Peer {
  /// `tasks` tasks that each give way `times` times.
  default void switching(int tasks, int times) throws Exception {
    throw new NoSuchProgram();
  }

  /// Two tasks that wake each other in turn, `times` wake-ups in all.
  default void pingPong(int times) throws Exception {
    throw new NoSuchProgram();
  }

  /// A task that spawns a child for its value and waits for it, `times` times in sequence.
  default void spawnAwait(int times) throws Exception {
    throw new NoSuchProgram();
  }

  /// `times` rounds of `children` children that each give way once and return a value.
  default void gather(int times, int children) throws Exception {
    throw new NoSuchProgram();
  }

  /// `sleepers.tasks()` tasks that are asleep at once until the same instant.
  default void sleep(Sleepers sleepers) throws Exception {
    throw new NoSuchProgram();
  }

  /// A timeout of ten seconds that is opened, sees its task give way once, and is left, in
  /// sequence.
  default void timerChurn(int times) throws Exception {
    throw new NoSuchProgram();
  }

  /// Another thread submits a body to the loop and waits for its result before the next one.
  default void crossRoundTrip(int times) throws Exception {
    throw new NoSuchProgram();
  }

  /// Another thread submits all bodies to the loop, then waits for all results.
  default void crossPipelined(int times) throws Exception {
    throw new NoSuchProgram();
  }

  /// The version to show in the table's head.
  String version();
}
