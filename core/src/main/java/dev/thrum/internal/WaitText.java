package dev.thrum.internal;

/// What a task waits for, as people read it.
public final class WaitText {
  private WaitText() {}

  /// The text, part of which may be the program's own.
  ///
  /// @param waiter the task
  /// @param on what it waits for
  /// @return a few words
  public static String of(Object waiter, Object on) {
    boolean joins = on == waiter || (on instanceof Hosting && !(on instanceof Steered));
    try {
      return joins ? "the end of its children" : String.valueOf(on);
    } catch (RuntimeException e) {
      return on.getClass().getSimpleName();
    }
  }
}
