package dev.thrum.cli.serve;

import dev.thrum.cli.program.ProgramException;
import dev.thrum.web.internal.Launch;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/// What `thrum routes` does when its command line is understood.
public final class RoutesRun {
  private RoutesRun() {}

  /// Shows the routes. The JVM ends with that. Standard output is theirs alone: what the program
  /// prints goes to standard error.
  ///
  /// @param command what is asked
  /// @throws Throwable what the program throws
  public static void start(RoutesCommand command) throws Throwable {
    LogLevel.shorten();
    Launch.install(new Listing(command.json(), System.out));
    System.setOut(System.err);
    try {
      WebProgram.load(command.web()).serve();
    } catch (ProgramException e) {
      System.err.println(e.getMessage());
      System.exit(e.status());
    }
    System.err.println(
        "thrum: the main of '" + command.web().file() + "' has ended and served nothing");
    System.exit(1);
  }

  private static final class Listing extends Launch {
    private final boolean json;
    private final PrintStream out;

    Listing(boolean json, PrintStream out) {
      this.json = json;
      this.out = out;
    }

    /// What the program has begun is not waited for.
    @Override
    public boolean begins(List<Line> routes) {
      out.print(json ? RouteTable.json(routes) : RouteTable.text(routes));
      out.flush();
      Runtime.getRuntime().halt(0);
      return false;
    }

    @Override
    public void listens(int port, Runnable stop) {
      // It never does.
    }

    @Override
    public void fails(IOException reason) {
      // It never does.
    }
  }
}
