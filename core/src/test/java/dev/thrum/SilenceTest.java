package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.channel.Channel;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// A loop on which everything waits says so. Slow, because that takes two seconds of real time in a
/// program that has no other thread.
class SilenceTest {

  /// What the child JVM runs.
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      Thread.ofPlatform().start(() -> LockSupport.parkNanos(Long.parseLong(args[0])));
      Async.run(() -> {
        Async.async("worker", () -> Channel.<String>builder().name("orders").build().receive());
        System.err.println("begun");
        Channel.<String>builder().name("replies").capacity(2).build().receive();
      });
    }
  }

  @Test
  void aProgramOfWhichEveryTaskWaitsAndNoOtherThreadIsLeftSaysWhatItWaitsFor() throws Exception {
    saysWhatItWaitsFor(0);
  }

  @Test
  void itSaysSoOnceTheLastOtherThreadHasEnded() throws Exception {
    saysWhatItWaitsFor(3_000_000_000L);
  }

  private static void saysWhatItWaitsFor(long nanosOfAnotherThread) throws Exception {
    List<String> lines = new ArrayList<>();
    Process process = start(nanosOfAnotherThread);
    CompletableFuture.delayedExecutor(30, TimeUnit.SECONDS).execute(process::destroyForcibly);
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      do {
        line = output.readLine();
        lines.add(line);
      } while (line != null && !line.contains("worker waits"));
    } finally {
      process.destroyForcibly();
    }
    assertEquals(
        List.of(
            "WARNING: every task of loop-1 waits, and no other thread is left to wake one",
            "  main waits for channel replies (0 of 2 items)",
            "  worker waits for channel orders (rendezvous)"),
        lines.subList(lines.size() - 3, lines.size()));
  }

  private static Process start(long nanosOfAnotherThread) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Engines.confined()) {
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", place(Runner.class) + ":" + place(Program.class)));
    command.add(Program.class.getName());
    command.add(String.valueOf(nanosOfAnotherThread));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static Path place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
