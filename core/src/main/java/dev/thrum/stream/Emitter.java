package dev.thrum.stream;

/// Where the body of a generator or a publisher puts its items. It belongs to the body's task.
///
/// @param <T> the type of the items
public sealed interface Emitter<T> permits Steps, PublisherRun {

  /// Hands over an item. A suspension point.
  ///
  /// In a generator it returns when the next item is asked for. In a publisher it waits until the
  /// subscriber wants an item, and returns when the subscriber has been told. A timeout of the
  /// body's own around it says nothing about whether the item was handed over.
  ///
  /// @param item the item
  /// @throws GeneratorClosedException if nobody takes any more items
  /// @throws IllegalStateException in another task than the body's, also a child of it, or after
  ///   its end
  void emit(T item);

  /// Hands over one item after the other. An iterator that this begins and that can be closed, as a
  /// [Cursor] or one of a [dev.thrum.file.Reading], is closed before it returns.
  ///
  /// What makes `emit` throw ends the loop here; it is not passed on into another generator.
  ///
  /// @param items the items
  void emitAll(Iterable<? extends T> items);
}
