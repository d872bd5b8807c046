package dev.thrum.internal.wait;

/// Something that is signalled and does not remember it: who begins to wait after the signal has
/// missed it.
public interface Unheeded {

  /// When it was last signalled, or forgot that it was, while nobody waited.
  ///
  /// @return the tick, or -1 if that has not happened
  int unheededAt();
}
