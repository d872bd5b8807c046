package dev.thrum.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The lines of access logs that most programs know.
final class CombinedFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private CombinedFormat() {}

  static String line(AccessLog.Entry entry) {
    StringBuilder line = new StringBuilder(200);
    line.append(client(entry.remoteAddress())).append(" - - [");
    TIME.formatTo(entry.time(), line);
    line.append("] \"");
    String request = entry.method() + " " + entry.target() + " " + entry.version();
    quote(line, entry.method().isEmpty() ? "-" : request);
    line.append("\" ").append(entry.status()).append(' ').append(entry.bytes()).append(" \"");
    quote(line, entry.referer().isEmpty() ? "-" : entry.referer());
    line.append("\" \"");
    quote(line, entry.userAgent().isEmpty() ? "-" : entry.userAgent());
    return line.append("\"\n").toString();
  }

  private static String client(SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "-";
  }

  private static void quote(StringBuilder line, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || (c >= 0x7f && c <= 0xff)) {
        line.append(String.format("\\x%02x", (int) c));
      } else {
        line.append(c);
      }
    }
  }
}
