package dev.thrum.cli.serve;

import dev.thrum.web.internal.Launch.Line;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Routes as a table for people, and as JSON.
final class RouteTable {
  private static final List<String> HEAD =
      List.of("METHOD", "PATH", "NAME", "HANDLER", "MIDDLEWARE", "REGISTERED AT");

  private RouteTable() {}

  static String text(List<Line> routes) {
    if (routes.isEmpty()) {
      return "There are no routes.\n";
    }
    List<List<String>> rows = new java.util.ArrayList<>(List.of(HEAD));
    routes.forEach(it -> rows.add(row(it)));
    List<Integer> widths =
        IntStream.range(0, HEAD.size())
            .mapToObj(column -> rows.stream().mapToInt(it -> it.get(column).length()).max())
            .map(it -> it.orElse(0))
            .toList();
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
  }

  private static List<String> row(Line route) {
    return List.of(
        route.method(),
        route.host() + route.path(),
        orDash(route.name()),
        route.kind(),
        orDash(String.join(", ", route.middleware())),
        orDash(route.where()));
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String line(List<String> row, List<Integer> widths) {
    return IntStream.range(0, row.size())
            .mapToObj(i -> row.get(i) + " ".repeat(widths.get(i) - row.get(i).length()))
            .collect(Collectors.joining("  "))
            .stripTrailing()
        + "\n";
  }

  static String json(List<Line> routes) {
    return routes.stream()
        .map(RouteTable::object)
        .collect(
            Collectors.joining(
                ",\n  ", routes.isEmpty() ? "[" : "[\n  ", routes.isEmpty() ? "]\n" : "\n]\n"));
  }

  private static String object(Line route) {
    return "{\"method\": %s, \"host\": %s, \"path\": %s, \"name\": %s, \"handler\": %s, \"middleware\": [%s], \"registered\": %s}"
        .formatted(
            quote(route.method()),
            quote(route.host()),
            quote(route.path()),
            quote(route.name()),
            quote(route.kind()),
            route.middleware().stream().map(RouteTable::quote).collect(Collectors.joining(", ")),
            quote(route.where()));
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(it -> {
          if (it == '"' || it == '\\') {
            quoted.append('\\').append((char) it);
          } else if (it < ' ') {
            quoted.append("\\u%04x".formatted(it));
          } else {
            quoted.append((char) it);
          }
        });
    return quoted.append('"').toString();
  }
}
