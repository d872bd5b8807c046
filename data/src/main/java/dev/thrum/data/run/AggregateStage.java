package dev.thrum.data.run;

import dev.thrum.data.graph.Operator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Makes one element of all that have a key.
final class AggregateStage extends Stage {
  private final Letters letters;
  private final Operator.Aggregate how;
  private Map<Object, Object> states = new LinkedHashMap<>();

  AggregateStage(String name, Stage next, Letters letters, Operator.Aggregate how) {
    super(name, next);
    this.letters = letters;
    this.how = how;
  }

  @Override
  void accept(Object element) throws Exception {
    try {
      Object key = how.key().apply(element);
      Object known = states.get(key);
      states.put(
          key, known == null ? how.first().apply(element) : how.fold().apply(known, element));
    } catch (Exception e) {
      letters.failed(name, element, e);
    }
  }

  @Override
  void barrier(Barrier barrier) throws Exception {
    barrier.save(name, states);
    next().barrier(barrier);
  }

  @Override
  @SuppressWarnings("unchecked")
  void restore(Saved saved) {
    saved.state(name).ifPresent(state -> states = (Map<Object, Object>) state);
  }

  /// A crash while results leave begins with them anew: they are made of what the last barrier saw.
  @Override
  void end() throws Exception {
    for (var state : states.entrySet()) {
      Object made;
      try {
        made = how.result().apply(state.getKey(), state.getValue());
      } catch (Exception e) {
        letters.failed(name, state.getKey(), e);
        continue;
      }
      give(made);
    }
    next().end();
  }
}
