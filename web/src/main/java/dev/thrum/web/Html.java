package dev.thrum.web;

/// Pages.
public final class Html {
  private Html() {}

  /// A page.
  ///
  /// @param page its text, which is sent as it is
  /// @return a response with status 200
  public static Response of(String page) {
    return Response.html(page);
  }

  /// A text as it has to stand in a page, in an element or in an attribute with quotes.
  ///
  /// @param text any text
  /// @return the text with `&`, `<`, `>` and quotes replaced
  public static String escape(String text) {
    StringBuilder made = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      switch (one) {
        case '&' -> made.append("&amp;");
        case '<' -> made.append("&lt;");
        case '>' -> made.append("&gt;");
        case '"' -> made.append("&quot;");
        case '\'' -> made.append("&#39;");
        default -> made.append(one);
      }
    }
    return made.toString();
  }
}
