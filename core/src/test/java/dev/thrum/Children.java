package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The processes and the descriptors that this JVM has, to see that a test leaves none behind.
final class Children {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final long PATIENCE = 10_000_000_000L;

  private final List<Long> pids = alive();
  private final List<String> pipes = open("pipe:");

  /// Checks that what was begun since this was made is gone.
  void assertGone() {
    assertSoon(List.of(), () -> without(pids, alive()));
    assertSoon(List.of(), () -> without(pipes, open("pipe:")));
  }

  /// What came since; others may have gone.
  private static <T> List<T> without(List<T> before, List<T> now) {
    List<T> added = new ArrayList<>(now);
    added.removeAll(before);
    return added;
  }

  /// Running ones and zombies.
  static List<Long> alive() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).sorted().toList();
  }

  /// The open descriptors of files or pipes whose names begin like that.
  static List<String> open(String prefix) {
    try (Stream<Path> links = Files.list(DESCRIPTORS)) {
      return links
          .map(Children::target)
          .filter(Objects::nonNull)
          .filter(target -> target.startsWith(prefix))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException _) {
      return null; // closed meanwhile
    }
  }

  /// Waits in real time for what the system does in its own.
  static <T> void assertSoon(T expected, Supplier<T> actual) {
    long end = System.nanoTime() + PATIENCE;
    while (!expected.equals(actual.get()) && System.nanoTime() < end) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertEquals(expected, actual.get());
  }
}
