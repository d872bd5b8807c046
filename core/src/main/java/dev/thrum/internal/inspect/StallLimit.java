package dev.thrum.internal.inspect;

import dev.thrum.internal.Warnings;
import java.util.concurrent.TimeUnit;

/// How long a step may take before it is a stall: 100 ms, unless the system property `thrum.stall`
/// says otherwise, in milliseconds; 0 turns the reports off.
final class StallLimit {
  private static final String PROPERTY = "thrum.stall";
  private static final long MILLIS = 100;

  private StallLimit() {}

  static long nanos() {
    String setting = System.getProperty(PROPERTY);
    long millis = setting == null ? MILLIS : millis(setting);
    return millis == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static long millis(String setting) {
    try {
      long millis = Long.parseLong(setting.strip());
      if (millis >= 0) {
        return millis;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    Warnings.warn(
        "system property "
            + PROPERTY
            + " is '"
            + setting
            + "'; it must be a number of milliseconds, 0 for no reports. "
            + MILLIS
            + " is used",
        null);
    return MILLIS;
  }
}
