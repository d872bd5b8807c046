package dev.thrum;

/// In debug mode, where something was asked for: a stack to be shown with an exception.
final class DebugStack extends Throwable {
  private static final long serialVersionUID = 1L;

  DebugStack(String what) {
    super(what);
  }
}
