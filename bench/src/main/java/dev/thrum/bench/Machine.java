package dev.thrum.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// The machine a run is made on, in words.
public final class Machine {
  private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*:\\s*(.+)$");

  private Machine() {}

  /// Processor, number of processors, system.
  public static String describe() {
    return "%s, %d processors, %s %s %s"
        .formatted(
            model(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch"));
  }

  private static String model() {
    try {
      var found = MODEL.matcher(Files.readString(Path.of("/proc/cpuinfo")));
      return found.find() ? found.group(1).strip() : "unknown processor";
    } catch (IOException _) {
      return "unknown processor";
    }
  }
}
