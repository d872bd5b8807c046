package dev.thrum.http.internal;

import dev.thrum.internal.DebugStack;
import dev.thrum.net.internal.Driver;
import org.jspecify.annotations.Nullable;

/// A connection, whatever is spoken on it. By the poller.
public interface HttpConnection extends Driver.Open {

  /// Ends it as soon as what is under way on it has been answered.
  void drain();

  /// Ends it now.
  void abort();

  @Override
  default void closeAtEnd() {
    abort();
  }

  /// No program has opened it.
  @Override
  default @Nullable DebugStack openedAt() {
    return null;
  }
}
