package dev.thrum.testkit.internal;

import dev.thrum.Task;
import dev.thrum.channel.Receiver;
import dev.thrum.channel.Sender;
import dev.thrum.internal.Steered;
import dev.thrum.internal.inspect.Words;
import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.OpenWait;
import dev.thrum.internal.wait.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One task that has not ended, and what it waits for: a node and its edges in the wait-for graph.
///
/// @param path the task's place in the tree
/// @param task its name
/// @param thing what it waits for, or null if it can run
/// @param on that, in words
/// @param holders the paths of the tasks that can end the wait
/// @param site where in the user's code it waits
/// @param stack where it waits
public record Waiting(
    String path,
    String task,
    @Nullable Object thing,
    String on,
    List<String> holders,
    String site,
    List<StackTraceElement> stack) {

  /// The tasks of a run that have not ended.
  static List<Waiting> of(Actor main, int run) {
    List<Waiting> waits = new ArrayList<>();
    for (Actor actor : main.all) {
      if (actor.isOf(run) && !Objects.requireNonNull(actor.task).isOver()) {
        waits.add(of(actor));
      }
    }
    return waits;
  }

  private static Waiting of(Actor actor) {
    Steered task = Objects.requireNonNull(actor.task);
    StackTraceElement[] stack = task.thread().getStackTrace();
    Object thing = task.isInJdk() ? jdkBlocker(task.thread()) : task.waitsOn();
    return new Waiting(
        actor.path(),
        task.name(),
        thing,
        thing == null ? "its turn" : describe(task, thing),
        holders(task, thing),
        Sites.innermost(stack),
        List.of(stack));
  }

  /// A parked thread's blocker, or what kind of wait it is in.
  private record JdkThing(Object blocker) {
    /// Not its own text: that is somebody else's code, which may wait for what a task holds.
    @Override
    public String toString() {
      return Words.identity(blocker);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof JdkThing thing && thing.blocker == blocker;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(blocker);
    }
  }

  private static Object jdkBlocker(Thread thread) {
    Object blocker = LockSupport.getBlocker(thread);
    return blocker != null
        ? new JdkThing(blocker)
        : thread.getState() == Thread.State.BLOCKED ? "a monitor" : "a call of the JDK";
  }

  /// What a task waits for, in words; its own children need no further name.
  static String describe(Steered task, Object thing) {
    String text = String.valueOf(thing);
    boolean children =
        thing == task
            || (text.startsWith("the end of the children of a ")
                && text.endsWith(" of " + task.name()));
    if (children) {
      return "the end of its children";
    }
    if (thing instanceof Steered other) {
      return "the end of " + other.name();
    }
    return plain(text);
  }

  /// A name that tells a task need not be called a task.
  static String plain(String text) {
    return text.replaceAll("\\btask (task-\\d+|main)\\b", "$1");
  }

  private static List<String> holders(Steered task, @Nullable Object thing) {
    Object needs = thing == null || task.isInJdk() ? null : task.waitsFor();
    return switch (needs) {
      case Held held -> held.holders().stream().map(Waiting::path).toList();
      case Party party -> List.of(path(party));
      case null, default -> List.of();
    };
  }

  private static String path(Party party) {
    return party instanceof Steered other && other.mark() instanceof Actor actor
        ? actor.path()
        : party.name();
  }

  /// Whether it can run.
  boolean isReady() {
    return thing == null;
  }

  /// Whether it only waits for others that are in the list themselves.
  boolean isForChildren() {
    return on.equals("the end of its children");
  }

  /// Whether what it waits for is done outside the loop.
  boolean isOutside() {
    return thing != null
        && !(thing instanceof Held)
        && !(thing instanceof Party)
        && !(thing instanceof OpenWait && !on.contains("file"))
        && !(thing instanceof Receiver<?>)
        && !(thing instanceof Sender<?>)
        && !(thing instanceof Task<?>)
        && !on.startsWith("the end of");
  }
}
