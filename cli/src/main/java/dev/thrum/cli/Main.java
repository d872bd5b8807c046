package dev.thrum.cli;

import dev.thrum.Runner;
import dev.thrum.cli.inspect.InspectVerbs;
import dev.thrum.cli.program.Program;
import dev.thrum.cli.program.ProgramException;
import dev.thrum.cli.serve.RoutesCommand;
import dev.thrum.cli.serve.RoutesRun;
import dev.thrum.cli.serve.ServeCommand;
import dev.thrum.cli.serve.ServeRun;
import dev.thrum.inspect.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/// Where the `thrum` command begins. The plain form `run FILE ARGS…` is understood here, since to
/// start picocli would take longer than the whole rest; everything else goes to [ThrumCommand].
public final class Main {
  private static final int INTERRUPTED = 130;

  private Main() {}

  /// Runs the command. It ends with the command's status, or as the program does that it runs.
  ///
  /// @param args the command line
  /// @throws Throwable what the program throws
  public static void main(String[] args) throws Throwable {
    if (isPlainRun(args)) {
      run(args[1], List.of(args).subList(2, args.length));
      return;
    }
    var command = new RunCommand();
    var serve = new ServeCommand();
    var routes = new RoutesCommand();
    List<Object> verbs = new ArrayList<>(List.of(command, serve, routes));
    verbs.addAll(InspectVerbs.all());
    int status = ThrumCommand.commandLine(verbs).execute(args);
    if (serve.isAsked()) {
      start(() -> ServeRun.start(serve, args));
    } else if (routes.isAsked()) {
      start(() -> RoutesRun.start(routes));
    } else if (command.isAsked()) {
      run(command.file(), command.arguments());
    } else {
      System.exit(status);
    }
  }

  private static boolean isPlainRun(String[] args) {
    return args.length > 1
        && args[0].equals("run")
        && (!args[1].startsWith("-") || args[1].equals("-"));
  }

  private static void run(String file, List<String> arguments) throws Throwable {
    start(() -> Program.load(file).withMain(file).start(arguments));
  }

  /// What runs a program.
  private interface Start {
    void run() throws Throwable;
  }

  /// On the main thread and with nothing of picocli below it. What the program throws goes on to
  /// the JVM, which prints it and ends with status 1.
  private static void start(Start program) throws Throwable {
    beginTrace();
    try {
      program.run();
    } catch (ProgramException e) {
      System.err.println(e.getMessage());
      System.exit(e.status());
    } catch (CancellationException e) {
      if (Runner.CTRL_C_REASON.equals(e.getMessage())) {
        System.exit(INTERRUPTED);
      }
      throw e;
    }
  }

  /// A trace that cannot be written is a mistake on the command line.
  private static void beginTrace() {
    if (System.getProperty(Trace.PROPERTY) != null) {
      try {
        var _ = Trace.configured();
      } catch (IllegalStateException e) {
        System.err.println("thrum: " + e.getMessage());
        System.exit(2);
      }
    }
  }
}
