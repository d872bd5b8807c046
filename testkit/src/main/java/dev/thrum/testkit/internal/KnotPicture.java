package dev.thrum.testkit.internal;

import static dev.thrum.testkit.internal.Markup.text;

import dev.thrum.testkit.internal.Knot.Edge;
import dev.thrum.testkit.internal.Knot.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A wait-for graph as SVG. Each cycle is laid out as a ring at the right; what else there is
/// stands left of it in columns, so that edges lead to the right.
final class KnotPicture {
  private static final int MARGIN = 24;
  private static final int GAP = 64;
  private static final int ROW_GAP = 22;
  private static final int LINE_LENGTH = 26;
  private static final int MOST_LINES = 3;
  private static final double SMALLEST = 0.75;
  private static final double LETTER = 7.4;

  private final Knot knot;
  private final Map<Node, Place> places = new HashMap<>();
  private final Set<Node> inRings = new HashSet<>();
  private double width;
  private double height;

  /// Where a node is: its middle, and half its size.
  private record Place(double x, double y, double halfWidth, double halfHeight) {}

  /// How large a node is, and its text in lines.
  private record Size(double halfWidth, double halfHeight, List<String> lines) {}

  KnotPicture(Knot knot) {
    this.knot = knot;
    knot.rings().forEach(inRings::addAll);
    columns();
    rings();
  }

  // Places

  private static Size size(Node node) {
    List<String> lines = lines(node.label());
    int longest = lines.stream().mapToInt(String::length).max().orElse(1);
    if (node.isTask()) {
      longest = Math.max(longest, site(node).length());
    }
    int rows = lines.size() + (node.isTask() && !node.site().isEmpty() ? 1 : 0);
    return new Size(Math.max(34, longest * LETTER / 2 + 14), rows * 9 + 8, lines);
  }

