package dev.thrum.http.client;

import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Waiting;

/// So many may do something at a time; the others wait in order. Who stops waiting leaves the line.
/// Used by tasks and the poller of one loop.
final class Permits {
  private static final Object PERMIT = new Object();

  private final Waiting line;
  private int all;
  private int free;
  private int waiting;

  /// @param what what is waited for, in words that end before its name
  /// @param of whose they are
  Permits(String what, Object of, int all) {
    this.line = Waiting.on(what, of, true);
    this.all = all;
    this.free = all;
  }

  /// Takes one, after those who came before.
  void acquire(Party me) {
    if (tryAcquire()) {
      me.passed();
      return;
    }
    waiting++;
    try {
      var _ = line.await(me);
    } finally {
      waiting--;
    }
  }

  boolean tryAcquire() {
    if (free > 0) {
      free--;
      return true;
    }
    return false;
  }

  /// Gives one back: to who has waited longest, if somebody waits.
  void release() {
    free++;
    handOut();
  }

  /// From now on there are so many.
  void all(int number) {
    free += number - all;
    all = number;
    handOut();
  }

  private void handOut() {
    while (free > 0 && line.hand(PERMIT)) {
      free--;
    }
  }

  boolean isWaitedFor() {
    return waiting > 0;
  }

  int taken() {
    return all - free;
  }
}
