package dev.thrum.http.client;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What a request is for: an address without a fragment, in letters that HTTP has.
///
/// @param uri the address, with a host and a path
record Target(URI uri) {
  private static final String KEPT = "-._~:/?#[]@!$&'()*+,;=%";

  /// Where connections lead to.
  ///
  /// @param secure whether TLS is spoken
  /// @param host a name in lower case or an address, without brackets
  /// @param port its port
  record Origin(boolean secure, String host, int port) {

    /// The host as a header has it, with its port unless that goes without saying.
    String authority() {
      String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
      return port == (secure ? 443 : 80) ? shown : shown + ":" + port;
    }

    /// The same with its port in any case.
    String hostAndPort() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
      return (secure ? "https://" : "http://") + authority();
    }
  }

  /// Reads an address.
  ///
  /// @throws IllegalArgumentException if it is none of HTTP
  static Target of(String text) {
    int scheme = text.indexOf("://");
    if (scheme < 0) {
      throw new IllegalArgumentException(
          text + " is no address of HTTP: give one such as https://example.org/path");
    }
    try {
      return of(new URI(inAscii(text, scheme + 3)));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(text + " is no address: " + e.getReason(), e);
    }
  }

  private static Target of(URI given) throws URISyntaxException {
    String scheme = given.getScheme().toLowerCase(Locale.ROOT);
    String known =
        switch (scheme) {
          case "http", "ws" -> "http";
          case "https", "wss" -> "https";
          default ->
              throw new IllegalArgumentException(
                  given + ": " + scheme + " is not spoken here, but http, https, ws and wss are");
        };
    if (given.getHost() == null) {
      throw new IllegalArgumentException(given + " has no host, or a malformed one");
    }
    if (given.getPort() > 0xFFFF || given.getPort() == 0) {
      throw new IllegalArgumentException(given + ": a port is from 1 to 65535");
    }
    StringBuilder made = new StringBuilder(known).append("://").append(given.getRawAuthority());
    String path = given.getRawPath();
    var _ = made.append(path == null || path.isEmpty() ? "/" : path);
    if (given.getRawQuery() != null) {
      var _ = made.append('?').append(given.getRawQuery());
    }
    return new Target(new URI(made.toString()));
  }

  /// Encodes what must not be in an address as it is; what is encoded already stays so.
  private static String inAscii(String text, int from) {
    int end = from;
    while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String authority = text.substring(from, end);
    int at = authority.lastIndexOf('@') + 1;
    String host = authority.substring(at);
    boolean plain = host.chars().allMatch(c -> c < 0x80);
    StringBuilder made = new StringBuilder(text.substring(0, from));
    encode(authority.substring(0, at), made);
    var _ = made.append(plain ? host : IDN.toASCII(host));
    encode(text.substring(end), made);
    return made.toString();
  }

  private static void encode(String text, StringBuilder to) {
    text.codePoints()
        .forEach(c -> {
          boolean free = Character.isLetterOrDigit(c) || KEPT.indexOf(c) >= 0;
          if (c < 0x80 && free) {
            var _ = to.append((char) c);
          } else if (c < ' ' || c == 0x7f) {
            throw new IllegalArgumentException("an address has no control characters");
          } else {
            for (byte one : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
              var _ = to.append(String.format("%%%02X", one & 0xFF));
            }
          }
        });
  }

  static String encodeQuery(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// What a client with this base means by a path.
  Target below(String path) {
    String folder = withoutQuery();
    String stem = folder.endsWith("/") ? folder : folder + "/";
    return of(stem + (path.startsWith("/") ? path.substring(1) : path));
  }

  /// The same with something added to its query.
  Target withQuery(String more) {
    if (more.isEmpty()) {
      return this;
    }
    String query = uri.getRawQuery();
    return of(
        withoutQuery() + "?" + (query == null || query.isEmpty() ? more : query + "&" + more));
  }

  private String withoutQuery() {
    String text = uri.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  /// What a redirect, or an address below another one, leads to.
  ///
  /// @throws IllegalArgumentException if it leads nowhere
  Target resolve(String reference) {
    if (reference.isEmpty()) {
      return this;
    }
    if (reference.startsWith("?")) {
      return of(withoutQuery() + reference);
    }
    if (reference.startsWith("#")) {
      return this;
    }
    try {
      return of(uri.resolve(new URI(inAscii(reference, bodyOf(reference)))).toString());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(reference + " is no address: " + e.getReason(), e);
    }
  }

  /// Where the host of a reference begins; its path, if it has no host.
  private static int bodyOf(String reference) {
    if (reference.startsWith("//")) {
      return 2;
    }
    int scheme = reference.indexOf("://");
    boolean absolute = scheme > 0 && reference.substring(0, scheme).matches("[A-Za-z][\\w+.-]*");
    return absolute ? scheme + 3 : 0;
  }

  /// The same without a name and a password, which a redirect has no right to give.
  Target withoutUser() {
    return userInfo().isEmpty() ? this : of(toString());
  }

  boolean isSecure() {
    return uri.getScheme().equals("https");
  }

  String host() {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  Origin origin() {
    int port = uri.getPort() < 0 ? (isSecure() ? 443 : 80) : uri.getPort();
    return new Origin(isSecure(), host(), port);
  }

  /// What stands in the first line of a request.
  String path() {
    String query = uri.getRawQuery();
    return query == null ? uri.getRawPath() : uri.getRawPath() + "?" + query;
  }

  /// A name and a password that stand in the address, decoded; empty if there are none.
  String userInfo() {
    String info = uri.getUserInfo();
    return info == null ? "" : info;
  }

  /// The address without a password.
  @Override
  public String toString() {
    return origin() + path();
  }
}
