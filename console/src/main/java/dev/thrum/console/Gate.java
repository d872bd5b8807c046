package dev.thrum.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Who is let in.
///
/// The token comes in the query when a person opens the address, then as a cookie, or as
/// `Authorization: Bearer` from a program. The cookie's name has the port in it, since browsers
/// send cookies to all ports of a host.
///
/// Other pages in the same browser are kept out by three checks. The `Host` must be a name of the
/// loopback: a page whose own name was made to point here (DNS rebinding) sends that name. The
/// cookie is `SameSite=Strict`: pages of other sites do not send it. And `Origin` and
/// `Sec-Fetch-Site`, where they are there, must be this console's: pages on other ports of the
/// loopback count as the same site, and would send the cookie.
final class Gate {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String BEARER = "Bearer ";

  private final String token;
  private final String cookie;

  Gate(int port) {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    cookie = "thrum-console-" + port;
  }

  String token() {
    return token;
  }

  static boolean onlyReads(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    return method.equals("GET") || method.equals("HEAD");
  }

  /// The answer to a request that is not let in.
  Optional<Answer> refusal(HttpExchange exchange) {
    String host = first(exchange, "Host");
    if (!LOOPBACK.contains(withoutPort(host))) {
      return Optional.of(
          refused(
              exchange,
              "This console answers only to localhost, 127.0.0.1 and [::1], not to the name that was asked for."));
    }
    if (Stream.of(inQuery(exchange), inHeader(exchange), inCookie(exchange))
        .noneMatch(this::isToken)) {
      return Optional.of(
          refused(
              exchange,
              "This console opens with the whole address that the program gave, with the token at its end."));
    }
    if (comesFromElsewhere(exchange, host)) {
      return Optional.of(refused(exchange, "This console does not answer to other pages."));
    }
    return Optional.empty();
  }

  /// Gives the browser the cookie, if the token stood in the address.
  void admit(HttpExchange exchange) {
    if (isToken(inQuery(exchange))) {
      exchange
          .getResponseHeaders()
          .set("Set-Cookie", cookie + "=" + token + "; Path=/; HttpOnly; SameSite=Strict");
    }
  }

  private static Answer refused(HttpExchange exchange, String sentence) {
    return exchange.getRequestURI().getPath().startsWith("/api/")
        ? Answer.error(403, sentence)
        : Answer.sentence(403, sentence);
  }

  /// A link from elsewhere may open the page itself; nothing else may be asked for from there.
  private static boolean comesFromElsewhere(HttpExchange exchange, String host) {
    String origin = first(exchange, "Origin");
    if (!origin.isEmpty() && !origin.equals("http://" + host)) {
      return true;
    }
    String site = first(exchange, "Sec-Fetch-Site");
    boolean isPage = exchange.getRequestURI().getPath().equals("/") && onlyReads(exchange);
    return !isPage && !site.isEmpty() && !site.equals("same-origin") && !site.equals("none");
  }

  private boolean isToken(String given) {
    return MessageDigest.isEqual(given.getBytes(UTF_8), token.getBytes(UTF_8));
  }

  private static String inQuery(HttpExchange exchange) {
    return Query.of(exchange.getRequestURI().getRawQuery()).get("token");
  }

  private static String inHeader(HttpExchange exchange) {
    String given = first(exchange, "Authorization");
    return given.startsWith(BEARER) ? given.substring(BEARER.length()) : "";
  }

  private String inCookie(HttpExchange exchange) {
    return all(exchange.getRequestHeaders(), "Cookie").stream()
        .flatMap(header -> Stream.of(header.split(";")))
        .map(String::strip)
        .filter(pair -> pair.startsWith(cookie + "="))
        .map(pair -> pair.substring(cookie.length() + 1))
        .findFirst()
        .orElse("");
  }

  private static String withoutPort(String host) {
    return host.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
  }

  private static String first(HttpExchange exchange, String header) {
    List<String> values = all(exchange.getRequestHeaders(), header);
    return values.isEmpty() ? "" : values.getFirst();
  }

  private static List<String> all(Headers headers, String name) {
    return headers.getOrDefault(name, List.of());
  }
}
