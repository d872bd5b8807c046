package dev.thrum.cli.inspect;

import dev.thrum.console.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `thrum console`.
@Command(
    name = "console",
    description = "Show a running JVM in the browser.",
    customSynopsis = "thrum console [--port N] [--cancel] [--no-browser] PID",
    separator = " ",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "The page can be seen on this machine only, by those who know its address. It is",
      "there until Ctrl-C, or until the JVM ends.",
      "'thrum ps' lists the JVMs. The JVM needs no preparation.",
      "",
      "Examples:",
      "  thrum console 4711",
      "  thrum console 4711 --port 8080 --no-browser"
    })
final class ConsoleCommand implements Callable<Integer> {
  private static final String TRANSPORT = "thrum.net.transport";
  private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);

  @Mixin private final Jvm jvm = new Jvm();

  @Option(names = "--port", paramLabel = "N", description = "Where; otherwise any that is free.")
  private int port;

  @Option(names = "--cancel", description = "Let the page cancel tasks.")
  private boolean cancel;

  @Option(names = "--no-browser", description = "Only print the address.")
  private boolean noBrowser;

  @Override
  public Integer call() throws TargetException {
    if (port < 0 || port > 0xffff) {
      throw jvm.wrong("--port is from 0 to 65535");
    }
    try (Target target = jvm.connect();
        Console console = start(target)) {
      Output.print(console.url().toString());
      if (!noBrowser) {
        Browser.open(console.url());
      }
      while (true) {
        Target.pause(BETWEEN_CHECKS);
        target.check();
      }
    }
  }

  /// By the JDK's sockets, which need no library to be loaded.
  private Console start(Target target) throws TargetException {
    if (System.getProperty(TRANSPORT) == null) {
      System.setProperty(TRANSPORT, "nio");
    }
    Console.Builder builder = Console.builder().source(target.bean()).port(port);
    try {
      return (cancel ? builder.allowCancel() : builder).start();
    } catch (IOException e) {
      throw new TargetException(String.valueOf(e.getMessage()));
    }
  }
}
