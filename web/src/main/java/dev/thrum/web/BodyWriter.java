package dev.thrum.web;

/// Writes the body of a response while it is sent.
@FunctionalInterface
public interface BodyWriter {

  /// Writes everything. It is cancelled when the client goes away.
  ///
  /// @param out where to
  /// @throws Exception if it cannot go on: it is logged, and the response is cut off so that the
  ///   client sees that it is not whole
  void write(BodyStream out) throws Exception;
}
