package dev.thrum.http;

import dev.thrum.net.internal.Driver;

/// A connection of a server, whatever is spoken on it. By the poller.
interface HttpConnection extends Driver.Open {

  /// Ends it as soon as what is under way on it has been answered.
  void drain();

  /// Ends it now.
  void abort();
}
