package dev.thrum.testkit.internal;

import dev.thrum.DeadlockException;
import dev.thrum.Task;
import dev.thrum.channel.Channel;
import dev.thrum.channel.Receiver;
import dev.thrum.channel.Sender;
import dev.thrum.internal.wait.Held;
import dev.thrum.sync.CapacityLimiter;
import dev.thrum.sync.Condition;
import dev.thrum.sync.Event;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.Semaphore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A run that comes to no end: the wait-for graph at that moment, and what kind of knot it is.
///
/// @param headline what has happened
/// @param waits the tasks that have not ended
/// @param classes what the knots are, one line each
public record Stuck(String headline, List<Waiting> waits, List<String> classes) {

  /// Every task waits, and nobody is left to end a wait.
  static Stuck deadlock(List<Waiting> waits) {
    return new Stuck(
        "deadlock: every task waits, and nothing is left that could wake one",
        waits,
        new Classifier(waits).classes());
  }

  /// Tasks wait for something outside the loop that does not come.
  static Stuck givenUp(List<Waiting> waits) {
    return new Stuck(
        "given up: nothing has come from outside the loop for half a minute, and every task waits",
        waits,
        new Classifier(waits).classes());
  }

  /// A step never ends.
  static Stuck endless(String task, int operations) {
    return new Stuck(
        "livelock: one step of "
            + task
            + " has come to "
            + operations
            + " operations of Thrum's without ever waiting",
        List.of(),
        List.of(
            "a loop that goes on after a CancelledException does that: from then on every"
                + " operation throws at once"));
  }

  /// As what a run fails with.
  Throwable toThrowable() {
    return isDeadlock() ? toException() : new AssertionError(message());
  }

  /// Tasks run on and on.
  static Stuck livelock(int steps, List<Waiting> waits, List<Actor> running) {
    List<String> names =
        running.stream().map(actor -> Objects.requireNonNull(actor.task).name()).toList();
    List<String> classes = new ArrayList<>();
    classes.add("livelock: " + String.join(", ", names) + " took the last steps in turn");
    waits.stream()
        .filter(wait -> wait.isReady() && !names.contains(wait.task()))
        .forEach(wait -> classes.add("starvation: " + wait.task() + " was ready and did not run"));
    return new Stuck(
        "livelock: no end after " + steps + " steps, the last of them in fair order",
        waits,
        classes);
  }

  boolean isDeadlock() {
    return headline.startsWith("deadlock");
  }

  /// All of it, in lines.
  String message() {
    StringBuilder text = new StringBuilder(headline);
    for (String line : classes) {
      text.append("\n  ").append(line);
    }
    for (Waiting wait : waits) {
      text.append("\n  ").append(line(wait));
    }
    return text.toString();
  }

  private static String line(Waiting wait) {
    String at = wait.site().isEmpty() ? "" : " at " + wait.site();
    return wait.task() + " waits for " + wait.on() + at;
  }

  /// As the loop itself says it.
  DeadlockException toException() {
    return new DeadlockException(
        headline + (classes.isEmpty() ? "" : "\n  " + String.join("\n  ", classes)),
        waits.stream()
            .map(wait ->
                new DeadlockException.Wait(
                    wait.task(), wait.on() + (wait.site().isEmpty() ? "" : " at " + wait.site())))
            .toList());
  }

  /// What two knots of the same kind have in common.
  String shape() {
    return headline
        + waits.stream()
            .map(wait ->
                wait.site().isEmpty() ? wait.on().replaceAll("@[0-9a-f]+", "@") : wait.site())
            .sorted()
            .toList();
  }

  /// Tells cycles, exhausted permits, lost wake-ups and the rest apart.
  private static final class Classifier {
    private final List<Waiting> waits;
    private final Map<String, Waiting> byPath = new HashMap<>();

    Classifier(List<Waiting> waits) {
      this.waits = waits;
      waits.forEach(wait -> byPath.put(wait.path(), wait));
    }

    List<String> classes() {
      Set<String> classes = new LinkedHashSet<>();
      cycles(classes);
      Set<Object> said = new HashSet<>();
      for (Waiting wait : waits) {
        Object thing = wait.thing();
        if (thing != null && said.add(thing)) {
          describe(waits.stream().filter(other -> thing.equals(other.thing())).toList(), classes);
        }
      }
      return List.copyOf(classes);
    }

    private void cycles(Set<String> classes) {
      Set<String> told = new LinkedHashSet<>();
      for (Waiting start : waits) {
        List<Waiting> path = new ArrayList<>();
        if (!told.contains(start.path()) && leadsBack(start, start, path)) {
          path.forEach(wait -> told.add(wait.path()));
          classes.add(cycle(path));
        }
      }
    }

    private boolean leadsBack(Waiting at, Waiting start, List<Waiting> path) {
      if (path.contains(at)) {
        return false;
      }
      path.add(at);
      for (String holder : at.holders()) {
        Waiting next = byPath.get(holder);
        if (next != null && (next == start || leadsBack(next, start, path))) {
          return true;
        }
      }
      path.removeLast();
      return false;
    }

    private static String cycle(List<Waiting> path) {
      if (path.size() == 1) {
        return "self-deadlock: " + path.getFirst().task() + " waits for what it holds itself";
      }
      List<String> links = path.stream().map(wait -> wait.task() + " → " + wait.on()).toList();
      return "cycle: " + String.join(" → ", links) + " → " + path.getFirst().task();
    }

    private static void describe(List<Waiting> group, Set<String> classes) {
      Waiting first = group.getFirst();
      Object thing = Objects.requireNonNull(first.thing());
      String who = String.join(", ", group.stream().map(Waiting::task).toList());
      String wait = group.size() == 1 ? " waits for " : " wait for ";
      switch (thing) {
        case Semaphore _, CapacityLimiter _ ->
            classes.add(
                "exhausted permits: "
                    + who
                    + wait
                    + first.on()
                    + ", and nobody else can release one");
        case Event _, Condition _ ->
            classes.add(
                "orphan wait: "
                    + who
                    + wait
                    + first.on()
                    + ", which nobody is left to signal: a lost wake-up, or a signal that is missing");
        case Channel<?> _ ->
            classes.add(
                "channel: "
                    + who
                    + wait
                    + first.on()
                    + ", and the other end is with nobody who could run");
        case Receiver<?> _, Sender<?> _ -> classes.add("channel: " + who + wait + first.on());
        case Mutex _, Held _ -> {
          if (first.holders().isEmpty()) {
            classes.add("orphan wait: " + who + wait + first.on() + ", which nobody holds");
          }
        }
        case Task<?> task when task.isDone() ->
            classes.add("orphan wait: " + who + wait + first.on());
        case Task<?> _ -> {
          if (!first.isForChildren()) {
            classes.add("join on a stuck task: " + who + wait + first.on());
          }
        }
        default -> {
          if (!first.isForChildren()) {
            classes.add("stuck: " + who + wait + first.on());
          }
        }
      }
    }
  }
}