  private static List<String> lines(String label) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : label.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + word.length() >= LINE_LENGTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(TextTrace.shortened(word, LINE_LENGTH));
    }
    lines.add(line.toString());
    if (lines.size() > MOST_LINES) {
      String end = lines.get(MOST_LINES - 1) + " …";
      return List.of(lines.get(0), lines.get(1), end);
    }
    return lines;
  }

  /// The innermost line of code; the others are in the list below.
  private static String site(Node node) {
    return TextTrace.shortened(node.site().replaceFirst(",.*", ""), LINE_LENGTH);
  }

  private void columns() {
    List<List<Node>> columns = new ArrayList<>();
    Map<Node, Integer> depths = new HashMap<>();
    for (Node node : knot.nodes()) {
      if (!inRings.contains(node)) {
        int depth = depth(node, depths, new HashSet<>());
        while (columns.size() <= depth) {
          columns.add(new ArrayList<>());
        }
        columns.get(depth).add(node);
      }
    }
    double tallest = columns.stream().mapToDouble(KnotPicture::tall).max().orElse(0);
    double x = MARGIN;
    for (List<Node> column : columns) {
      column.sort(Comparator.comparingDouble(this::before));
      double half = column.stream().mapToDouble(node -> size(node).halfWidth()).max().orElse(0);
      double y = MARGIN + (tallest - tall(column)) / 2;
      for (Node node : column) {
        double halfHeight = size(node).halfHeight();
        places.put(node, new Place(x + half, y + halfHeight, size(node).halfWidth(), halfHeight));
        y += 2 * halfHeight + ROW_GAP;
      }
      x += 2 * half + GAP;
    }
    width = columns.isEmpty() ? 0 : x - GAP + MARGIN;
    height = tallest + 2 * MARGIN;
  }

  private static double tall(List<Node> column) {
    return column.stream().mapToDouble(node -> 2 * size(node).halfHeight() + ROW_GAP).sum()
        - ROW_GAP;
  }

  /// How many edges lead to a node from outside the rings, on the longest way.
  private int depth(Node node, Map<Node, Integer> depths, Set<Node> above) {
    Integer known = depths.get(node);
    if (known != null) {
      return known;
    }
    int depth = node.isTask() ? 0 : 1;
    above.add(node);
    for (Edge edge : knot.edges()) {
      if (edge.to() == node && !inRings.contains(edge.from()) && !above.contains(edge.from())) {
        depth = Math.max(depth, depth(edge.from(), depths, above) + 1);
      }
    }
    above.remove(node);
    depths.put(node, depth);
    return depth;
  }

  /// How far down those are that lead to a node.
  private double before(Node node) {
    return knot.edges().stream()
        .filter(edge -> edge.to() == node && places.containsKey(edge.from()))
        .mapToDouble(edge -> place(edge.from()).y())
        .average()
        .orElse(0);
  }

  private void rings() {
    double top = places.isEmpty() ? MARGIN : height + GAP / 2.0;
    for (List<Node> ring : knot.rings()) {
      double halfWidth = ring.stream().mapToDouble(node -> size(node).halfWidth()).max().orElse(0);
      double halfHeight =
          ring.stream().mapToDouble(node -> size(node).halfHeight()).max().orElse(0);
      double radiusX = Math.max(halfWidth + 70, ring.size() * halfWidth * 0.42);
      double radiusY = 40 + ring.size() * 14.0;
      double middleX = Math.max(width / 2, MARGIN + halfWidth + radiusX);
      double middleY = top + halfHeight + radiusY;
      for (int i = 0; i < ring.size(); i++) {
        double angle = Math.PI + 2 * Math.PI * i / ring.size();
        double x = middleX + radiusX * Math.cos(angle);
        double y = middleY + radiusY * Math.sin(angle);
        Size size = size(ring.get(i));
        places.put(ring.get(i), new Place(x, y, size.halfWidth(), size.halfHeight()));
      }
      width = Math.max(width, middleX + radiusX + halfWidth + MARGIN);
      height = middleY + radiusY + halfHeight + MARGIN;
      top = height + GAP / 2.0;
    }
  }

  // Drawing

  @Override
  public String toString() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %.0f %.0f\""
                + " style=\"width:%.0fpx;min-width:%.0fpx\">\n",
            width,
            height,
            width,
            width * SMALLEST));
    svg.append("<title>wait-for graph: ")
        .append(text(String.join("; ", knot.lines())))
        .append("</title>\n")
        .append(marker("tip", ""))
        .append(marker("tip-ring", "ring"));
    knot.edges().forEach(edge -> svg.append(edge(edge)));
    knot.nodes().forEach(node -> svg.append(node(node)));
    return svg.append("</svg>\n").toString();
  }

  private static String marker(String name, String kind) {
    return "<marker id=\""
        + name
        + "\" class=\""
        + kind
        + "\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\""
        + " markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\"/></marker>\n";
  }

  private String edge(Edge edge) {
    Place from = place(edge.from());
    Place to = place(edge.to());
    boolean ring = knot.isInRing(edge);
    String kind = (edge.from().isTask() ? "waits" : "holds") + (ring ? " ring" : "");
    return String.format(
        Locale.ROOT,
        "<path class=\"%s\" marker-end=\"url(#%s)\" d=\"%s\"/>\n",
        kind,
        ring ? "tip-ring" : "tip",
        inRings.contains(edge.to()) ? straight(from, to) : curve(from, to));
  }

  private Place place(Node node) {
    return places.getOrDefault(node, new Place(0, 0, 0, 0));
  }

  private static String straight(Place from, Place to) {
    double[] start = border(from, to);
    double[] end = border(to, from);
    return String.format(Locale.ROOT, "M%.1f %.1fL%.1f %.1f", start[0], start[1], end[0], end[1]);
  }

  /// Where the line from the middle of one to the middle of another leaves the first.
  private static double[] border(Place at, Place towards) {
    double dx = towards.x() - at.x();
    double dy = towards.y() - at.y();
    double scale =
        1 / Math.max(1e-9, Math.max(Math.abs(dx) / at.halfWidth(), Math.abs(dy) / at.halfHeight()));
    double kept = Math.min(scale, 0.5);
    return new double[] {at.x() + dx * kept, at.y() + dy * kept};
  }

  private static String curve(Place from, Place to) {
    double startX = from.x() + from.halfWidth();
    double endX = to.x() - to.halfWidth();
    if (endX < startX) {
      return straight(from, to);
    }
    double middle = (startX + endX) / 2;
    return String.format(
        Locale.ROOT,
        "M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f",
        startX,
        from.y(),
        middle,
        from.y(),
        middle,
        to.y(),
        endX,
        to.y());
  }

  private String node(Node node) {
    Place at = place(node);
    Size size = size(node);
    StringBuilder svg = new StringBuilder("<g class=\"");
    svg.append(node.isTask() ? "task" : "thing")
        .append(inRings.contains(node) ? " ring\">" : "\">");
    svg.append("<title>").append(text(node.label() + " " + node.site())).append("</title>");
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\"/>",
            at.x() - size.halfWidth(),
            at.y() - size.halfHeight(),
            2 * size.halfWidth(),
            2 * size.halfHeight(),
            node.isTask() ? size.halfHeight() : 3));
    double y = at.y() - size.halfHeight() + 21;
    for (String line : size.lines()) {
      svg.append(line(node.isTask() ? "name" : "", at.x(), y, line));
      y += 18;
    }
    if (node.isTask() && !node.site().isEmpty()) {
      svg.append(line("site", at.x(), y - 1, site(node)));
    }
    return svg.append("</g>\n").toString();
  }

  private static String line(String kind, double x, double y, String line) {
    return String.format(
        Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", kind, x, y, text(line));
  }
}
