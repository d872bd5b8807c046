package dev.thrum.internal.inspect;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.wait.Held;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One task at one moment, in what can be copied without calling anything.
///
/// @param task the task itself
/// @param id its number
/// @param name the name it was given, or null
/// @param owner the number of the task that owns it, 0 for the main task
/// @param ownerScope which scope of the owner it is in, as an index into the owner's scopes; 0 is
///   the owner's body
/// @param kind how it was started
/// @param state what it is doing
/// @param born the tick in which it was started
/// @param since the tick in which its last step ended
/// @param steps how many steps it has ended
/// @param samples how often the sampler found it running
/// @param waitsOn what it waits for, or null
/// @param needs what somebody has to bring about for that: a lock, a party, or null
/// @param holds the locks that it holds
/// @param scopes the scopes that it has open, from its body inwards
/// @param cancelled why it was cancelled, or null
/// @param dueIn milliseconds until its own timer fires, or -1
/// @param children how many children it has
/// @param origin in debug mode, where it was started
public record Sight(
    Seen task,
    long id,
    @Nullable String name,
    long owner,
    int ownerScope,
    Kind kind,
    State state,
    int born,
    int since,
    long steps,
    int samples,
    @Nullable Object waitsOn,
    @Nullable Object needs,
    List<Held> holds,
    List<Scope> scopes,
    @Nullable String cancelled,
    long dueIn,
    int children,
    @Nullable DebugStack origin) {

  /// How a task was started.
  public enum Kind {
    /// By `run`.
    MAIN,
    /// By `async`, or by what is made of it.
    CHILD,
    /// By `background`.
    BACKGROUND,
    /// From another thread.
    SUBMITTED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What a task is doing.
  public enum State {
    /// Its step is under way.
    RUNNING("running"),
    /// It waits for its turn.
    READY("ready"),
    /// It waits for something of Thrum's.
    WAITING("waiting"),
    /// It is parked in a call of the JDK.
    IN_JDK("in a JDK call"),
    /// Its body has ended.
    ENDING("ending"),
    /// It has failed, and its owner keeps the failure until somebody awaits it.
    FAILED("failed, not awaited");

    private final String text;

    State(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /// One scope that a task has open.
  ///
  /// @param kind what opened it
  /// @param dueIn milliseconds until its deadline, or -1
  /// @param cancelled why it was cancelled, or null
  /// @param children how many children it has
  public record Scope(String kind, long dueIn, @Nullable String cancelled, int children) {

    /// Its deadline and its cancellation, in words; empty if it has neither.
    String detail() {
      String due = dueIn < 0 ? "" : "ends in " + Words.millis(dueIn);
      String why = cancelled == null ? "" : "cancelled: " + cancelled;
      return due.isEmpty() || why.isEmpty() ? due + why : due + ", " + why;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(task);
  }

  /// What to call it.
  String title() {
    return Words.name(name, id);
  }
}
