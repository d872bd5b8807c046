package dev.thrum.http.internal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/// Dates in headers, as RFC 9110 has them.
public final class HttpDate {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private HttpDate() {}

  /// Writes a date.
  ///
  /// @param instant what is cut to seconds
  /// @return such as `Sun, 06 Nov 1994 08:49:37 GMT`
  public static String of(Instant instant) {
    return FORM.format(instant.truncatedTo(ChronoUnit.SECONDS));
  }

  /// Reads a date in the form that everybody writes; the two older ones count as none.
  ///
  /// @param text the value of a header
  /// @return the date; nothing if it is malformed
  public static Optional<Instant> parse(String text) {
    try {
      return Optional.of(Instant.from(FORM.parse(text.strip())));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
