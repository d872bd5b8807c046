package dev.thrum;

import java.util.List;

/// Waiting that can never end: a task that waits for itself through others, or a loop on which
/// every task waits for another one and nothing from outside can wake any of them.
public final class DeadlockException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /// One edge of the wait-for graph.
  ///
  /// @param waiter the name of the task that waits
  /// @param on what it waits for
  public record Wait(String waiter, String on) implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      return waiter + " waits for " + on;
    }
  }

  private final transient List<Wait> waits;

  /// A deadlock that has been found.
  ///
  /// @param what in one line, what cannot go on
  /// @param waits the wait-for graph, which is added to the message
  public DeadlockException(String what, List<Wait> waits) {
    super(what + "\n  " + String.join("\n  ", waits.stream().map(Wait::toString).toList()));
    this.waits = List.copyOf(waits);
  }

  /// The wait-for graph; for a cycle, its edges in order.
  ///
  /// @return the edges
  public List<Wait> waits() {
    return waits;
  }
}
