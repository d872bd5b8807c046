package dev.thrum.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// A radix tree of path patterns. Common beginnings are stored once, so that a path is found in one
/// walk over its characters; a walk that comes to nothing goes back to the last choice.
///
/// At each place fixed text is tried first, then parameters, those with the most particular
/// converter first and parameters of several segments last.
///
/// @param <L> what is found at the end of a path
/// @param <S> what holds for everything below a path
final class PathTree<L, S> {
  private final Node<L, S> root = new Node<>("");

  /// A place in the tree: the text that leads to it, and what goes on from it.
  static final class Node<L, S> {
    private String text;
    private char[] firsts = {};
    private List<Node<L, S>> texts = new ArrayList<>();
    private List<Edge<L, S>> params = new ArrayList<>();
    private @Nullable L leaf;
    private @Nullable S below;

    Node(String text) {
      this.text = text;
    }

    /// Whether anything can match from a place in a path on.
    private boolean canGoOn(String path, int at) {
      if (at == path.length()) {
        return leaf != null || below != null || !params.isEmpty();
      }
      char next = path.charAt(at);
      return !params.isEmpty() || indexOf(next) >= 0 || (below != null && next == '/');
    }

    private int indexOf(char first) {
      for (int i = 0; i < firsts.length; i++) {
        if (firsts[i] == first) {
          return i;
        }
      }
      return -1;
    }

    private void add(Node<L, S> child) {
      char[] more = java.util.Arrays.copyOf(firsts, firsts.length + 1);
      more[firsts.length] = child.text.charAt(0);
      firsts = more;
      texts.add(child);
    }
  }

  /// A parameter that goes on from a place.
  record Edge<L, S>(Converter<?> converter, Node<L, S> node) {
    boolean isOfSeveral() {
      return converter == Converters.PATH;
    }
  }

  /// Puts something at the end of a path.
  ///
  /// @param merge what becomes of it if there is something already: old, new
  void put(PathPattern pattern, L leaf, BinaryOperator<L> merge) {
    Node<L, S> node = node(pattern);
    L before = node.leaf;
    node.leaf = before == null ? leaf : merge.apply(before, leaf);
  }

  /// Has something hold for a path and everything below it.
  void putBelow(PathPattern pattern, S below) {
    Node<L, S> node = node(pattern);
    if (node.below == null) {
      node.below = below;
    }
  }

  private Node<L, S> node(PathPattern pattern) {
    Node<L, S> node = root;
    for (PathPattern.Piece piece : pattern.pieces()) {
      node =
          switch (piece) {
            case PathPattern.Literal literal -> text(node, literal.text());
            case PathPattern.Param param -> param(node, param.converter());
          };
    }
    return node;
  }

  private Node<L, S> text(Node<L, S> node, String text) {
    int at = node.indexOf(text.charAt(0));
    if (at < 0) {
      Node<L, S> made = new Node<>(text);
      node.add(made);
      return made;
    }
    Node<L, S> child = node.texts.get(at);
    int common = common(child.text, text);
    if (common < child.text.length()) {
      child = split(node, at, common);
    }
    return common == text.length() ? child : text(child, text.substring(common));
  }

  private Node<L, S> split(Node<L, S> parent, int at, int common) {
    Node<L, S> below = parent.texts.get(at);
    Node<L, S> above = new Node<>(below.text.substring(0, common));
    below.text = below.text.substring(common);
    above.add(below);
    parent.texts.set(at, above);
    return above;
  }

  private static int common(String one, String other) {
    int most = Math.min(one.length(), other.length());
    int count = 0;
    while (count < most && one.charAt(count) == other.charAt(count)) {
      count++;
    }
    return count;
  }

  private Node<L, S> param(Node<L, S> node, Converter<?> converter) {
    for (Edge<L, S> edge : node.params) {
      if (edge.converter == converter) {
        return edge.node;
      }
    }
    Edge<L, S> made = new Edge<>(converter, new Node<>(""));
    node.params.add(made);
    node.params.sort(Comparator.comparingInt(edge -> Converters.rank(edge.converter)));
    return made.node;
  }

  /// Looks for a path.
  ///
  /// @return true if a leaf was accepted; its values are in the walk then
  boolean find(Walk<L, S> walk) {
    return find(root, walk, 0);
  }

  private boolean find(Node<L, S> node, Walk<L, S> walk, int at) {
    String path = walk.path;
    S below = node.below;
    if (below != null && (at == path.length() || path.charAt(at) == '/')) {
      walk.pass(below, at);
    }
    if (at == path.length()) {
      L leaf = node.leaf;
      if (leaf != null && walk.accepts(leaf)) {
        return true;
      }
    } else {
      int which = node.indexOf(path.charAt(at));
      if (which >= 0) {
        Node<L, S> child = node.texts.get(which);
        if (path.startsWith(child.text, at) && find(child, walk, at + child.text.length())) {
          return true;
        }
      }
    }
    for (int i = 0; i < node.params.size(); i++) {
      if (findParam(node.params.get(i), walk, at)) {
        return true;
      }
    }
    return false;
  }

  /// Tries the longest value first; of those of several segments the whole rest of the path comes
  /// last, so that fixed text after it is preferred.
  private boolean findParam(Edge<L, S> edge, Walk<L, S> walk, int at) {
    String path = walk.path;
    if (edge.isOfSeveral()) {
      for (int end = path.length() - 1; end >= at; end--) {
        if (findAfter(edge, walk, at, end)) {
          return true;
        }
      }
      return findAfter(edge, walk, at, path.length());
    }
    int slash = path.indexOf('/', at);
    for (int end = slash < 0 ? path.length() : slash; end > at; end--) {
      if (findAfter(edge, walk, at, end)) {
        return true;
      }
    }
    return false;
  }

  private boolean findAfter(Edge<L, S> edge, Walk<L, S> walk, int at, int end) {
    if (!edge.node.canGoOn(walk.path, end) || !walk.push(edge.converter, at, end)) {
      return false;
    }
    if (find(edge.node, walk, end)) {
      return true;
    }
    walk.pop();
    return false;
  }

  /// A search for one path, and what it has found.
  abstract static class Walk<L, S> {
    /// The path, decoded; a slash that was encoded stands as [Percent#SLASH].
    final String path;

    String[] texts = {};
    Object[] values = {};
    int count;
    private int passed = -1;

    Walk(String path) {
      this.path = path;
    }

    /// Whether this is what is looked for.
    abstract boolean accepts(L leaf);

    /// Hears of what holds for everything here; the last one heard of is the nearest.
    abstract void passes(S below);

    private void pass(S below, int at) {
      if (at > passed) {
        passed = at;
        passes(below);
      }
    }

    private boolean push(Converter<?> converter, int from, int to) {
      String text = dev.thrum.web.internal.Percent.restoreSlashes(path.substring(from, to));
      Object value = text;
      if (converter != Converters.STRING && converter != Converters.PATH) {
        var converted = converter.convert(text);
        if (converted.isEmpty()) {
          return false;
        }
        value = converted.get();
      }
      if (count == texts.length) {
        texts = java.util.Arrays.copyOf(texts, count + 2);
        values = java.util.Arrays.copyOf(values, count + 2);
      }
      texts[count] = text;
      values[count++] = value;
      return true;
    }

    private void pop() {
      count--;
    }
  }
}
