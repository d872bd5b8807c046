package dev.thrum.internal;

import dev.thrum.internal.engine.Engine;
import dev.thrum.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/// Decides for a loop what it does next: which ready task runs, which timer fires, how an even
/// choice falls. A loop whose time source is one of these is steered by it.
///
/// Everything but [#disturbed] is called by whoever holds the loop, between two steps or inside
/// one, and must not wait.
public interface Steering extends TimeSource {

  /// The menu has changed, because a task was cancelled or time was moved: show it again.
  int AGAIN = -1;

  /// Wait for what comes from outside the loop.
  int WAIT = -2;

  /// Give this run up and leave its tasks where they are.
  int STOP = -3;

  /// A task was started.
  ///
  /// @param task the task
  /// @param creator the task that started it, or null for the main task and for submitted ones
  /// @return its mark
  Object started(Steered task, @Nullable Steered creator);

  /// What to do next. Also asked when nothing can be done.
  ///
  /// @param menu the possibilities
  /// @return the index of a ready task, the number of these plus the index of a due timer, or one
  ///   of the constants
  int next(Menu menu);

  /// A choice among several that are as good.
  ///
  /// @param bound how many there are
  /// @return a number from 0 to below that
  int choose(int bound);

  /// Something came in from another thread, at a time that nobody here decides. From any thread.
  ///
  /// @param by the thread
  void disturbed(Thread by);

  /// The running step has used something that other tasks may use.
  ///
  /// @param what the thing
  /// @param how how
  void touched(Object what, Touch how);

  /// The running step has made something that tasks may share.
  ///
  /// @param what the thing
  void created(Object what);

  /// How a step has used something. Two uses depend on each other if one of them is a change. The
  /// children of a scope are a thing of their own beside the scope.
  enum Touch {
    /// It has looked at it.
    READ(0),
    /// It has changed it.
    WRITE(1),
    /// A child has come or ended well: two of these commute.
    CHILD(2),
    /// A child has failed.
    CHILD_FAILED(3),
    /// The scope has looked at how many children it has.
    JOIN(4);

    /// A small number for it.
    public final int code;

    Touch(int code) {
      this.code = code;
    }
  }

  /// Whether any loop of this JVM is steered, ever was, or will be: a first, cheap question.
  final class Switch {
    static boolean on;

    private Switch() {}

    /// Turns [#touch] on, for good.
    public static void turnOn() {
      on = true;
    }
  }

  /// Tells the steering of the running task, if there is one, what the task uses.
  ///
  /// @param what the thing
  /// @param how how
  static void touch(Object what, Touch how) {
    if (Switch.on) {
      touchNow(what, how);
    }
  }

  /// Tells the steering of the running task, if there is one, what the task has made.
  ///
  /// @param what the thing
  static void create(Object what) {
    if (Switch.on && Engine.currentOwner() instanceof Steered task) {
      Steering steering = task.steering();
      if (steering != null) {
        steering.created(what);
      }
    }
  }

  private static void touchNow(Object what, Touch how) {
    if (Engine.currentOwner() instanceof Steered task) {
      Steering steering = task.steering();
      if (steering != null) {
        steering.touched(what, how);
      }
    }
  }
}
