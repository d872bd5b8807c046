package dev.thrum.http.client;

import dev.thrum.Async;
import dev.thrum.http.Cookie;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The cookies that servers have set, as RFC 6265 has it: each is sent to the hosts and paths it is
/// for, over TLS only if it is secure, until it expires.
///
/// A cookie for a whole top-level domain is not accepted, nor is one for the best known domains
/// under which anybody can have one, such as `co.uk` and `github.io`.
///
/// **Non-guarantees.** It does not have the whole list of such domains. `SameSite` has no meaning
/// here, as nothing leads a program from one site to another.
///
/// **Threads.** It belongs to the loop of its client.
public final class CookieJar {
  private static final int MOST = 3000;
  private static final int MOST_OF_A_DOMAIN = 180;
  private static final int LONGEST = 4096;
  private static final Set<String> SECOND_LEVELS =
      Set.of("ac", "co", "com", "edu", "gob", "gov", "gv", "mil", "ne", "net", "or", "org");
  private static final Set<String> SHARED =
      Set.of(
          "appspot.com",
          "azurewebsites.net",
          "blogspot.com",
          "cloudfront.net",
          "github.io",
          "gitlab.io",
          "herokuapp.com",
          "netlify.app",
          "pages.dev",
          "vercel.app",
          "web.app",
          "workers.dev");

  private record Kept(
      String name,
      String value,
      String domain,
      boolean hostOnly,
      String path,
      boolean secure,
      boolean httpOnly,
      Instant expires,
      Instant created) {

    boolean isSame(Kept other) {
      return name.equals(other.name) && domain.equals(other.domain) && path.equals(other.path);
    }

    boolean isFor(Target target) {
      String host = target.host();
      return (hostOnly ? host.equals(domain) : isBelow(host, domain))
          && isUnder(target.uri().getRawPath(), path)
          && (!secure || target.isSecure());
    }
  }

  private final List<Kept> all = new ArrayList<>();

  CookieJar() {}

  /// How many cookies there are.
  ///
  /// @return the number
  public int size() {
    dropExpired();
    return all.size();
  }

  /// Forgets all.
  public void clear() {
    all.clear();
  }

  /// The cookies that a request would have.
  ///
  /// @param url what it is for
  /// @return names and values, those of longer paths first
  public List<Cookie> cookies(String url) {
    return matching(Target.of(url)).stream().map(one -> Cookie.of(one.name, one.value)).toList();
  }

  /// Adds a cookie, as if a server had set it.
  ///
  /// @param url the server
  /// @param cookie the cookie
  /// @return whether it was accepted
  public boolean add(String url, Cookie cookie) {
    return take(Target.of(url), cookie);
  }

  // For requests

  /// The value of the header, empty if there are no cookies.
  String header(Target target) {
    StringBuilder made = new StringBuilder();
    for (Kept one : matching(target)) {
      var _ =
          made.append(made.isEmpty() ? "" : "; ").append(one.name).append('=').append(one.value);
    }
    return made.toString();
  }

  private List<Kept> matching(Target target) {
    if (all.isEmpty()) {
      return List.of();
    }
    dropExpired();
    return all.stream()
        .filter(one -> one.isFor(target))
        .sorted(
            Comparator.comparingInt((Kept one) -> -one.path.length()).thenComparing(Kept::created))
        .toList();
  }

  private void dropExpired() {
    Instant now = Async.now();
    boolean _ = all.removeIf(one -> !one.expires.isAfter(now));
  }

  /// What a response has set. What is malformed, or not the server's to set, is left out.
  void take(Target target, List<String> headers) {
    for (String one : headers) {
      if (one.length() <= LONGEST) {
        Cookie.parseSet(one)
            .ifPresent(cookie -> {
              boolean _ = take(target, cookie);
            });
      }
    }
  }

  private boolean take(Target target, Cookie cookie) {
    String host = target.host();
    String domain = cookie.domain().toLowerCase(Locale.ROOT);
    domain = domain.startsWith(".") ? domain.substring(1) : domain;
    boolean hostOnly = domain.isEmpty() || (domain.equals(host) && isShared(domain));
    String path =
        cookie.path().startsWith("/") ? cookie.path() : folderOf(target.uri().getRawPath());
    if (!hostOnly && (!isBelow(host, domain) || isShared(domain))) {
      return false;
    }
    if (!isAllowed(target, cookie, hostOnly, path)) {
      return false;
    }
    Instant now = Async.now();
    Kept made =
        new Kept(
            cookie.name(),
            cookie.value(),
            hostOnly ? host : domain,
            hostOnly,
            path,
            cookie.secure(),
            cookie.httpOnly(),
            cookie.maxAge().map(age -> after(now, age)).orElse(Instant.MAX),
            now);
    return put(made, target.isSecure());
  }

  private static Instant after(Instant now, Duration age) {
    return age.compareTo(Duration.ofDays(400)) > 0
        ? now.plus(Duration.ofDays(400)) // as browsers have it
        : now.plus(age);
  }

  private static boolean isAllowed(Target target, Cookie cookie, boolean hostOnly, String path) {
    boolean secure = cookie.secure() && target.isSecure();
    if (cookie.name().startsWith("__Host-")) {
      return secure && hostOnly && path.equals("/");
    }
    return (!cookie.secure() && !cookie.name().startsWith("__Secure-")) || secure;
  }

  private boolean put(Kept made, boolean overTls) {
    for (int i = 0; i < all.size(); i++) {
      Kept old = all.get(i);
      if (old.isSame(made)) {
        if (old.secure && !overTls) {
          return false; // what TLS has set is not for others to change
        }
        var _ = all.remove(i);
        break;
      }
    }
    boolean _ = all.add(made);
    dropExpired();
    dropOldest(made.domain);
    return true;
  }

  private void dropOldest(String domain) {
    if (all.stream().filter(one -> one.domain.equals(domain)).count() > MOST_OF_A_DOMAIN) {
      all.stream().filter(one -> one.domain.equals(domain)).findFirst().ifPresent(all::remove);
    }
    if (all.size() > MOST) {
      var _ = all.removeFirst();
    }
  }

  // Hosts and paths

  static boolean isBelow(String host, String domain) {
    return host.equals(domain) || (host.endsWith("." + domain) && !isAddress(host));
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || Character.isDigit(c));
  }

  /// Whether anybody can have a domain below this one.
  private static boolean isShared(String domain) {
    int dot = domain.indexOf('.');
    if (dot < 0) {
      return true;
    }
    boolean two = domain.indexOf('.', dot + 1) < 0;
    boolean ofCountry = two && domain.length() - dot == 3;
    return SHARED.contains(domain)
        || (ofCountry && SECOND_LEVELS.contains(domain.substring(0, dot)));
  }

  private static boolean isUnder(String path, String folder) {
    return path.equals(folder)
        || (path.startsWith(folder)
            && (folder.endsWith("/") || path.charAt(folder.length()) == '/'));
  }

  private static String folderOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
