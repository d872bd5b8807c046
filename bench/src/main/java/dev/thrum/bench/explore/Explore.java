package dev.thrum.bench.explore;

import dev.thrum.bench.Child;
import dev.thrum.bench.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Has every strategy of every tool explore the same programs, each in a fresh process, and prints
/// the tables.
public final class Explore {
  private Explore() {}

  static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0 && args[0].equals("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    Options options;
    try {
      options = Options.parse(List.of(args));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Options.USAGE);
      System.exit(2);
      return;
    }
    var rows = new ArrayList<Row>();
    boolean ok = true;
    for (var tool : options.tools()) {
      for (var strategy : options.strategiesOf(tool)) {
        try {
          rows.addAll(explore(tool, strategy, options));
        } catch (IOException e) {
          System.err.println(tool.name() + " " + strategy + ": " + e.getMessage());
          ok = false;
        }
      }
    }
    var heading = new StringBuilder(Machine.describe());
    for (var tool : options.tools()) {
      heading.append("; ").append(tool.description());
    }
    System.out.println(heading);
    System.out.print(new Table(options.programs(), rows).markdown());
    System.exit(ok ? 0 : 1);
  }

  private static List<Row> explore(Tool tool, String strategy, Options options)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(tool.java());
    command.addAll(List.of("-Xmx2g", "-cp", ClassPath.text(), ExploreChild.class.getName()));
    command.addAll(List.of(tool.name(), strategy));
    command.addAll(options.childWords());
    var child = Child.run(command, Map.of());
    var rows = child.output().stream().map(Row::parse).flatMap(row -> row.stream()).toList();
    rows.forEach(System.err::println);
    if (!child.ok()) {
      throw new IOException("ended with " + child.status() + "\n" + child.errors());
    }
    return rows;
  }
}
