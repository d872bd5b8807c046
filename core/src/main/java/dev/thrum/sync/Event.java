package dev.thrum.sync;

import java.util.Objects;

/// Something that has happened or not: a flag that can be waited for.
///
/// **Guarantees.** [#set] wakes all who wait, in the order in which they came. Who was woken has
/// been woken, also if [#clear] follows at once. Nothing is lost by a waiter that is cancelled.
///
/// **Non-guarantees.** Whoever returns from [#await] does not know that the event is still set.
public sealed interface Event permits EventImpl {

  /// An event.
  ///
  /// @return one that is not set
  static Event create() {
    return new EventImpl(null);
  }

  /// An event with a name, which messages and dumps show.
  ///
  /// @param name its name
  /// @return one that is not set
  static Event create(String name) {
    return new EventImpl(Objects.requireNonNull(name, "name"));
  }

  /// Sets it. From now on nobody waits.
  void set();

  /// Takes it back: who comes from now on waits for the next [#set].
  void clear();

  /// Whether it is set; out of date as soon as it is known.
  ///
  /// @return true if it is set
  boolean isSet();

  /// Waits until it is set; not at all if it is.
  void await();
}
