package dev.thrum.internal.process;

import java.util.Set;

/// The gate of a child: what its parent has said that it sends, and nothing else.
final class Declared extends Gate {
  private final Set<String> names;

  Declared(Set<String> names, int bytes) {
    super(bytes);
    this.names = names;
  }

  @Override
  protected boolean admits(String name) {
    return names.contains(name);
  }

  @Override
  protected boolean admits(Class<?> type) {
    return true;
  }

  @Override
  protected boolean admitsProxy(String[] interfaces) {
    return names.containsAll(Set.of(interfaces));
  }

  @Override
  protected String refuse(String name) {
    return "it has a " + name + " that was not declared with it";
  }
}
