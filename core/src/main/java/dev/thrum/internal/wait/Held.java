package dev.thrum.internal.wait;

import java.util.List;

/// Something that parties hold, and that only they can give back: an edge of the wait-for graph.
public interface Held {

  /// Who holds it now.
  ///
  /// @return the holders
  List<Party> holders();

  /// Its holder has ended without giving it back.
  ///
  /// @param holder who held it
  void abandonedBy(Party holder);
}
