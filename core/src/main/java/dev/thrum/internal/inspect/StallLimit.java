package dev.thrum.internal.inspect;

import dev.thrum.internal.Durations;
import dev.thrum.internal.Warnings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How long a step may take before it is a stall: what the loop was told, else what the system
/// property `thrum.stall` says in milliseconds, else 100 ms. Zero turns the reports off.
public final class StallLimit {
  private static final String PROPERTY = "thrum.stall";
  private static final long MILLIS = 100;
  private static final long OF_THE_JVM = ofTheJvm();

  private StallLimit() {}

  /// The limit of a loop.
  ///
  /// @param chosen what it was told, or null
  /// @return nanoseconds; `Long.MAX_VALUE` for no reports
  public static long nanos(@Nullable Duration chosen) {
    return chosen == null ? OF_THE_JVM : zeroIsNever(Durations.nanos(chosen));
  }

  private static long ofTheJvm() {
    String setting = System.getProperty(PROPERTY);
    long millis = setting == null ? MILLIS : millis(setting);
    return zeroIsNever(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private static long zeroIsNever(long nanos) {
    return nanos == 0 ? Long.MAX_VALUE : nanos;
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
