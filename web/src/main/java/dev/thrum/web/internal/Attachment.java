package dev.thrum.web.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

/// `Content-Disposition` of what is to be saved (RFC 6266): a name of ASCII for everybody, and
/// where that is not all of it the whole name in `filename*` (RFC 8187), which counts where it is
/// known.
public final class Attachment {
  private static final String UNENCODED = "!#$&+-.^_`|~";

  private Attachment() {}

  /// The header's value.
  ///
  /// @param name the name of the file
  /// @return nothing but ASCII, with no line in it that the name could begin
  public static String header(String name) {
    String whole = cleaned(name);
    String plain = whole.replaceAll("[^ -~]|[\"%]", "_");
    String basic = "attachment; filename=\"" + plain + '"';
    return plain.equals(whole) ? basic : basic + "; filename*=UTF-8''" + encoded(whole);
  }

  /// Without folders and what terminals and lines end with.
  private static String cleaned(String name) {
    return name.replaceAll("[/\\\\\\p{Cc}\\u2028\\u2029]", "_");
  }

  private static String encoded(String name) {
    StringBuilder text = new StringBuilder();
    for (byte one : name.getBytes(UTF_8)) {
      char c = (char) (one & 0xff);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || UNENCODED.indexOf(c) >= 0);
      text.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return text.toString();
  }
}
