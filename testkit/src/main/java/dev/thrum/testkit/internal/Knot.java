package dev.thrum.testkit.internal;

import dev.thrum.DeadlockException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The wait-for graph of a failure: tasks lead to what they wait for, and that to who holds it.
///
/// @param nodes tasks and things
/// @param edges waits and holds
/// @param rings the nodes of each cycle, in order; no node is in two of them
/// @param classes what kind of knot it is, one line each
record Knot(List<Node> nodes, List<Edge> edges, List<List<Node>> rings, List<String> classes) {

  /// A task, or a thing that is waited for.
  ///
  /// @param number its place in the list of nodes
  /// @param isTask which of the two
  /// @param label its name
  /// @param site where in the code a task waits
  record Node(int number, boolean isTask, String label, String site) {}

  /// From a task to what it waits for, or from that to who holds it.
  ///
  /// @param from who waits, or what is held
  /// @param to what is waited for, or who holds
  record Edge(Node from, Node to) {}

  /// The graph of a failure, if it is one of waiting.
  static @Nullable Knot of(Explanation why) {
    if (why.stuck() != null) {
      return new Building().stuck(why.stuck());
    }
    return why.failure() instanceof DeadlockException refused && !refused.waits().isEmpty()
        ? new Building().refused(refused, why.trace().names())
        : null;
  }

  /// Where something leads to.
  List<Node> next(Node node) {
    return edges.stream().filter(edge -> edge.from() == node).map(Edge::to).toList();
  }

  /// Whether an edge is part of a cycle.
  boolean isInRing(Edge edge) {
    for (List<Node> ring : rings) {
      int at = ring.indexOf(edge.from());
      if (at >= 0 && ring.get((at + 1) % ring.size()) == edge.to()) {
        return true;
      }
    }
    return false;
  }

  /// Who waits for whom, one line a task.
  List<String> lines() {
    return nodes.stream().filter(Node::isTask).map(this::line).toList();
  }

  private String line(Node task) {
    String at = task.site().isEmpty() ? "" : " (at " + task.site() + ")";
    List<Node> things = next(task);
    if (things.isEmpty()) {
      return task.label() + " could run" + at;
    }
    Node thing = things.getFirst();
    List<String> holders = next(thing).stream().map(Node::label).toList();
    String holds = holders.isEmpty() ? "" : " → " + String.join(", ", holders);
    return task.label() + " → " + thing.label() + at + holds;
  }

  /// A graph in the making.
  private static final class Building {
    private final List<Node> nodes = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final Map<String, Node> tasks = new LinkedHashMap<>();
    private final IdentityHashMap<Object, Node> things = new IdentityHashMap<>();

    Knot stuck(Stuck stuck) {
      for (Waiting wait : stuck.waits()) {
        tasks.put(
            wait.path(), task(Trace.title(wait.path(), wait.task()), Sites.place(wait.stack())));
      }
      for (Waiting wait : stuck.waits()) {
        Object thing = wait.thing();
        if (thing != null) {
          waits(wait, thing);
        }
      }
      return finished(stuck.classes());
    }

    private void waits(Waiting wait, Object thing) {
      Node known = thing instanceof String ? null : things.get(thing); // a word is no thing
      Node box = known == null ? thing(wait.on(), !wait.holders().isEmpty()) : known;
      edges.add(new Edge(at(wait.path()), box));
      if (known == null) {
        things.put(thing, box);
        wait.holders().forEach(holder -> edges.add(new Edge(box, at(holder))));
      }
    }

    private Node at(String path) {
      return tasks.computeIfAbsent(path, _ -> task(path, ""));
    }

    /// A wait was refused because it would have closed a cycle: the edges stand in order.
    Knot refused(DeadlockException refused, Map<String, String> names) {
      Map<String, String> titles = new HashMap<>();
      names.forEach((path, name) -> titles.putIfAbsent(name, Trace.title(path, name)));
      List<DeadlockException.Wait> waits = refused.waits();
      for (int i = 0; i < waits.size(); i++) {
        DeadlockException.Wait wait = waits.get(i);
        DeadlockException.Wait next = waits.get((i + 1) % waits.size());
        String on = Waiting.plain(wait.on());
        Node box = thing(on.equals(next.waiter()) ? "the end of " + on : on, true);
        edges.add(new Edge(named(wait.waiter(), titles), box));
        edges.add(new Edge(box, named(next.waiter(), titles)));
      }
      Knot knot = finished(List.of());
      List<String> cycles = knot.rings().stream().map(Building::cycle).toList();
      return new Knot(knot.nodes(), knot.edges(), knot.rings(), cycles);
    }

    private static String cycle(List<Node> ring) {
      List<String> links = ring.stream().map(Node::label).toList();
      return "cycle: " + String.join(" → ", links) + " → " + links.getFirst();
    }

    private Node named(String name, Map<String, String> titles) {
      return tasks.computeIfAbsent(name, _ -> task(titles.getOrDefault(name, name), ""));
    }

    private Node task(String label, String site) {
      return add(true, label, site);
    }

    /// Where the holders stand beside it, its own words for them are left out.
    private Node thing(String label, boolean held) {
      return add(false, held ? label.replaceFirst(", (held|written|read) by .*", "") : label, "");
    }

    private Node add(boolean isTask, String label, String site) {
      Node node = new Node(nodes.size(), isTask, label, site);
      nodes.add(node);
      return node;
    }

    private Knot finished(List<String> classes) {
      List<List<Node>> rings = new ArrayList<>();
      List<Node> used = new ArrayList<>();
      for (Node node : nodes) {
        List<Node> ring = node.isTask() && !used.contains(node) ? ring(node, used) : List.of();
        if (!ring.isEmpty()) {
          rings.add(ring);
          used.addAll(ring);
        }
      }
      return new Knot(nodes, edges, rings, classes);
    }

    /// The shortest way from a node back to it.
    private List<Node> ring(Node start, List<Node> used) {
      Map<Node, Node> before = new HashMap<>();
      Deque<Node> todo = new ArrayDeque<>(List.of(start));
      while (!todo.isEmpty()) {
        Node at = todo.remove();
        for (Edge edge : edges) {
          if (edge.from() == at && edge.to() == start) {
            return way(before, start, at);
          }
          if (edge.from() == at && !used.contains(edge.to()) && !before.containsKey(edge.to())) {
            before.put(edge.to(), at);
            todo.add(edge.to());
          }
        }
      }
      return List.of();
    }

    private static List<Node> way(Map<Node, Node> before, Node start, Node end) {
      List<Node> way = new ArrayList<>();
      for (Node at = end; at != null && at != start; at = before.get(at)) {
        way.add(at);
      }
      way.add(start);
      Collections.reverse(way);
      return way;
    }
  }
}
