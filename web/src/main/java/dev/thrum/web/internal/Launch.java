package dev.thrum.web.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What has started the program and wants to know what it serves, such as `thrum serve` and `thrum
/// routes`. Without one nothing is different.
public abstract class Launch {
  private static volatile @Nullable Launch current;

  /// A launch of which nothing is known yet.
  protected Launch() {}

  /// What an application has, as a line of a table.
  ///
  /// @param method the method, or `WEBSOCKET`
  /// @param host the host that it is for, empty for any
  /// @param path its whole path
  /// @param name its name, empty if it has none
  /// @param kind what its handler is: `async`, `blocking`, `websocket` or `files`
  /// @param middleware what is around it, the outermost first
  /// @param where the line of the program that has registered it, empty if that is not known
  public record Line(
      String method,
      String host,
      String path,
      String name,
      String kind,
      List<String> middleware,
      String where) {}

  /// Says what has started this program. Before the program begins.
  ///
  /// @param launch gets to know what is served
  public static void install(Launch launch) {
    current = launch;
  }

  /// Makes it as if nothing had.
  public static void forget() {
    current = null;
  }

  /// What has started this program.
  ///
  /// @return nothing if it cares for nothing
  public static Optional<Launch> current() {
    return Optional.ofNullable(current);
  }

  /// Whether something has started this program.
  ///
  /// @return if not, there is no need to remember who has registered what
  public static boolean isPresent() {
    return current != null;
  }

  /// An application is about to be served.
  ///
  /// @param routes its routes
  /// @return whether it is to be served; if not, the program goes on as if it had been
  public abstract boolean begins(List<Line> routes);

  /// It is served.
  ///
  /// @param port the port, 0 on a Unix socket
  /// @param stop has it come to an end in good order, from any thread
  public abstract void listens(int port, Runnable stop);

  /// It cannot be served, which the program is told, too.
  ///
  /// @param reason has a message for people
  public abstract void fails(IOException reason);
}
