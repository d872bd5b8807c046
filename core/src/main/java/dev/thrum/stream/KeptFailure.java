package dev.thrum.stream;

import dev.thrum.CancelledException;
import dev.thrum.internal.wait.Party;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A failure that arose in a child and is to come out in another task, whenever that comes by. If
/// it never does, the child fails with it when its scope is left, and whoever hears of a failed
/// background child hears of it.
final class KeptFailure {
  private final Turn taken = new Turn("somebody to take its failure", null);
  private @Nullable Throwable failure;

  boolean isThere() {
    return failure != null;
  }

  void set(Throwable thrown) {
    failure = thrown;
  }

  /// Sets the first one, or adds a later one to it.
  void add(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    } else if (failure != thrown) {
      failure.addSuppressed(thrown);
    }
  }

  /// The child stays until it has been taken.
  void stay(Party child) throws Throwable {
    for (Throwable kept = failure; kept != null; kept = failure) {
      if (!taken.await(child) && failure == kept) {
        throw kept;
      }
    }
  }

  /// Throws it, if there is one.
  void raise(Party me) {
    if (failure != null) {
      throw Failures.raise(me, take());
    }
  }

  /// What is to be thrown where something else was thrown already: the failure before a
  /// cancellation, else both.
  Throwable mergedWith(Throwable thrown) {
    if (failure == null) {
      return thrown;
    }
    Throwable kept = take();
    if (thrown instanceof CancelledException) {
      return kept;
    }
    if (kept != thrown) {
      thrown.addSuppressed(kept);
    }
    return thrown;
  }

  private Throwable take() {
    Throwable kept = Objects.requireNonNull(failure);
    failure = null;
    taken.pass();
    return kept;
  }
}
