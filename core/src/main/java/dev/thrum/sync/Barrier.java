package dev.thrum.sync;

import java.util.Objects;

/// A place where a number of parties wait for each other, again and again.
///
/// **Guarantees.** The last one to arrive lets all of them go in one step: the next round begins at
/// once, and nobody can be counted in two rounds or find the place taken. Within a round each gets
/// an index of its own. A waiter that is cancelled just lowers the count. Who has been let go is
/// not touched by [#reset] or [#abort].
///
/// **Non-guarantees.** With more tasks than parties it is open who meets whom.
public sealed interface Barrier permits BarrierImpl {

  /// A barrier.
  ///
  /// @param parties how many meet, at least 1
  /// @return a barrier where nobody waits
  /// @throws IllegalArgumentException if it is less than 1
  static Barrier create(int parties) {
    return new BarrierImpl(null, parties, null);
  }

  /// A barrier with a name, which messages and dumps show.
  ///
  /// @param name its name
  /// @param parties how many meet, at least 1
  /// @return a barrier where nobody waits
  /// @throws IllegalArgumentException if it is less than 1
  static Barrier create(String name, int parties) {
    return new BarrierImpl(Objects.requireNonNull(name, "name"), parties, null);
  }

  /// A barrier with something to do in each round.
  ///
  /// The last one to arrive does it before anybody is let go; it may wait. Who arrives meanwhile is
  /// in the next round; who waits in this one and is cancelled meanwhile is let go without the
  /// others noticing. If it fails, the exception comes out of the last one's [#await()], and the
  /// barrier is broken as by [#abort()].
  ///
  /// @param parties how many meet, at least 1
  /// @param action what the last one does
  /// @return a barrier where nobody waits
  /// @throws IllegalArgumentException if it is less than 1
  static Barrier create(int parties, Runnable action) {
    return new BarrierImpl(null, parties, Objects.requireNonNull(action, "action"));
  }

  /// A barrier with a name and something to do in each round.
  ///
  /// @param name its name
  /// @param parties how many meet, at least 1
  /// @param action what the last one does
  /// @return a barrier where nobody waits
  /// @throws IllegalArgumentException if it is less than 1
  static Barrier create(String name, int parties, Runnable action) {
    Objects.requireNonNull(name, "name");
    return new BarrierImpl(name, parties, Objects.requireNonNull(action, "action"));
  }

  /// Waits until as many as there are parties have come.
  ///
  /// @return the place in the order of arrival among those who were let go together: 0 for the
  ///   first, `parties - 1` for the last
  /// @throws BrokenException if it is broken, or if it is reset or breaks while the caller waits
  int await();

  /// Sends away those who wait, each with a [BrokenException], and mends the barrier.
  void reset();

  /// Breaks the barrier: all who wait, and all who come until [#reset], get a [BrokenException].
  void abort();

  /// Whether it is broken.
  ///
  /// @return true until it is reset
  boolean isBroken();

  /// How many meet.
  ///
  /// @return the number that it was made with
  int parties();

  /// How many wait now; out of date as soon as it is known.
  ///
  /// @return from 0 to one less than the parties
  int waiting();
}
