package dev.thrum.stream;

import java.util.concurrent.CancellationException;

/// Nobody takes any more items: thrown by `emit` in the body of a generator or a publisher, so that
/// its `finally` blocks run. Let it pass; every further `emit` throws it again.
public final class GeneratorClosedException extends CancellationException {
  private static final long serialVersionUID = 1L;

  GeneratorClosedException(String message) {
    super(message);
  }
}
