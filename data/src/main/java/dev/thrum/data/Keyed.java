package dev.thrum.data;

/// A pipeline whose elements belong together by a key.
///
/// @param <K> the type of the keys
/// @param <T> the type of the elements
public final class Keyed<K, T> {
  private final Pipeline<T> pipeline;
  private final Mapping<Object, Object> key;

  Keyed(Pipeline<T> pipeline, Mapping<Object, Object> key) {
    this.pipeline = pipeline;
    this.key = key;
  }

  /// Makes one element of all with the same key. They leave when the input ends, in the order in
  /// which the keys came first.
  ///
  /// @param both makes one of two
  /// @return a longer pipeline
  public Pipeline<T> reduce(Combining<? super T, ? super T, ? extends T> both) {
    return pipeline.aggregated(
        key, element -> element, Erased.combining(both), (_, state) -> state);
  }

  /// Makes a result of all elements with the same key. Results leave when the input ends, in the
  /// order in which the keys came first.
  ///
  /// @param first an empty state for a key
  /// @param fold makes the next state of a state and an element; the state may be changed in place
  /// @param result makes an element of a key and its state
  /// @param <S> the type of the states
  /// @param <R> the type of the results
  /// @return a longer pipeline
  public <S, R> Pipeline<R> aggregate(
      Supplying<? extends S> first,
      Combining<? super S, ? super T, ? extends S> fold,
      Combining<? super K, ? super S, ? extends R> result) {
    Combining<Object, Object, Object> next = Erased.combining(fold);
    return pipeline.aggregated(
        key, element -> next.apply(first.get(), element), next, Erased.combining(result));
  }
}
