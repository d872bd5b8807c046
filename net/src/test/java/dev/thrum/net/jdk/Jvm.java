package dev.thrum.net.jdk;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.thrum.Runner;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a test asks of the JVM it runs in, and of others.
final class Jvm {
  private static final Pattern BLANK_LINES = Pattern.compile("\\R\\s*\\R");

  private static final long LIMIT_SECONDS = 40;

  private Jvm() {}

  /// Whether the tests of this JVM run on the confined engine.
  static boolean isConfined() {
    return "confined".equals(System.getProperty("thrum.engine", "confined"));
  }

  /// The name of the platform thread on which the calling virtual thread runs.
  static String carrier() {
    String thread = Thread.currentThread().toString();
    return thread.substring(thread.lastIndexOf('@') + 1);
  }

  /// The threads, virtual ones too, with such a text in the name or the stack.
  static List<String> threads(String text) throws IOException {
    Path folder = Files.createTempDirectory("thrum-threads");
    Path dump = folder.resolve("dump.txt");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
      try (Stream<String> threads = BLANK_LINES.splitAsStream(Files.readString(dump))) {
        return threads.filter(thread -> thread.contains(text)).toList();
      }
    } finally {
      Files.deleteIfExists(dump);
      Files.delete(folder);
    }
  }

  /// What a program of the tests prints, in a fresh JVM on the engine of this one. If it hangs, it
  /// is ended.
  static List<String> run(Class<?> program, String... flags) throws Exception {
    Process process = new ProcessBuilder(command(program, flags)).redirectErrorStream(true).start();
    CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      return output.lines().toList();
    }
  }

  private static List<String> command(Class<?> program, String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (isConfined()) {
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    command.add("-Dthrum.stall=0"); // a busy machine must not add to what it prints
    command.add("-Dthrum.engine=" + (isConfined() ? "confined" : "portable"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", place(Runner.class) + ":" + place(program)));
    command.add(program.getName());
    return command;
  }

  private static Path place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
