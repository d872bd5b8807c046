package dev.thrum.http.internal;

import dev.thrum.net.internal.Driver;

/// A connection, whatever is spoken on it. By the poller.
public interface HttpConnection extends Driver.Open {

  /// Ends it as soon as what is under way on it has been answered.
  void drain();

  /// Ends it now.
  void abort();
}
