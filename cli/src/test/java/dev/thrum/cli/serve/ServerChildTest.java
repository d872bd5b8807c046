package dev.thrum.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How a JVM that serves is ended.
class ServerChildTest {
  private static final int KILLED = 128 + 9;

  private static ServerChild running(String... command) throws IOException {
    return new ServerChild(new ProcessBuilder(command).start(), Path.of("port"));
  }

  @Test
  void oneThatEndsWithItsInputIsLeftAlone() throws IOException {
    ServerChild child = running("cat");
    child.end(Duration.ofMinutes(1));
    assertEquals(0, child.await());
  }

  @Test
  void oneThatDoesNotEndIsKilled() throws IOException {
    ServerChild child = running("sleep", "600");
    child.end(Duration.ofMillis(20));
    assertEquals(KILLED, child.await());
    assertFalse(child.isAlive());
  }
}
