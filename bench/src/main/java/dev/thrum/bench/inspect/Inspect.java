package dev.thrum.bench.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// What looking into a program costs it, or how long a look takes.
public final class Inspect {
  private Inspect() {}

  static void main(String[] args) throws IOException, InterruptedException {
    if (List.of(args).contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Options.USAGE);
      System.exit(2);
      return;
    }
    var tables = new Tables();
    boolean ok =
        options.costs() ? new Costs(options, tables).run() : new Dump(options, tables).run();
    System.out.print(tables.markdown());
    if (options.out().isPresent()) {
      Files.writeString(options.out().get(), tables.markdown());
    }
    System.exit(ok ? 0 : 1);
  }
}
