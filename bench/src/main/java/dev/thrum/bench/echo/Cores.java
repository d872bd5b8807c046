package dev.thrum.bench.echo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Where the two sides run: the server on one core, the load on another, where there are two and
/// `taskset` is installed.
public record Cores(List<String> serverPinning, String description) {
  private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s*(\\S+)$");

  /// Pins this process, and says how to pin a server.
  public static Cores pin() throws InterruptedException {
    var cores = allowed();
    if (cores.size() < 2) {
      return new Cores(List.of(), "server and load not pinned: one processor");
    }
    var self = Long.toString(ProcessHandle.current().pid());
    try {
      var taskset =
          new ProcessBuilder("taskset", "-a", "-c", "-p", cores.get(1).toString(), self)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (taskset.waitFor() == 0) {
        return new Cores(
            List.of("taskset", "-c", cores.get(0).toString()),
            "server on one core, load on another");
      }
    } catch (IOException _) {
      // Not installed.
    }
    return new Cores(List.of(), "server and load not pinned: no taskset (package util-linux)");
  }

  private static List<Integer> allowed() {
    try {
      var found = ALLOWED.matcher(Files.readString(Path.of("/proc/self/status")));
      return found.find() ? parse(found.group(1)) : List.of();
    } catch (IOException _) {
      return List.of();
    }
  }

  /// `0-3,8` in full.
  private static List<Integer> parse(String list) {
    var cores = new ArrayList<Integer>();
    for (var range : list.split(",", -1)) {
      var ends = range.split("-", -1);
      for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++) {
        cores.add(i);
      }
    }
    return cores;
  }
}
