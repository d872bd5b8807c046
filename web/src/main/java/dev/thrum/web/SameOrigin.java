package dev.thrum.web;

import dev.thrum.http.HttpException;
import dev.thrum.web.Middleware.Next;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Refuses what pages of other origins have a browser send: WebSockets, and methods that may change
/// something. Browsers send cookies along with them, and [Cors] stops none of them.
///
/// ```java
/// app.ws("/chat", socket -> …).with(SameOrigin.create());
/// ```
///
/// An origin is the application's own if its host and port are those that the request is for; the
/// port that its scheme has by itself may be left out. The scheme does not count, as a proxy may
/// have ended TLS. `GET`, `HEAD`, `OPTIONS` and `TRACE` pass, as they should change nothing.
///
/// **Guarantees.** What no origin can be told of, such as a page in a sandbox (`Origin: null`), is
/// refused.
///
/// **Non-guarantees.** A request without `Origin` passes: programs send none, and browsers do with
/// all that is looked at here. Forms of browsers that are not that careful need a token: see
/// [dev.thrum.web.session.Csrf].
///
/// **Errors.** What is refused gets a 403.
///
/// **Threads.** Any. It cannot be changed; what seems to change it returns another.
public final class SameOrigin implements Middleware {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private final Set<String> others;

  private SameOrigin(Set<String> others) {
    this.others = Set.copyOf(others);
  }

  /// Lets only the application's own pages pass.
  ///
  /// @return a middleware
  public static SameOrigin create() {
    return new SameOrigin(Set.of());
  }

  /// The same, which also lets pages of some other origins pass.
  ///
  /// @param origins such as `https://shop.example.org`, as browsers say them: without a path
  /// @return a middleware
  public SameOrigin allow(String... origins) {
    Set<String> all = new HashSet<>(others);
    all.addAll(Cors.checked(origins));
    return new SameOrigin(all);
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    boolean harmless = SAFE.contains(request.method()) && !request.exchange().isWebSocket();
    if (!harmless) {
      for (String one : request.headers().all("Origin")) {
        refuseUnlessGood(one, request);
      }
    }
    return next.handle(request);
  }

  private void refuseUnlessGood(String origin, Request request) {
    if (!isOwn(origin, request.exchange().authority()) && !others.contains(origin)) {
      throw new HttpException(403, "from another origin");
    }
  }

  /// Browsers leave the port out that a scheme has by itself, and clients and proxies may say it.
  private static boolean isOwn(String origin, String authority) {
    int end = origin.indexOf("://");
    if (end <= 0) {
      return false;
    }
    String scheme = origin.substring(0, end).toLowerCase(Locale.ROOT);
    String usual = scheme.equals("https") ? ":443" : scheme.equals("http") ? ":80" : "";
    String host = without(usual, authority);
    return !host.isEmpty() && host.equalsIgnoreCase(without(usual, origin.substring(end + 3)));
  }

  private static String without(String port, String authority) {
    return authority.endsWith(port)
        ? authority.substring(0, authority.length() - port.length())
        : authority;
  }
}
