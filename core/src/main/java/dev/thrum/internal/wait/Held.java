package dev.thrum.internal.wait;

import java.util.List;

/// Something that parties hold, and that only they can give back: an edge of the wait-for graph.
public interface Held {

  /// Who holds it now.
  ///
  /// @return the holders
  List<Party> holders();

  /// Lets in those who can have it although somebody holds it, and who wait for nothing but that
  /// one who was cancelled in front of them runs and leaves the queue. Not under a guard.
  ///
  /// @return whether there were any
  default boolean letIn() {
    return false;
  }

  /// Its holder has ended without giving it back.
  ///
  /// @param holder who held it
  void abandonedBy(Party holder);
}
