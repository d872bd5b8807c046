package dev.thrum.bench.inspect;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// A way in which a program is looked into, or not; a column of the tables.
enum Variant {
  /// Nobody looks, and nothing is switched on: what the others are compared with.
  PLAIN(1),
  /// The same with the core and net jars of another checkout.
  BEFORE(1),
  /// The stall detector reports nothing.
  NO_DETECTOR(1),
  /// A page of the console is open on it.
  CONSOLE(1),
  /// Debug mode.
  DEBUG(2),
  /// The Flight Recorder runs, as it does without further settings.
  JFR_DEFAULT(1),
  /// The Flight Recorder runs, and takes each event of each task.
  JFR(8),
  /// All steps go to a file.
  TRACE(1);

  private static final List<String> TASK_EVENTS =
      List.of("TaskStep", "TaskBlocked", "TaskSpawn", "TaskEnd");

  /// A recording keeps so much of what came last, so that it does not fill the disk.
  private static final String RECORDING = "-XX:StartFlightRecording:maxsize=256m,filename=";

  private final int fewer;

  /// @param fewer how many times fewer operations of those programs that do as many as told
  Variant(int fewer) {
    this.fewer = fewer;
  }

  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  int fewer() {
    return fewer;
  }

  /// Flags of the JVM.
  ///
  /// @param folder for its files
  List<String> flags(Path folder) {
    return switch (this) {
      case PLAIN, BEFORE, CONSOLE, DEBUG -> List.of();
      case NO_DETECTOR -> List.of("-Dthrum.stall=0");
      case JFR_DEFAULT -> recording(folder, Stream.empty());
      case JFR -> recording(folder, TASK_EVENTS.stream());
      case TRACE -> List.of("-Dthrum.trace=" + trace(folder));
    };
  }

  private static List<String> recording(Path folder, Stream<String> events) {
    var settings = new StringBuilder(RECORDING).append(folder.resolve("recording.jfr"));
    events.forEach(event -> settings.append(",+dev.thrum.").append(event).append("#enabled=true"));
    return List.of(
        "-XX:FlightRecorderOptions:repository=" + folder,
        // Standard output is what the driver reads.
        "-Xlog:jfr+startup=error",
        settings.toString());
  }

  static Path trace(Path folder) {
    return folder.resolve("trace.json");
  }

  Map<String, String> environment() {
    return Map.of("THRUM_DEBUG", this == DEBUG ? "1" : "0");
  }

  static Variant titled(String title) {
    return Arrays.stream(values())
        .filter(variant -> variant.title().equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown variant " + title));
  }
}
