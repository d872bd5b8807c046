package dev.thrum.internal;

import dev.thrum.Scope;

/// A task, as the place where others of its loop start children.
public interface Hosting {

  /// The innermost scope that is open in it.
  ///
  /// @return the scope
  Scope innermostScope();
}
