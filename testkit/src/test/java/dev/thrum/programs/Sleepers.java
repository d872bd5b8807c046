package dev.thrum.programs;

import dev.thrum.CancelledException;
import dev.thrum.sync.Event;
import java.util.ArrayDeque;
import java.util.Deque;

/// Tasks that sleep until they are woken. A wake-up gives them nothing: whoever is woken must look
/// again, since others may have run before it.
///
/// A sleeper that is cancelled before it noticed its wake-up passes it on.
final class Sleepers {
  private final Deque<Event> asleep = new ArrayDeque<>();

  /// Sleeps until it is woken.
  void sleep() {
    var wakeUp = Event.create();
    asleep.add(wakeUp);
    try {
      wakeUp.await();
    } catch (CancelledException cancelled) {
      if (!asleep.remove(wakeUp)) {
        wakeOne();
      }
      throw cancelled;
    }
  }

  /// Wakes who has slept longest, if anybody sleeps.
  void wakeOne() {
    var first = asleep.poll();
    if (first != null) {
      first.set();
    }
  }

  /// Wakes all.
  void wakeAll() {
    while (!asleep.isEmpty()) {
      wakeOne();
    }
  }
}
