package dev.thrum.net;

import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Instrument;
import dev.thrum.Runner;
import dev.thrum.Task;
import dev.thrum.VoidBody;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// Runs a body on a loop of the engine under test that waits for sockets in one of the ways there
/// are, and checks afterwards that nothing is left: no task, no error that nobody asked for, no
/// descriptor.
enum Via {
  EPOLL,
  NIO;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static boolean warm;

  /// The JDK keeps a socket of its own from the first one on that is closed, and pollers from the
  /// first wait of a virtual thread in a selector on.
  private static void warmUp() {
    if (warm) {
      return;
    }
    warm = true;
    NIO.use();
    try {
      Runner.builder()
          .run(() -> {
            try (Listener listener = Net.listen("127.0.0.1", 0)) {
              Net.connect("127.0.0.1", listener.port()).close();
              sleep(Duration.ofMillis(5));
            }
          });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Runs a body.
  <X extends Throwable> void run(VoidBody<X> body) throws X {
    List<String> reports = runAndCollect(body);
    assertEquals(List.of(), reports, "errors that nobody was told");
  }

  /// Runs a body that may leave errors to the exception handler.
  ///
  /// @return what it was told: the task's name and the exception
  <X extends Throwable> List<String> runAndCollect(VoidBody<X> body) throws X {
    warmUp();
    use();
    Map<String, Integer> before = sockets();
    List<String> reports = new CopyOnWriteArrayList<>();
    Census census = new Census();
    Runner.builder()
        .exceptionHandler((task, exception) -> reports.add(task.name() + ": " + exception))
        .instrument(census)
        .run(() -> {
          try {
            timeout(LIMIT, body);
          } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("the test did not end within " + LIMIT, e);
          }
        });
    assertEquals(Set.of(), census.alive, "tasks that have not ended");
    assertEquals(before, sockets(), "descriptors");
    return reports;
  }

  /// Has the next loop of this JVM wait for sockets in this way.
  void use() {
    System.setProperty("thrum.net.transport", name().toLowerCase(Locale.ROOT));
  }

  /// How many descriptors of each kind this process has open, files of the JDK's own left out.
  static Map<String, Integer> sockets() {
    Map<String, Integer> found = new TreeMap<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path one : all.toList()) {
        String kind = kindOf(one);
        boolean ofTheJdk = kind.endsWith("[eventpoll]"); // for its own virtual threads' sockets
        if (kind.startsWith("socket") || (kind.startsWith("anon_inode") && !ofTheJdk)) {
          found.merge(kind.replaceAll("\\[?\\d+]?", ""), 1, Integer::sum);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return found;
  }

  private static String kindOf(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException _) {
      return "closed meanwhile";
    }
  }

  /// Counts the tasks.
  private static final class Census implements Instrument {
    final Set<String> alive = new LinkedHashSet<>();

    @Override
    public void spawned(Task<?> task, long nanos) {
      alive.add(task.name());
    }

    @Override
    public void done(Task<?> task, long nanos) {
      alive.remove(task.name());
    }
  }
}
