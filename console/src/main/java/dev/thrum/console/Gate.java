package dev.thrum.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.Headers;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
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
  private volatile String cookie = "";

  Gate() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /// Says where it is; nobody knows the token before.
  void open(int port) {
    cookie = "thrum-console-" + port;
  }

  String token() {
    return token;
  }

  /// The answer to a request that is not let in.
  Optional<Answer> refusal(Asked asked) {
    String host = asked.exchange().authority();
    if (!LOOPBACK.contains(withoutPort(host))) {
      return Optional.of(
          refused(
              asked,
              "This console answers only to localhost, 127.0.0.1 and [::1], not to the name that was asked for."));
    }
    if (Stream.of(inQuery(asked), inHeader(asked), inCookie(asked)).noneMatch(this::isToken)) {
      return Optional.of(
          refused(
              asked,
              "This console opens with the whole address that the program gave, with the token at its end."));
    }
    if (comesFromElsewhere(asked, host)) {
      return Optional.of(refused(asked, "This console does not answer to other pages."));
    }
    return Optional.empty();
  }

  /// What gives the browser the cookie, if the token stood in the address.
  Headers admission(Asked asked) {
    return asked.path().equals("/") && isToken(inQuery(asked))
        ? Headers.of("Set-Cookie", cookie + "=" + token + "; Path=/; HttpOnly; SameSite=Strict")
        : Headers.create();
  }

  private static Answer refused(Asked asked, String sentence) {
    return asked.path().startsWith("/api/")
        ? Answer.error(403, sentence)
        : Answer.sentence(403, sentence);
  }

  /// A link from elsewhere may open the page itself; nothing else may be asked for from there.
  private static boolean comesFromElsewhere(Asked asked, String host) {
    String origin = asked.header("Origin");
    if (!origin.isEmpty() && !origin.equals("http://" + host)) {
      return true;
    }
    String site = asked.header("Sec-Fetch-Site");
    boolean isPage = asked.path().equals("/") && asked.onlyReads();
    return !isPage && !site.isEmpty() && !site.equals("same-origin") && !site.equals("none");
  }

  private boolean isToken(String given) {
    return MessageDigest.isEqual(given.getBytes(UTF_8), token.getBytes(UTF_8));
  }

  private static String inQuery(Asked asked) {
    return asked.query().get("token");
  }

  private static String inHeader(Asked asked) {
    String given = asked.header("Authorization");
    return given.startsWith(BEARER) ? given.substring(BEARER.length()) : "";
  }

  private String inCookie(Asked asked) {
    return asked.exchange().headers().all("Cookie").stream()
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
}
