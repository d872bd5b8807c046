package dev.thrum.net.jdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// A PostgreSQL server for the tests of this JVM: started for the first that asks for it, stopped
/// and removed after the last, or when the JVM dies.
final class Postgres implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(Postgres.class);

  /// The server that runs.
  ///
  /// @param url its JDBC address, with a user and the password
  record Server(String url, Process process) implements AutoCloseable {

    static Server start() {
      Path scripts = Path.of(System.getProperty("basedir", "."), "..", "scripts");
      try {
        Process process =
            new ProcessBuilder("bash", scripts.resolve("postgres").toString(), "serve")
                .redirectErrorStream(true)
                .start();
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (line != null && line.startsWith("jdbc:")) {
          return new Server(line, process);
        }
        StringBuilder said = new StringBuilder(String.valueOf(line));
        process
            .inputReader(StandardCharsets.UTF_8)
            .lines()
            .forEach(more -> said.append('\n').append(more));
        throw new Unavailable(said + "\nWithout the tests that need it: -DskipPostgres");
      } catch (IOException e) {
        throw new Unavailable(e.toString());
      }
    }

    /// The server stops when nobody holds this any more.
    @Override
    public void close() throws IOException {
      process.getOutputStream().close();
      process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  /// There is no server; where in the tests that was noticed tells nobody anything.
  private static final class Unavailable extends AssertionError {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
      setStackTrace(new StackTraceElement[0]);
    }
  }

  private static Server server(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(HERE)
        .computeIfAbsent("server", _ -> Server.start(), Server.class);
  }

  /// So that it is said once for a class, and not for each test, if there is none.
  @Override
  public void beforeAll(ExtensionContext context) {
    var _ = server(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Server.class;
  }

  @Override
  public Server resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return server(context);
  }
}
