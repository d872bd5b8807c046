package dev.thrum.cli.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The options of a view, written as in the query of a URL.
record Query(List<String> pairs) {
  static final Query NONE = new Query(List.of());

  Query with(String name, Object value) {
    var longer = new ArrayList<>(pairs);
    longer.add(name + "=" + URLEncoder.encode(value.toString(), UTF_8).replace("+", "%20"));
    return new Query(List.copyOf(longer));
  }

  Query with(String name, Optional<?> value) {
    return value.isPresent() ? with(name, value.get()) : this;
  }

  Query and(Query other) {
    var both = new ArrayList<>(pairs);
    both.addAll(other.pairs);
    return new Query(List.copyOf(both));
  }

  @Override
  public String toString() {
    return String.join("&", pairs);
  }
}
