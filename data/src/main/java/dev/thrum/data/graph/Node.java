package dev.thrum.data.graph;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An operator where it stands in a pipeline. Two that do the same are not equal.
public final class Node implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String label;
  private final Operator operator;
  private final ArrayList<Node> inputs;

  /// An operator.
  ///
  /// @param label how the program calls it, or empty
  /// @param operator what it does
  /// @param inputs what it gets its elements from; nothing for a source
  public Node(String label, Operator operator, List<Node> inputs) {
    this.label = label;
    this.operator = operator;
    this.inputs = new ArrayList<>(inputs);
  }

  /// What it does.
  ///
  /// @return the operator
  public Operator operator() {
    return operator;
  }

  /// What it gets its elements from.
  ///
  /// @return the operators before it; nothing for a source
  public List<Node> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  /// With another label.
  ///
  /// @param other how the program calls it
  /// @return a changed copy
  public Node labelled(String other) {
    return new Node(other, operator, inputs);
  }

  /// The same operators once more, for another place: each place has a state of its own.
  ///
  /// @return equal ones that are not the same
  public Node copy() {
    return new Node(label, operator, inputs.stream().map(Node::copy).toList());
  }

  /// How people, errors and checkpoints call the operators up to here: by their labels, else by
  /// their number, from the sources on, and what they do.
  ///
  /// @return the names
  /// @throws IllegalArgumentException if two have the same one
  public Map<Node, String> names() {
    Map<Node, String> names = new HashMap<>();
    name(names, new TreeMap<>());
    return names;
  }

  private void name(Map<Node, String> names, Map<String, Node> taken) {
    for (Node input : inputs) {
      input.name(names, taken);
    }
    if (names.containsKey(this)) {
      return;
    }
    String name = label.isEmpty() ? (taken.size() + 1) + " " + operator.word() : label;
    if (taken.put(name, this) != null) {
      throw new IllegalArgumentException("two operators are named \"" + name + "\"");
    }
    names.put(this, name);
    if (operator instanceof Operator.Join join) {
      join.table().name(names, taken);
    }
  }

  /// Told by its names, from the sources on.
  ///
  /// @return one line
  public String description() {
    return description(names());
  }

  private String description(Map<Node, String> names) {
    String own = names.getOrDefault(this, "");
    return switch (inputs.size()) {
      case 0 -> own;
      case 1 -> inputs.getFirst().description(names) + " → " + own;
      default -> inputs.stream().map(one -> one.description(names)).toList() + " → " + own;
    };
  }
}
