package dev.thrum.testkit;

import dev.thrum.Runner;
import dev.thrum.VoidBody;

/// Runs a body on a loop whose time jumps.
final class JumpingTime {
  private JumpingTime() {}

  static <X extends Throwable> void run(VoidBody<X> body) throws X {
    Runner.builder().time(VirtualClock.autojump()).run(body);
  }
}
