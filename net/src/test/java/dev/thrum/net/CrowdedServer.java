package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.run;
import static dev.thrum.Async.sleep;

import dev.thrum.Task;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Level;
import java.util.stream.Stream;

/// A server that runs out of file descriptors and gets some back. It is started by a test, with a
/// low limit, and says what it sees.
final class CrowdedServer {
  private static final Duration SHORT = Duration.ofMillis(1);

  private final Deque<InputStream> hoard = new ArrayDeque<>();

  private CrowdedServer() {}

  public static void main(String[] args) throws Exception {
    loadAllClassesOf(Listener.class);
    loadAllClassesOf(Task.class);
    loadAllClassesOf(CrowdedServer.class);
    // The tools' part of a loop uses it soon, and it opens files.
    var _ = ManagementFactory.getPlatformMBeanServer();
    try (LogLines log = new LogLines(Level.INFO)) {
      run(() -> new CrowdedServer().serve(log));
    }
  }

  /// Those that come from a folder need a descriptor to be loaded.
  private static void loadAllClassesOf(Class<?> one) throws Exception {
    URL place = one.getProtectionDomain().getCodeSource().getLocation();
    Path root = Path.of(place.toURI());
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String name = root.relativize(file).toString().replace('/', '.').replace(".class", "");
        if (!name.endsWith("-info")) {
          var _ = Class.forName(name, false, one.getClassLoader());
        }
      }
    }
  }

  private void serve(LogLines log) throws IOException {
    try (Listener listener = Net.listen("127.0.0.1", 0)) {
      Task<?> server =
          async(() ->
              listener.serve(connection -> connection.write(connection.readLine().orElseThrow())));
      IO.println(ask(listener, "before"));
      takeAll();
      sayWhyItFails(() -> Net.connect(listener.address()));
      sayWhyItFails(() -> Net.listen("127.0.0.1", 0));
      sayWhyItFails(() -> Net.udp().bind("127.0.0.1", 0));
      hoard.remove().close();
      try (Connection late = Net.connect(listener.address())) {
        late.write("late\n");
        while (log.messages().isEmpty()) {
          sleep(SHORT);
        }
        while (!hoard.isEmpty()) {
          hoard.remove().close();
        }
        IO.println(late.readString());
        Duration passed = Duration.between(log.times().getFirst(), Instant.now());
        IO.println(passed.toMillis() >= 990 ? "after a second" : "after " + passed);
      }
      IO.println(ask(listener, "afterwards"));
      log.messages().stream().distinct().forEach(IO::println);
      listener.close();
      await(server);
    }
  }

  private static String ask(Listener listener, String question) throws IOException {
    try (Connection client = Net.connect(listener.address())) {
      client.write(question + "\n");
      return client.readString();
    }
  }

  private void takeAll() {
    try {
      while (true) {
        hoard.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException _) {
      // That was the last one.
    }
  }

  private interface Opening {
    void open() throws IOException;
  }

  private static void sayWhyItFails(Opening opening) {
    try {
      opening.open();
      IO.println("it could be opened");
    } catch (IOException e) {
      IO.println(e.getMessage());
    }
  }
}
