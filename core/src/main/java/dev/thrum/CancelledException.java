package dev.thrum;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// The running task's own cancellation, thrown by every suspension point inside a cancelled scope
/// until that scope is left.
///
/// Let it pass, or rethrow it after cleaning up. Catching and dropping it gains nothing: the next
/// suspension point throws again.
///
/// The exceptions of Thrum, and what they mean:
///
/// ```
/// java.util.concurrent.CancellationException   somebody else's: an awaited task was cancelled
///   └ CancelledException                       the running task's own
/// java.util.concurrent.TimeoutException        a deadline scope is over
/// java.lang.IllegalStateException              a call in the wrong place
///   ├ DeadlockException                        waiting that can never end
///   ├ sync.BrokenException                     a lock or barrier that will never be right again
///   └ channel.ChannelClosedException, ChannelFullException   nothing can be sent or received
/// java.util.concurrent.RejectedExecutionException   work for a loop that has ended
/// ```
public final class CancelledException extends CancellationException {
  private static final long serialVersionUID = 1L;

  /// Who asked for the cancellation and why.
  private final String reason;

  private final transient @Nullable Cancellation cancellation;

  CancelledException(Cancellation cancellation) {
    super(cancellation.reason());
    this.reason = cancellation.reason();
    this.cancellation = cancellation;
    Throwable origin = cancellation.requested();
    if (origin != null) {
      addSuppressed(origin);
    }
  }

  /// Why the scope was cancelled: the reason given by whoever cancelled it first.
  ///
  /// @return the reason, for people
  public String reason() {
    return reason;
  }

  boolean isFor(Cancellation other) {
    return cancellation == other;
  }

  /// Sets what the cancellation interrupted in the JDK, if it showed as something else.
  CancelledException via(@Nullable Throwable interruption) {
    if (interruption != null && getCause() == null) {
      initCause(interruption);
    }
    return this;
  }
}
