package dev.thrum.internal.inspect;

import dev.thrum.internal.Frames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tasks of a loop as a tree of tasks and scopes. Neighbours that do the same are one line, so
/// that a hundred thousand workers can be read; each stack stands there once.
final class TreeText {
  private static final int ALIKE = 4;

  /// How many levels are shown: each line is as long as its task is deep, and each level takes room
  /// on the stack.
  private static final int DEEPEST = 200;

  private final Picture picture;
  private final Lines lines;
  private final boolean stacks;
  private final Map<Long, List<Sight>> children;
  private final Map<List<StackTraceElement>, String> known = new HashMap<>();

  private TreeText(Picture picture, List<Sight> tasks, Lines lines, boolean stacks) {
    this.picture = picture;
    this.lines = lines;
    this.stacks = stacks;
    this.children = Picture.children(tasks);
  }

  /// Of the tasks that meet the filter, and those that own them.
  static void write(Picture picture, Look look, String filter, Lines lines, boolean stacks) {
    List<Sight> tasks = Filter.withOwners(picture, look, filter);
    TreeText tree = new TreeText(picture, tasks, lines, stacks);
    tree.tasks(tree.of(0), "", true, 0);
  }

  private List<Sight> of(long owner) {
    return children.getOrDefault(owner, List.of());
  }

  private void tasks(List<Sight> tasks, String indent, boolean last, int level) {
    List<List<Sight>> groups = groups(tasks);
    for (int i = 0; i < groups.size(); i++) {
      group(groups.get(i), indent, last && i == groups.size() - 1, level);
    }
  }

  private List<List<Sight>> groups(List<Sight> tasks) {
    Map<Object, List<Sight>> groups = new LinkedHashMap<>();
    for (Sight task : tasks) {
      groups.computeIfAbsent(likeness(task), _ -> new ArrayList<>()).add(task);
    }
    List<List<Sight>> split = new ArrayList<>();
    for (List<Sight> group : groups.values()) {
      if (group.size() < ALIKE) {
        group.forEach(task -> split.add(List.of(task)));
      } else {
        split.add(group);
      }
    }
    return split;
  }

  /// What must be the same for tasks to be told together.
  private record Likeness(
      String name,
      Sight.State state,
      Sight.Kind kind,
      Object waitsFor,
      @Nullable String cancelled,
      Object stack) {}

  private Object likeness(Sight task) {
    if (task.children() > 0 || !task.scopes().isEmpty() || !task.holds().isEmpty()) {
      return task;
    }
    return new Likeness(
        Words.stem(task.title()),
        task.state(),
        task.kind(),
        target(task),
        task.cancelled(),
        stacks ? picture.stack(task) : "");
  }

  private Object target(Sight task) {
    return picture
        .thing(task)
        .map(Picture::idOf)
        .orElseGet(() -> String.valueOf(picture.waitsForWhat(task)));
  }

  private void group(List<Sight> group, String indent, boolean last, int level) {
    Sight first = group.getFirst();
    boolean root = first.owner() == 0;
    String own = root ? "" : indent + (last ? "└─ " : "├─ ");
    String below = root ? "" : indent + (last ? "   " : "│  ");
    if (group.size() == 1) {
      lines.add(own + line(first));
      stack(first, below);
      if (level < DEEPEST) {
        inside(first, below, level + 1);
      } else {
        below(first, below);
      }
    } else {
      Sight end = group.getLast();
      lines.add(
          own
              + String.format(Locale.ROOT, "%,d", group.size())
              + " tasks alike, "
              + Picture.label(first)
              + " to "
              + Picture.label(end)
              + ": "
              + doing(first));
      stack(first, below);
    }
  }

  private String line(Sight task) {
    String kind = task.kind() == Sight.Kind.CHILD ? "" : " (" + task.kind().text() + ")";
    String name = task.kind() == Sight.Kind.MAIN ? "main" : Picture.label(task) + kind;
    return name + ": " + doing(task);
  }

  private String doing(Sight task) {
    String waitsFor = picture.waitsFor(task);
    StringBuilder text = new StringBuilder();
    if (waitsFor == null) {
      text.append(task.state().text());
      if (task.state() == Sight.State.READY || task.state() == Sight.State.FAILED) {
        text.append(" · for ").append(Words.millis(Ticks.millisSince(task.since())));
      }
    } else {
      text.append(task.state() == Sight.State.IN_JDK ? "in a JDK call: " : "waits for ")
          .append(waitsFor)
          .append(" · for ")
          .append(Words.millis(Ticks.millisSince(task.since())));
    }
    text.append(" · age ").append(Words.millis(Ticks.millisSince(task.born())));
    text.append(" · ").append(Words.count(task.steps(), "step"));
    if (task.samples() > 0) {
      text.append(" · cpu ~").append(Words.millis(task.samples() * Ticks.MILLIS));
    }
    if (!task.holds().isEmpty()) {
      text.append(" · holds ")
          .append(String.join(" and ", task.holds().stream().map(TreeText::held).toList()));
    }
    if (task.cancelled() != null) {
      text.append(task.state() == Sight.State.FAILED ? " · " : " · cancelled: ")
          .append(task.cancelled());
    }
    return text.toString();
  }

  /// What a task holds; that it is this task need not be said.
  private static String held(Object thing) {
    String text = Words.thing(thing);
    int holder = text.indexOf(Picture.HELD_BY);
    return holder < 0 ? text : text.substring(0, holder);
  }

  /// Its scopes, each in the one before, and its children in the scope that they belong to.
  private void inside(Sight task, String indent, int level) {
    List<Sight> all = of(task.id());
    String at = indent;
    int depth = task.scopes().size();
    for (int scope = 0; scope <= depth; scope++) {
      int number = scope;
      List<Sight> here = all.stream().filter(child -> child.ownerScope() == number).toList();
      tasks(here, at, scope == depth, level);
      if (scope < depth) {
        Sight.Scope next = task.scopes().get(scope);
        String detail = next.detail();
        lines.add(at + "└─ " + next.kind() + (detail.isEmpty() ? "" : " (" + detail + ")"));
        at += "   ";
      }
    }
  }

  /// How many are too deep to be shown.
  private void below(Sight task, String indent) {
    int count = 0;
    Deque<Sight> todo = new ArrayDeque<>(of(task.id()));
    while (!todo.isEmpty()) {
      count++;
      todo.addAll(of(todo.pop().id()));
    }
    if (count > 0) {
      lines.add(
          indent
              + String.format(Locale.ROOT, "└─ … and %,d more below", count)
              + "; the view ps has all tasks without a tree");
    }
  }

  private void stack(Sight task, String indent) {
    if (!stacks) {
      return;
    }
    List<StackTraceElement> stack = picture.stack(task);
    String before = known.putIfAbsent(stack, Picture.label(task));
    if (stack.isEmpty() && task.state() == Sight.State.READY) {
      lines.add(indent + "     has not begun");
    } else if (before != null && !stack.isEmpty()) {
      lines.add(indent + "     at the same place as " + before);
    } else {
      stack.stream()
          .filter(frame -> !Frames.isPlumbing(frame.getClassName()))
          .forEach(frame -> lines.add(indent + "     at " + Frames.text(frame)));
    }
    Throwable origin = task.origin();
    if (origin != null) {
      lines.add(indent + "     started at");
      for (StackTraceElement frame : Frames.own(origin.getStackTrace())) {
        lines.add(indent + "       " + Frames.text(frame));
      }
    }
  }
}
