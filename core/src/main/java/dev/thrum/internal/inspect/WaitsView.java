package dev.thrum.internal.inspect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who waits for what, as a graph. Tasks that wait alike and for whom nobody waits are one node.
final class WaitsView {
  private static final int MOST = 200;

  private final Picture picture;
  private final Set<Sight> apart = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Set<Edge> edges = new LinkedHashSet<>();
  private final List<List<String>> cycles = new ArrayList<>();
  private int left;

  /// A task, several alike, a thing, or a thread.
  private static final class Node {
    final String id;
    String label;
    final String kind;
    int count;

    Node(String id, String label, String kind) {
      this.id = id;
      this.label = label;
      this.kind = kind;
    }
  }

  private record Edge(String from, String to, String label) {}

  private WaitsView(Picture picture) {
    this.picture = picture;
    for (List<Sight> cycle : picture.cycles()) {
      apart.addAll(cycle);
      cycles.add(pathOf(cycle));
    }
    for (Sight sight : picture.tasks()) {
      picture.holders(sight).stream()
          .map(Picture.Holder::sight)
          .filter(Objects::nonNull)
          .forEach(apart::add);
    }
    apart.forEach(this::add);
    picture.tasks().forEach(this::add);
  }

  static String json(Picture picture) {
    WaitsView view = new WaitsView(picture);
    return Json.object(json ->
        json.put(
                "nodes",
                view.nodes.values(),
                (inside, node) ->
                    inside
                        .put("id", node.id)
                        .put("label", node.label)
                        .put("kind", node.kind)
                        .put("count", node.count))
            .put(
                "edges",
                view.edges,
                (inside, edge) ->
                    inside.put("from", edge.from).put("to", edge.to).put("label", edge.label))
            .putLists("cycles", view.cycles)
            .put("left", view.left));
  }

  private List<String> pathOf(List<Sight> cycle) {
    List<String> path = new ArrayList<>();
    for (Sight sight : cycle) {
      path.add(idOf(sight));
      picture.thing(sight).map(Picture::idOf).ifPresent(path::add);
    }
    return path;
  }

  private String idOf(Sight sight) {
    return picture.loopOf(sight).name() + "/" + sight.id();
  }

  private void add(Sight sight) {
    boolean alone = apart.contains(sight);
    String waits = picture.waitsForWhat(sight);
    if (alone ? nodes.containsKey(idOf(sight)) : waits == null) {
      return;
    }
    List<Picture.Holder> holders = picture.holders(sight);
    Object thing = picture.thing(sight).orElse(null);
    String target = thing != null ? Picture.idOf(thing) : "for " + waits;
    String stem = Words.stem(sight.title());
    String id = alone ? idOf(sight) : "like " + stem + " → " + target;
    Node node = node(id, Picture.label(sight), "task");
    if (node == null) {
      return;
    }
    node.count++;
    if (!alone && node.count == 2) {
      node.label = stem;
    }
    if (thing != null) {
      if (node(target, Words.thing(thing), "thing") != null) {
        edges.add(new Edge(id, target, "waits for"));
        holders.forEach(holder -> connect(target, holder, "held by"));
      }
    } else if (!holders.isEmpty()) {
      holders.forEach(holder -> connect(id, holder, "waits for"));
    } else if (waits != null && node(target, waits, "thing") != null) {
      edges.add(new Edge(id, target, "waits for"));
    }
  }

  private void connect(String from, Picture.Holder holder, String label) {
    Sight sight = holder.sight();
    String to = sight == null ? holder.name() : idOf(sight);
    Node node =
        sight == null ? node(to, holder.name(), "thread") : node(to, Picture.label(sight), "task");
    if (node != null) {
      node.count = Math.max(1, node.count);
      edges.add(new Edge(from, to, label));
    }
  }

  private @Nullable Node node(String id, String label, String kind) {
    Node known = nodes.get(id);
    if (known == null && nodes.size() >= MOST) {
      left++;
      return null;
    }
    if (known == null) {
      known = new Node(id, label, kind);
      nodes.put(id, known);
    }
    return known;
  }
}
