package dev.thrum.web.internal;

/// An exchange that wants to hear of failures nobody has answered, in the place of the log.
public interface FailureSink {

  /// Hears of one.
  ///
  /// @param failure what was thrown
  void failed(Throwable failure);
}
