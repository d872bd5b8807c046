package dev.thrum.testkit;

/// Where a composed generator takes its parts from, see [Gen#compose].
///
/// It may be used only while the generator runs, and only on the thread or task that runs it.
public sealed interface Draw permits Choices {

  /// Takes the next value of a generator.
  ///
  /// @param gen the generator
  /// @param <T> the type of the value
  /// @return the value
  <T> T from(Gen<T> gen);
}
