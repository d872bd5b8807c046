package dev.thrum.data;

/// Functions without their types: the pipeline has checked that they fit.
@SuppressWarnings("unchecked")
final class Erased {
  private Erased() {}

  static <R> Mapping<Object, R> mapping(Mapping<?, ? extends R> step) {
    return (Mapping<Object, R>) step;
  }

  static Condition<Object> condition(Condition<?> condition) {
    return (Condition<Object>) condition;
  }

  static Combining<Object, Object, Object> combining(Combining<?, ?, ?> both) {
    return (Combining<Object, Object, Object>) both;
  }

  static Sink<Object> sink(Sink<?> sink) {
    return (Sink<Object>) sink;
  }
}
