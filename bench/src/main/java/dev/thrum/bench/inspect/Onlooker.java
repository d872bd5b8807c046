package dev.thrum.bench.inspect;

import dev.thrum.bench.Running;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// Somebody who has the console open on a program, in processes beside the program: the console,
/// which attaches to it as `thrum console PID` does, and the page, which is this process.
final class Onlooker implements AutoCloseable {
  /// Looks at nothing.
  private static final Onlooker NOBODY = new Onlooker(List.of());

  private final List<Eye> eyes;

  /// The console and the page.
  private record Eye(Running console, Page page) {}

  private Onlooker(List<Eye> eyes) {
    this.eyes = eyes;
  }

  /// Whoever looks in that variant. The console is open when this returns.
  static Onlooker of(Variant variant, long pid) throws IOException {
    if (variant != Variant.CONSOLE) {
      return NOBODY;
    }
    var console =
        Running.start(
            List.of(
                Launch.java(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                ClassPath.own(),
                ConsoleChild.class.getName(),
                Long.toString(pid)),
            Map.of());
    try {
      return new Onlooker(List.of(new Eye(console, Page.open(URI.create(console.readLine())))));
    } catch (IOException e) {
      var errors = console.errors();
      console.close();
      throw new IOException("the console could not be opened: " + errors, e);
    }
  }

  /// Makes sure that the page has had answers since then.
  ///
  /// @param since on the clock of `System.nanoTime`
  void check(long since) throws IOException {
    for (var eye : eyes) {
      eye.page.check(since);
    }
  }

  @Override
  public void close() throws IOException {
    for (var eye : eyes) {
      eye.page.close();
      eye.console.close();
    }
  }
}
