package dev.thrum.testkit.internal;

import dev.thrum.testkit.internal.Footprints.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every schedule but those that differ from another only in the order of steps which use nothing
/// in common: dynamic partial-order reduction with source sets and sleep sets (Flanagan and
/// Godefroid 2005; Abdulla et al. 2014).
///
/// After a run each pair of steps that depend on each other, and that nothing in between puts in
/// this order, is a race: at the choice before the first of them something that leads to the second
/// has to be tried as well. What has been tried at a choice sleeps in the branches beside it until
/// a step comes that depends on it.
///
/// Which steps had to come one after the other is told by vector clocks: those of the same task,
/// those that depend on each other, and a step and the one that made it possible. The last is no
/// race, since the two could not have been the other way round.
final class Reduced implements Search {
  /// Something that has been tried and need not be until a step depends on it.
  private static final class Sleeper {
    final int key;
    final long[] uses;

    Sleeper(int key, long[] uses) {
      this.key = key;
      this.uses = uses;
    }
  }

  /// A choice on the way that is being searched.
  private static final class Node {
    final int[] keys;
    final boolean draw;
    final List<Sleeper> sleeping;
    final boolean[] wanted;
    final boolean[] tried;
    final List<Sleeper> done = new ArrayList<>();
    int current;
    @Nullable Event event;

    Node(int[] keys, boolean draw, List<Sleeper> sleeping) {
      this.keys = keys;
      this.draw = draw;
      this.sleeping = sleeping;
      this.wanted = new boolean[keys.length];
      this.tried = new boolean[keys.length];
    }

    int indexOf(int key) {
      for (int i = 0; i < keys.length; i++) {
        if (keys[i] == key) {
          return i;
        }
      }
      return -1;
    }

    boolean sleeps(int index) {
      for (Sleeper sleeper : sleeping) {
        if (sleeper.key == keys[index]) {
          return true;
        }
      }
      return false;
    }
  }

  private final Footprints footprints = new Footprints();
  private final List<Node> path = new ArrayList<>();
  private List<Sleeper> sleeping = new ArrayList<>();
  private int depth;
  private int seen;
  private int pendingNode = -1;
  private boolean blocked;
  private boolean exhausted;
  private boolean diverged;
  private boolean cut;

  @Override
  public String name() {
    return "every order that differs";
  }

  /// What its runs are to write down.
  Footprints footprints() {
    return footprints;
  }

  @Override
  public boolean isExhausted() {
    return exhausted;
  }

  @Override
  public boolean isComplete() {
    return exhausted && !diverged && !cut && footprints.isComplete();
  }

  @Override
  public void begin(Conductor run) {
    sleeping = new ArrayList<>();
    depth = 0;
    seen = 0;
    pendingNode = -1;
    blocked = false;
  }

  @Override
  public int pick(Conductor run, int count) {
    wakeSleepers();
    if (blocked) {
      return 0;
    }
    int[] keys = new int[count];
    for (int i = 0; i < count; i++) {
      keys[i] = run.key(i);
    }
    Node node;
    if (depth < path.size()) {
      node = path.get(depth);
      diverged |= node.draw || !Arrays.equals(node.keys, keys);
      if (diverged) {
        return 0;
      }
    } else {
      node = new Node(keys, false, List.copyOf(sleeping));
      if (!choose(node, run.plain())) {
        blocked = true;
        return 0;
      }
      path.add(node);
    }
    sleeping = new ArrayList<>(node.sleeping);
    sleeping.addAll(node.done);
    pendingNode = depth++;
    return node.current;
  }

  /// The first possibility that does not sleep; what is possible only because it was asked for is
  /// all to be tried.
  private static boolean choose(Node node, int plain) {
    Arrays.fill(node.wanted, plain, node.keys.length, true);
    for (int i = 0; i < node.keys.length; i++) {
      if (!node.sleeps(i)) {
        node.current = i;
        node.wanted[i] = true;
        return true;
      }
    }
    return false;
  }

  @Override
  public int draw(Conductor run, int bound) {
    Event event = footprints.last();
    if (event != null) {
      event.drew = true;
    }
    if (blocked || diverged) {
      return 0;
    }
    Node node;
    if (depth < path.size()) {
      node = path.get(depth);
      diverged |= !node.draw || node.keys.length != bound;
      if (diverged) {
        return 0;
      }
    } else {
      node = new Node(new int[bound], true, List.of());
      Arrays.fill(node.wanted, true);
      path.add(node);
    }
    depth++;
    return node.current;
  }

  /// What depends on the steps since the last choice sleeps no more.
  private void wakeSleepers() {
    List<Event> events = footprints.events();
    if (pendingNode >= 0 && seen < events.size()) {
      Event decided = events.get(seen);
      decided.node = pendingNode;
      path.get(pendingNode).event = decided;
      pendingNode = -1;
    }
    for (; seen < events.size(); seen++) {
      Event event = events.get(seen);
      sleeping.removeIf(
          sleeper -> sleeper.key == event.key || Footprints.depend(sleeper.uses, event.uses));
    }
  }

  @Override
  public void end(Conductor run, boolean passed) {
    footprints.finish();
    wakeSleepers();
    cut |= run.wasTakenOver();
    if (diverged) {
      run.uncontrolled().note(EveryOrder.DIVERGED);
      exhausted = true;
      return;
    }
    new Races(footprints.events()).forEach(this::reverse);
    backtrack();
  }

  /// The second of two that race is to be tried before the first.
  private void reverse(Event first, Event second, List<Event> initials) {
    if (first.node < 0 || first.node >= path.size()) {
      return; // there was nothing else to choose
    }
    Node node = path.get(first.node);
    int candidate = -1;
    for (Event initial : initials) {
      int index = node.indexOf(initial.key);
      if (index >= 0 && node.wanted[index]) {
        return;
      }
      candidate = candidate < 0 ? index : candidate;
    }
    if (candidate >= 0) {
      node.wanted[candidate] = true;
    } else {
      Arrays.fill(node.wanted, true);
    }
  }

  private void backtrack() {
    while (!path.isEmpty()) {
      Node node = path.getLast();
      node.tried[node.current] = true;
      Event event = node.event;
      if (!node.draw && event != null && !event.drew) {
        node.done.add(new Sleeper(node.keys[node.current], event.uses));
      }
      for (int i = 0; i < node.keys.length; i++) {
        if (node.wanted[i] && !node.tried[i] && (node.draw || !node.sleeps(i))) {
          node.current = i;
          node.event = null;
          return;
        }
      }
      path.removeLast();
    }
    exhausted = true;
  }
}
