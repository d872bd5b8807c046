package dev.thrum.http.internal;

/// The words that HTTP has for methods and names of headers.
public final class Tokens {
  private static final String SIGNS = "!#$%&'*+-.^_`|~";

  private Tokens() {}

  /// Whether a text is such a word.
  ///
  /// @param text the text
  /// @return false also if it is empty
  public static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isOfToken(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// Whether a character may stand in such a word.
  ///
  /// @param c the character
  /// @return true for letters and digits of ASCII, and some signs
  public static boolean isOfToken(int c) {
    return isLetterOrDigit(c) || SIGNS.indexOf(c) >= 0;
  }

  /// Whether a character is a letter or a digit of ASCII.
  ///
  /// @param c the character
  /// @return true if it is
  public static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
