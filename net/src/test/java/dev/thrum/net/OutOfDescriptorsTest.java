package dev.thrum.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process that may open no more files (SV-03).
@Tag("slow") // starts JVMs, in which a second passes
final class OutOfDescriptorsTest {
  private static final String REASON =
      ": Too many open files; this process may open no more; "
          + "close what is not needed, or raise the limit (ulimit -n)";

  @ParameterizedTest
  @EnumSource
  void sv03_acceptingGoesOnASecondLater(Via via) throws Exception {
    assertEquals(
        List.of(
            "before",
            "connecting to /127.0.0.1:PORT" + REASON,
            "listening on /127.0.0.1:PORT" + REASON,
            "opening a UDP socket at /127.0.0.1:PORT" + REASON,
            "late",
            "after a second",
            "afterwards",
            "listener /127.0.0.1:PORT could not accept a connection and tries again in 1 s"
                + REASON),
        outputOfACrowdedServer(via).stream()
            .map(line -> line.replaceAll("1:\\d+", "1:PORT"))
            .toList());
  }

  private static List<String> outputOfACrowdedServer(Via via) throws Exception {
    String command = "ulimit -n 128 && exec \"$@\"";
    List<String> all = new ArrayList<>(List.of("sh", "-c", command, "sh"));
    all.addAll(java(via));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    CompletableFuture.delayedExecutor(40, TimeUnit.SECONDS).execute(process::destroyForcibly);
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      return output.lines().toList();
    }
  }

  private static List<String> java(Via via) {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    java.add("--enable-native-access=ALL-UNNAMED");
    java.add("-Dthrum.stall=0"); // a busy machine must not add to what it prints
    if (!"portable".equals(System.getProperty("thrum.engine"))) {
      java.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    java.add("-Dthrum.engine=" + System.getProperty("thrum.engine", "confined"));
    java.add("-Dthrum.net.transport=" + via.name().toLowerCase(Locale.ROOT));
    java.addAll(List.of("-cp", System.getProperty("java.class.path")));
    java.add(CrowdedServer.class.getName());
    return java;
  }
}
