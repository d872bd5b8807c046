package dev.thrum.bench.inspect;

import dev.thrum.console.Console;
import java.io.IOException;

/// The console of another process: `thrum console PID` without a command line. Prints its address,
/// and ends with its standard input.
final class ConsoleChild {
  private ConsoleChild() {}

  static void main(String[] args) throws IOException, InterruptedException {
    try (var target = Target.attach(Long.parseLong(args[0]));
        var console = Console.builder().source(target.bean()).start()) {
      System.out.println(console.url());
      while (System.in.read() >= 0) {
        // Nothing is said to it.
      }
    }
    // The connection to a program that has ended may still be tried.
    Runtime.getRuntime().halt(0);
  }
}
