package dev.thrum.testkit;

/// A case that does not count.
final class DiscardedCase extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DiscardedCase() {
    super("a case of a property that does not count; Property catches this", null, false, false);
  }
}
