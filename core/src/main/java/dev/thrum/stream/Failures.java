package dev.thrum.stream;

import dev.thrum.Async;
import dev.thrum.internal.wait.Party;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// Ways of a failure that arose in one task and belongs to another.
final class Failures {
  private Failures() {}

  /// Throws it in the task that waited, with that one's stack appended, as `await` does. Never
  /// returns; declared to return so that a caller can write `throw raise(…)`.
  static RuntimeException raise(Party me, Throwable failure) {
    switch (failure) {
      case CancellationException _, CompletionException _, ExecutionException _ -> {}
      default -> {
        if (!me.mustLeave()) {
          Async.await(CompletableFuture.failedFuture(failure));
        }
      }
    }
    throw Failures.<RuntimeException>sneak(failure);
  }

  /// Throws it as it is.
  @SuppressWarnings("unchecked")
  static <X extends Throwable> RuntimeException sneak(Throwable failure) throws X {
    throw (X) failure;
  }

  /// Tells the loop's exception handler: the failure belongs to nobody any more.
  static void tellHandler(Throwable failure) {
    Async.supervise(scope -> {
      scope.async(() -> {
        throw Failures.<RuntimeException>sneak(failure);
      });
    });
  }
}
