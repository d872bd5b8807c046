package dev.thrum.data.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An operator at work. The one before it calls it, never two calls at a time, and while it waits
/// so does the one before: that is the back-pressure.
abstract class Stage {
  final String name;
  private final @Nullable Stage next;
  private long in;
  private long out;
  private long waited;

  /// @param next what gets what leaves; null of a sink
  Stage(String name, @Nullable Stage next) {
    this.name = name;
    this.next = next;
  }

  /// Takes an element.
  final void take(Object element) throws Exception {
    in++;
    accept(element);
  }

  abstract void accept(Object element) throws Exception;

  /// Hands an element on.
  final void give(Object element) throws Exception {
    out++;
    next().take(element);
  }

  final Stage next() {
    if (next == null) {
      throw new AssertionError(name + " is the last one");
    }
    return next;
  }

  /// Saves what it is, and passes the barrier on: all that came before it is behind it.
  void barrier(Barrier barrier) throws Exception {
    next().barrier(barrier);
  }

  /// Becomes what it was when a barrier passed; those behind it have been restored already.
  void restore(Saved saved) throws Exception {}

  /// Takes the elements that it held when a barrier passed.
  final void takeAgain(Saved saved) throws Exception {
    if (saved.state(name).orElse(List.of()) instanceof List<?> elements) {
      for (Object element : elements) {
        take(element);
      }
    }
  }

  /// Nothing more comes: lets go what it holds, and tells the next one.
  void end() throws Exception {
    next().end();
  }

  /// Those before it have waited for it.
  final void waited(long nanos) {
    waited += nanos;
  }

  /// Something has left that is not an element for the next one.
  final void wrote(long count) {
    out += count;
  }

  final dev.thrum.data.Summary.Stage summary() {
    return new dev.thrum.data.Summary.Stage(name, in, out, java.time.Duration.ofNanos(waited));
  }
}
