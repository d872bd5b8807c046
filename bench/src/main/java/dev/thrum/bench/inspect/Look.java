package dev.thrum.bench.inspect;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// One look at a program; a line of text between processes.
///
/// @param which what was done
/// @param nanos how long it took
/// @param cpuNanos the CPU time of all threads of the program meanwhile
/// @param bytes how long the answer is
/// @param heldNanos how late the heartbeat of the program was at worst meanwhile
record Look(Which which, long nanos, long cpuNanos, long bytes, long heldNanos) {
  private static final Pattern TAB = Pattern.compile("\t");

  /// What was done.
  enum Which {
    /// Nothing, for half a second.
    NONE,
    /// Attaching and connecting.
    ATTACH,
    /// The first question to a program.
    FIRST,
    /// One of those after it.
    LATER
  }

  String line() {
    return String.format(
        Locale.ROOT, "%s\t%d\t%d\t%d\t%d", which, nanos, cpuNanos, bytes, heldNanos);
  }

  static Optional<Look> parse(String line) {
    var fields = TAB.split(line, -1);
    return fields.length != 5
        ? Optional.empty()
        : Optional.of(
            new Look(
                Which.valueOf(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[4])));
  }
}
