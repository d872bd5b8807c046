package dev.thrum.bench.web;

import dev.thrum.bench.echo.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The lines of the tables. Those on a JVM are a class of [dev.thrum.bench.web.server] each, the
/// others a script in `peers/web`.
final class Contenders {
  static final String NETTY = "netty";

  private static final String PYTHON_PACKAGES =
      "packages python3-uvicorn, python3-uvloop, python3-httptools and python3-websockets";

  private static final Set<String> WARM = Set.of("go", "uvicorn", "starlette", "fastapi");

  private Contenders() {}

  /// Whether it is compiled before it runs, or never.
  static boolean isWarm(Server server) {
    return WARM.contains(server.name());
  }

  /// All of them, in the order of the lines. A new one is one line here; a server of Thrum that is
  /// to run on the confined engine has [Server#OPEN_THREADS] among its flags.
  static List<Server> all(Path home, String python) {
    return List.of(
        jvm(NETTY, "NettyServer"),
        jvm("thrum-engine", "ThrumEngineServer", Server.OPEN_THREADS),
        jvm("thrum", "ThrumServer", Server.OPEN_THREADS),
        jvm("vertx", "VertxServer"),
        jvm("vertx-web", "VertxWebServer"),
        jvm("helidon", "HelidonServer"),
        jvm("javalin", "JavalinServer"),
        jvm("jdk", "JdkServer"),
        go(home),
        node(home),
        python("uvicorn", PYTHON_PACKAGES, home, python),
        python("starlette", PYTHON_PACKAGES + ", and python3-starlette", home, python),
        python("fastapi", PYTHON_PACKAGES + ", and python3-fastapi", home, python));
  }

  private static Server jvm(String name, String type, String... flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Server.JVM_FLAGS);
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.thrum.bench.web.server." + type);
    return server(name, command, Map.of(), "class " + type);
  }

  private static Server go(Path home) {
    var binary = home.resolve("target/go-web").toString();
    return server("go", List.of(binary), Map.of("GOMAXPROCS", "1"), "package golang");
  }

  private static Server node(Path home) {
    var script = home.resolve("target/web-node/server.js").toString();
    return server(
        "node", List.of("node", script), Map.of("NODE_ENV", "production"), "package nodejs");
  }

  private static Server python(String name, String toInstall, Path home, String python) {
    var script = home.resolve("peers/web/python/serve.py").toString();
    return server(name, List.of(python, "-O", script, name), Map.of(), toInstall);
  }

  private static Server server(
      String name, List<String> command, Map<String, String> environment, String toInstall) {
    var version = new ArrayList<>(command);
    version.add("version");
    return new Server(name, List.copyOf(command), List.copyOf(version), environment, toInstall);
  }
}
