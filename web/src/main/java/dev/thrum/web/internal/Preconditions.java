package dev.thrum.web.internal;

import dev.thrum.http.Headers;
import dev.thrum.http.internal.HttpDate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What a client makes its request depend on, as RFC 9110 has it.
///
/// @param etag the tag of the content, a strong one in quotes
/// @param changed when the content has changed last
public record Preconditions(String etag, Instant changed) {

  /// A content.
  public Preconditions {
    changed = changed.truncatedTo(ChronoUnit.SECONDS);
  }

  /// Whether the request has to be answered without the content.
  ///
  /// @param headers those of a `GET` or a `HEAD`
  /// @return 304 or 412; nothing if the content is to be sent
  public Optional<Integer> refusal(Headers headers) {
    if (headers.contains("If-Match")) {
      if (!matches(headers.all("If-Match"), false)) {
        return Optional.of(412);
      }
    } else if (date(headers, "If-Unmodified-Since").filter(changed::isAfter).isPresent()) {
      return Optional.of(412);
    }
    if (headers.contains("If-None-Match")) {
      return matches(headers.all("If-None-Match"), true) ? Optional.of(304) : Optional.empty();
    }
    return date(headers, "If-Modified-Since").filter(one -> !changed.isAfter(one)).map(_ -> 304);
  }

  /// Whether `Range` counts: not if `If-Range` speaks of another content.
  ///
  /// @param headers those of the request
  /// @return true if parts are to be sent
  public boolean rangesCount(Headers headers) {
    Optional<String> known = headers.get("If-Range");
    return known.isEmpty()
        || known.get().strip().equals(etag)
        || HttpDate.parse(known.get()).filter(changed::equals).isPresent();
  }

  private static Optional<Instant> date(Headers headers, String name) {
    return headers.get(name).flatMap(HttpDate::parse);
  }

  private boolean matches(List<String> lines, boolean weakly) {
    for (String line : lines) {
      for (String tag : line.split(",", -1)) {
        String one = tag.strip();
        if (one.equals("*") || one.equals(etag) || (weakly && one.equals("W/" + etag))) {
          return true;
        }
      }
    }
    return false;
  }
}
