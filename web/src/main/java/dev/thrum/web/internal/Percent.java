package dev.thrum.web.internal;

import dev.thrum.http.HttpException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Percent encoding, as RFC 3986 has it.
public final class Percent {
  /// What a slash that was encoded becomes in [#decodePath], so that it does not end a segment. It
  /// is no character of any text.
  public static final char SLASH = '\uFFFF';

  private static final String FREE =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  private static final String FREE_IN_PATHS = FREE + "!$&'()*+,;=:@/";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private Percent() {}

  /// Decodes a path.
  ///
  /// @param raw the path of a target
  /// @return the path, with [#SLASH] for `%2F`
  /// @throws HttpException with 400 if it is malformed, or not in UTF-8
  public static String decodePath(String raw) {
    return raw.indexOf('%') < 0 ? raw : decode(raw, 0, raw.length(), true, false);
  }

  /// Puts slashes where [#decodePath] has put something else.
  ///
  /// @param part of a decoded path
  /// @return the text
  public static String restoreSlashes(String part) {
    return part.indexOf(SLASH) < 0 ? part : part.replace(SLASH, '/');
  }

  /// Decodes a name or a value of a query or a form, in which `+` is a blank.
  ///
  /// @param raw the text that it is in
  /// @param from where it begins
  /// @param to where it ends
  /// @return the text
  /// @throws HttpException with 400 if it is malformed, or not in UTF-8
  public static String decodeQuery(String raw, int from, int to) {
    for (int i = from; i < to; i++) {
      char one = raw.charAt(i);
      if (one == '%' || one == '+') {
        return decode(raw, from, to, false, true);
      }
    }
    return raw.substring(from, to);
  }

  private static String decode(String raw, int from, int to, boolean ofPath, boolean plus) {
    StringBuilder made = new StringBuilder(to - from);
    int at = from;
    while (at < to) {
      char one = raw.charAt(at);
      if (one == '%') {
        int end = at;
        while (end < to && raw.charAt(end) == '%') {
          end += 3;
        }
        if (end > to) {
          throw malformed();
        }
        String part = decodeBytes(raw, at, end);
        made.append(ofPath ? part.replace('/', SLASH) : part);
        at = end;
      } else {
        made.append(plus && one == '+' ? ' ' : one);
        at++;
      }
    }
    return made.toString();
  }

  private static String decodeBytes(String raw, int from, int to) {
    byte[] bytes = new byte[(to - from) / 3];
    for (int i = 0; i < bytes.length; i++) {
      int high = Character.digit(raw.charAt(from + 3 * i + 1), 16);
      int low = Character.digit(raw.charAt(from + 3 * i + 2), 16);
      if (high < 0 || low < 0) {
        throw malformed();
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf(SLASH) >= 0) {
        throw malformed();
      }
      return text;
    } catch (CharacterCodingException _) {
      throw malformed();
    }
  }

  private static HttpException malformed() {
    return new HttpException(400, "malformed percent encoding");
  }

  /// Encodes everything that is not free everywhere, also slashes.
  ///
  /// @param text any text
  /// @return the encoded text
  public static String encode(String text) {
    return encode(text, FREE);
  }

  /// Encodes what may not stand in a path.
  ///
  /// @param text a path
  /// @return the encoded path
  public static String encodePath(String text) {
    return encode(text, FREE_IN_PATHS);
  }

  private static String encode(String text, String free) {
    StringBuilder made = new StringBuilder(text.length() + 8);
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      if (one > 0 && free.indexOf(one) >= 0) {
        made.append((char) one);
      } else {
        made.append('%').append(HEX[one >> 4 & 15]).append(HEX[one & 15]);
      }
    }
    return made.toString();
  }
}
