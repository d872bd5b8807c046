package dev.thrum.internal;

/// Something that happens at a time: the node of [Timers], meant to be extended by what it wakes so
/// that a sleeping task needs no object beside itself.
public abstract class Timer {
  static final int UNSET = -1;

  long when;
  long order;
  int index = UNSET;

  /// Made by subclasses.
  protected Timer() {}

  /// Called on the loop once the time has come; the timer is no longer set then.
  protected abstract void fire();

  /// Whether it comes later than another one.
  boolean isAfter(Timer other) {
    return when > other.when || (when == other.when && order > other.order);
  }

  /// Whether it stands in a heap.
  ///
  /// @return true while it waits for its time
  public final boolean isSet() {
    return index != UNSET;
  }

  /// The time it was last set to, in nanoseconds of the loop.
  ///
  /// @return the time, meaningless if it was never set
  public final long due() {
    return when;
  }
}
