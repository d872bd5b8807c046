package dev.thrum.cli.serve;

import dev.thrum.cli.program.ProgramException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What `thrum serve` does when its command line is understood.
public final class ServeRun {
  private static final String PREFIX = "thrum.serve.";

  private ServeRun() {}

  /// Serves the application until it ends, or starts and watches a JVM that does.
  ///
  /// @param command what is asked
  /// @param arguments the command line, to be given to another JVM
  /// @throws Throwable what the program throws
  public static void start(ServeCommand command, String[] arguments) throws Throwable {
    if (command.reloads() && !Served.isBelowReloader()) {
      Reloader.run(command, arguments);
      return;
    }
    LogLevel.shorten();
    if (command.logLevel() != null) {
      Objects.requireNonNull(command.logLevel()).set();
    }
    command.properties().forEach(System::setProperty);
    String port = System.getProperty(Served.PORT);
    if (port != null) {
      System.setProperty(PREFIX + "port", port);
    }
    Served served = Served.install();
    try {
      WebProgram.load(command.web()).serve();
    } catch (Throwable e) {
      String sentence = sentence(e, served);
      if (sentence == null) {
        throw e;
      }
      System.err.println(sentence);
      System.exit(e instanceof ProgramException known ? known.status() : status(e));
    }
    if (served.hasBegun() || othersGoOn()) {
      return;
    }
    System.err.println(
        "thrum: the main of '"
            + command.web().file()
            + "' has ended and served nothing: have it call app.serve(8000)");
    System.exit(1);
  }

  /// What needs no stack.
  private static @Nullable String sentence(Throwable failure, Served served) {
    if (failure instanceof ProgramException) {
      return failure.getMessage();
    }
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each == served.failure()) {
        return "thrum: " + each.getMessage() + hint(each.getMessage());
      }
      if (isAboutOption(each)) {
        String option = String.valueOf(each.getMessage()).substring(PREFIX.length());
        return "thrum: --" + option.replaceFirst("^headers\\b", "header");
      }
    }
    return null;
  }

  private static String hint(@Nullable String message) {
    return message != null && message.matches("listening on .*:\\d+: Permission denied")
        ? "; ports below 1024 are for root: choose another one, or put a proxy in front"
        : "";
  }

  private static boolean isAboutOption(Throwable failure) {
    return failure instanceof IllegalArgumentException
        && failure.getMessage() != null
        && failure.getMessage().startsWith(PREFIX);
  }

  private static int status(Throwable failure) {
    return isAboutOption(failure) ? 2 : 1;
  }

  /// A program may serve on a thread that outlives its `main`.
  private static boolean othersGoOn() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(it ->
            !it.isDaemon()
                && it != Thread.currentThread()
                && it.getThreadGroup() == Thread.currentThread().getThreadGroup());
  }
}
