package dev.thrum.bench;

/// One way to write concurrent programs, with the same programs written as its experts write them.
///
/// A program runs its tasks on one loop thread where the peer has such a thread. A program that the
/// peer has no natural form for is left out; the table shows a dash. What goes through channels is
/// small ([Check#item]), so that no boxing is measured, and its sum is checked.
public interface Peer {
  /// The capacity of a channel whose senders never wait; that of a rendezvous channel is zero.
  int UNLIMITED = Integer.MAX_VALUE;

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

  /// An item to a task that echoes it, and back, `times` times in sequence, over two channels.
  default void roundTrips(int times, int capacity) throws Exception {
    throw new NoSuchProgram();
  }

  /// `items` items through one channel, from `pairs` senders to as many receivers, each its share.
  default void stream(int items, int capacity, int pairs) throws Exception {
    throw new NoSuchProgram();
  }

  /// `tasks` tasks in a row, each of which receives from its left, adds one and sends to its right,
  /// over rendezvous channels: `batches` times, `values` values go in at the left one after the
  /// other and are then received at the right.
  default void chain(int tasks, int batches, int values) throws Exception {
    throw new NoSuchProgram();
  }

  /// `items` items that one task receives from whichever of `channels` channels has one, each with
  /// a sender of its own.
  default void selecting(int items, int channels, int capacity) throws Exception {
    throw new NoSuchProgram();
  }

  /// As [#roundTrips], between two loops.
  default void acrossRoundTrips(int times, int capacity) throws Exception {
    throw new NoSuchProgram();
  }

  /// As [#stream] with one sender and one receiver, between two loops.
  default void acrossStream(int items, int capacity) throws Exception {
    throw new NoSuchProgram();
  }

  /// The version to show in the table's head.
  String version();
}
