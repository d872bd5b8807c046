package dev.thrum.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Starts the packaged command the way users do.
class PackagedIT {
  private static final String JAR = System.getProperty("thrum.jar");
  private static final String LIB = System.getProperty("thrum.lib");
  private static final String EXPECTED =
      "thrum " + System.getProperty("thrum.version") + System.lineSeparator();

  @Test
  void asAnExecutableJar() throws Exception {
    assertEquals(EXPECTED, java("-jar", JAR, "--version"));
  }

  @Test
  void asAModule() throws Exception {
    assertEquals(
        EXPECTED,
        java(
            "--add-opens=java.base/java.lang=dev.thrum.core",
            "--module-path",
            JAR + File.pathSeparator + LIB,
            "--module",
            "dev.thrum.cli",
            "--version"));
  }

  private static String java(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
