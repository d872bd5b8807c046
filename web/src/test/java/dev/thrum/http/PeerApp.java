package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.VoidBodyOf;
import dev.thrum.process.Command;
import dev.thrum.process.Subprocess;
import dev.thrum.web.App;
import dev.thrum.web.Compression;
import dev.thrum.web.Response;
import dev.thrum.web.Sse;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/// The application that other programs talk to.
final class PeerApp {
  /// What `/file` sends.
  static final int SIZE = 1_500_000;

  private final byte[] bytes = new byte[SIZE];
  private final boolean[] released = {false};
  private final App app = App.create();

  /// @param folder where its file is put
  PeerApp(Path folder) throws IOException {
    new SplittableRandom(7).nextBytes(bytes);
    Path file = Files.write(folder.resolve("file.bin"), bytes);
    String words = "some words to be compressed; ".repeat(500);
    app.use(Compression.create());
    app.get("/hello", _ -> "hello\n");
    app.get("/words", _ -> words);
    app.get("/file", _ -> file);
    app.files("/files", folder);
    app.post("/echo", req -> Response.bytes(req.body()));
    app.put("/echo", req -> Response.bytes(req.body()));
    app.get(
        "/who",
        req ->
            Map.of(
                "remote", req.remote().toString(),
                "scheme", req.scheme(),
                "host", req.host(),
                "version", req.exchange().version().toString()));
    app.get("/gate", _ -> Sse.of(this::twoEvents));
    app.ws(
        "/ws",
        socket -> {
          for (WebSocket.Message message : socket) {
            switch (message) {
              case WebSocket.Text text -> socket.send(text.text());
              case WebSocket.Binary binary -> socket.send(binary.bytes());
            }
          }
        });
  }

  private void twoEvents(Sse.Events events) throws IOException {
    events.send(Sse.Event.of("first").id(1));
    Serving.until(released);
    events.send(Sse.Event.of("second").id(2));
  }

  App app() {
    return app;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  byte[] bytes(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /// Has `/gate` send its second event.
  void release() {
    released[0] = true;
  }

  /// Serves it, and has a body see to its clients.
  void serve(UnaryOperator<Server.Builder> settings, VoidBodyOf<Server, ?> body) throws Exception {
    try {
      Serving.run(() ->
          app.running(() -> {
            try (Server server = open(settings)) {
              body.run(server);
            }
          }));
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// Another server for it, where it runs.
  Server open(UnaryOperator<Server.Builder> settings) throws IOException {
    Server.Builder builder = Server.builder().port(0).grace(Serving.MILLI.multipliedBy(200));
    return settings.apply(builder).listen(app);
  }

  /// A port that nobody listens on, for programs that cannot choose one by themselves.
  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /// Debian's Python, which has Debian's packages; others may come before it on the path.
  static Command python(String script, String... arguments) {
    String program =
        Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
    return Subprocess.command(program, "-c", script).with(arguments).mergeStderr();
  }

  /// Lines of a file of settings.
  static Path settings(Path file, String text, Map<String, Object> values) throws IOException {
    String filled = text;
    for (Map.Entry<String, Object> one : values.entrySet()) {
      filled = filled.replace("$" + one.getKey() + "$", one.getValue().toString());
    }
    return Files.writeString(file, filled, UTF_8);
  }

  static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
