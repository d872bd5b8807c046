package dev.thrum.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a request comes from and whom it is for, behind proxies that are trusted.
///
/// Each proxy adds at the right end whom it has got the request from. So the right end is what the
/// peer says, and may be believed if the peer is trusted; what is left of it is what the address
/// named there has said, and may be believed if that is trusted too. The first address from the
/// right that is not trusted is the client's: everything left of it can be made up.
///
/// @param remote the client
/// @param scheme what it has spoken
/// @param authority whom it has asked for
record Origin(SocketAddress remote, String scheme, String authority) {

  /// What one proxy has said.
  private record Hop(String from, String scheme, String host) {}

  /// Finds it out.
  ///
  /// @param own what the connection and the request say
  /// @param trusted the proxies
  static Origin behind(Origin own, Headers headers, List<Network> trusted) {
    if (!isTrusted(own.remote, trusted)) {
      return own;
    }
    List<Hop> hops = hops(headers);
    Origin found = own;
    for (int i = hops.size() - 1; i >= 0; i--) {
      Hop hop = hops.get(i);
      InetSocketAddress from = address(hop.from());
      if (from == null) {
        break;
      }
      found =
          new Origin(
              from,
              isScheme(hop.scheme()) ? hop.scheme() : found.scheme,
              hop.host().isEmpty() || !Http1Rules.isHost(hop.host())
                  ? found.authority
                  : hop.host());
      if (!isTrusted(from, trusted)) {
        break;
      }
    }
    return found;
  }

  private static boolean isScheme(String text) {
    return text.equals("http") || text.equals("https");
  }

  /// A Unix socket is open to whom the folder lets in.
  static boolean isTrusted(SocketAddress address, List<Network> trusted) {
    if (address instanceof InetSocketAddress inet) {
      InetAddress figures = inet.getAddress();
      return figures != null && trusted.stream().anyMatch(one -> one.contains(figures));
    }
    return true;
  }

  private static List<Hop> hops(Headers headers) {
    List<String> standard = headers.all("Forwarded");
    return standard.isEmpty() ? older(headers) : standard(String.join(",", standard));
  }

  private static List<Hop> standard(String text) {
    List<Hop> hops = new ArrayList<>();
    for (String element : split(text, ',')) {
      String from = "";
      String scheme = "";
      String host = "";
      for (String pair : split(element, ';')) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? "" : pair.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        String value = unquoted(pair.substring(equals + 1).strip());
        switch (name) {
          case "for" -> from = value;
          case "proto" -> scheme = value.toLowerCase(Locale.ROOT);
          case "host" -> host = value;
          default -> {
            // by, and what others have thought of
          }
        }
      }
      hops.add(new Hop(from, scheme, host));
    }
    return hops;
  }

  /// Parts between separators that are not in quotes.
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(begin, i));
        begin = i + 1;
      }
    }
    parts.add(text.substring(begin));
    return parts;
  }

  private static String unquoted(String text) {
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1")
        : text;
  }

  private static List<Hop> older(Headers headers) {
    List<String> from = list(headers, "X-Forwarded-For");
    List<String> schemes = list(headers, "X-Forwarded-Proto");
    List<String> hosts = list(headers, "X-Forwarded-Host");
    List<Hop> hops = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      int fromEnd = from.size() - i;
      hops.add(
          new Hop(
              from.get(i),
              fromTheEnd(schemes, fromEnd).toLowerCase(Locale.ROOT),
              fromTheEnd(hosts, fromEnd)));
    }
    return hops;
  }

  /// Many proxies pass these on as they are: a lone one is for all.
  private static String fromTheEnd(List<String> list, int number) {
    if (list.size() == 1) {
      return list.getFirst();
    }
    return number > list.size() ? "" : list.get(list.size() - number);
  }

  private static List<String> list(Headers headers, String name) {
    List<String> all = headers.all(name);
    if (all.isEmpty()) {
      return List.of();
    }
    List<String> parts = new ArrayList<>();
    for (String part : String.join(",", all).split(",", -1)) {
      parts.add(part.strip());
    }
    return parts;
  }

  /// `1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]` or `[::1]:5`.
  private static @Nullable InetSocketAddress address(String text) {
    String host = text;
    String port = "0";
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0) {
        return null;
      }
      host = text.substring(1, end);
      port = end + 1 < text.length() ? text.substring(end + 2) : "0";
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      host = text.substring(0, text.indexOf(':'));
      port = text.substring(text.indexOf(':') + 1);
    }
    InetAddress address = Network.literal(host);
    return address == null ? null : new InetSocketAddress(address, portOf(port));
  }

  private static int portOf(String text) {
    boolean figures =
        !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    int port = figures ? Integer.parseInt(text) : 0;
    return port <= 0xffff ? port : 0;
  }
}
