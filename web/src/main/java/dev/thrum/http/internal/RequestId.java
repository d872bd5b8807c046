package dev.thrum.http.internal;

import dev.thrum.http.Headers;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Names of requests in logs: at most 128 letters, digits and `-_.`.
public final class RequestId {

  /// The header in which they are sent.
  public static final String HEADER = "X-Request-ID";

  private static final HexFormat HEX = HexFormat.of();
  private static final int LONGEST = 128;

  private RequestId() {}

  /// The one that was sent, or else a new one.
  ///
  /// @param headers of the request
  /// @return a name
  public static String of(Headers headers) {
    return sent(headers).orElseGet(RequestId::random);
  }

  /// The one that was sent.
  ///
  /// @param headers of the request
  /// @return a name; nothing if none was sent, or none that is fit to be one
  public static Optional<String> sent(Headers headers) {
    return headers.get(HEADER).filter(RequestId::isFit);
  }

  /// A new one.
  ///
  /// @return 32 hexadecimal digits
  public static String random() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
  }

  /// What is to be one.
  ///
  /// @param text perhaps a name
  /// @return the same
  /// @throws IllegalArgumentException if it is none
  public static String checked(String text) {
    if (!isFit(text)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" names no request: give at most 128 letters, digits and -_.");
    }
    return text;
  }

  private static boolean isFit(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST
        && text.chars().allMatch(one -> one < 128 && isInIds((char) one));
  }

  private static boolean isInIds(char one) {
    return Character.isLetterOrDigit(one) || one == '-' || one == '_' || one == '.';
  }
}
