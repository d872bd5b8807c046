package dev.thrum.testkit.internal;

/// Text inside a page. What comes from a program may be anything; it must neither end an element
/// nor be a character that a page cannot hold.
final class Markup {
  private static final String REPLACEMENT = "\uFFFD";

  private Markup() {}

  /// Escaped, for an element or an attribute.
  static String text(String raw) {
    StringBuilder text = new StringBuilder(raw.length() + 16);
    raw.codePoints()
        .forEach(point -> {
          switch (point) {
            case '&' -> text.append("&amp;");
            case '<' -> text.append("&lt;");
            case '>' -> text.append("&gt;");
            case '"' -> text.append("&quot;");
            case '\'' -> text.append("&#39;");
            case '\r' -> {}
            default -> {
              if (isCharacter(point)) {
                text.appendCodePoint(point);
              } else {
                text.append(REPLACEMENT);
              }
            }
          }
        });
    return text.toString();
  }

  private static boolean isCharacter(int point) {
    return point == '\t'
        || point == '\n'
        || (point >= 0x20 && point < 0x7F)
        || (point >= 0xA0 && point < 0xD800)
        || (point >= 0xE000 && point < 0xFFFE)
        || point >= 0x10000;
  }

  /// An element.
  static String element(String tag, String text) {
    return "<" + tag + ">" + text(text) + "</" + tag + ">";
  }

  /// An element of a class.
  static String element(String tag, String kind, String text) {
    return "<" + tag + " class=\"" + kind + "\">" + text(text) + "</" + tag + ">";
  }

  /// One of the page's icons.
  static String icon(String name) {
    return "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#" + name + "\"/></svg>";
  }
}
