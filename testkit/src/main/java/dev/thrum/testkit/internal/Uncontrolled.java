package dev.thrum.testkit.internal;

import dev.thrum.internal.Steered;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What an exploration could not control, in words. Threads outside may add to it.
final class Uncontrolled {
  private static final int MOST = 20;

  private final Set<String> notes = new LinkedHashSet<>();

  /// A task waits in the JDK for real time.
  void realTime(Steered task) {
    note(
        "real time: "
            + Sites.call(task.thread().getStackTrace())
            + " waited by the machine's clock; use Async.sleep or timeout(…)");
  }

  /// Tasks wait for what is done outside the loop.
  void outsideWork(List<Waiting> waits) {
    for (Waiting wait : waits) {
      if (wait.isOutside()) {
        note(
            "work outside the loop: "
                + wait.task()
                + " at "
                + wait.site()
                + " waited for "
                + wait.on());
      }
    }
  }

  /// Another thread sent something to the loop.
  ///
  /// @return false if it is one of the JDK's that only passes on what tasks have done
  boolean disturbed(Thread by) {
    String name = by.getName();
    if (name.equals("VirtualThread-unblocker") || name.equals("VirtualThread-unparker")) {
      return false;
    }
    note(
        "another thread: "
            + (name.isEmpty() ? by.toString() : name)
            + " sent something to the loop");
    return true;
  }

  synchronized void note(String what) {
    if (notes.size() < MOST) {
      notes.add(what);
    }
  }

  synchronized List<String> notes() {
    return List.copyOf(notes);
  }
}
