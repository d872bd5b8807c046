package dev.thrum.web;

import dev.thrum.web.Middleware.Next;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Lets pages of other origins use an application (CORS, as the Fetch standard has it).
///
/// ```java
/// app.use(Cors.allow("https://shop.example.org").methods("GET", "POST").credentials());
/// ```
///
/// At first pages may `GET`, without headers of their own and without cookies, and browsers keep
/// the answer to a question ahead (preflight) for 10 minutes. Such questions are answered here and
/// go no further: with 200, or with 400 and what is not allowed.
///
/// **Guarantees.** A page whose origin is not allowed gets no word that lets it read the answer.
/// Errors that have an answer can be read by pages that are allowed.
///
/// **Non-guarantees.** The request is answered all the same: it is the browser that keeps the
/// answer from the page. What must not be done for other sites needs a check of its own, such as a
/// token. The answer to what nobody expected, 500, is made outside of middleware and says nothing.
///
/// **Threads.** Any. It cannot be changed; what seems to change it returns another.
public final class Cors implements Middleware {
  private static final String ORIGIN = "Access-Control-Allow-Origin";
  private static final String HEADERS = "Access-Control-Allow-Headers";
  private static final List<String> METHODS =
      List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");
  private static final List<String> SAFE =
      List.of("Accept", "Accept-Language", "Content-Language", "Content-Type");

  private final boolean everybody;
  private final Predicate<String> origins;
  // Set by who makes a copy, before anybody else sees it.
  private List<String> methods = List.of("GET");
  private Set<String> headers = named();
  private boolean anyHeader;
  private List<String> exposed = List.of();
  private boolean credentials;
  private Duration maxAge = Duration.ofMinutes(10);

  private Cors(boolean everybody, Predicate<String> origins) {
    this.everybody = everybody;
    this.origins = Objects.requireNonNull(origins, "origins");
  }

  private Cors copy() {
    Cors made = new Cors(everybody, origins);
    made.methods = methods;
    made.headers = headers;
    made.anyHeader = anyHeader;
    made.exposed = exposed;
    made.credentials = credentials;
    made.maxAge = maxAge;
    return made;
  }

  private static Set<String> named(String... names) {
    Set<String> made = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    made.addAll(SAFE);
    made.addAll(Arrays.asList(names));
    return made;
  }

  /// Allows some origins.
  ///
  /// @param origins such as `https://shop.example.org`, as browsers say them: without a path
  /// @return a middleware
  public static Cors allow(String... origins) {
    return new Cors(false, checked(origins)::contains);
  }

  static Set<String> checked(String... origins) {
    for (String one : origins) {
      if (!one.matches("[a-z][a-z0-9+.-]*://[^/*]+")) {
        throw new IllegalArgumentException("\"" + one + "\" is no origin");
      }
    }
    return Set.of(origins);
  }

  /// Allows origins that a rule allows.
  ///
  /// @param rule decides on an origin; it must not wait
  /// @return a middleware
  public static Cors allow(Predicate<String> rule) {
    return new Cors(false, rule);
  }

  /// Allows all origins.
  ///
  /// @return a middleware
  public static Cors allowAll() {
    return new Cors(true, _ -> true);
  }

  /// Methods that pages may use.
  ///
  /// @param names the methods, or `*` for the usual ones
  /// @return a middleware
  public Cors methods(String... names) {
    List<String> given = List.of(names);
    Cors made = copy();
    made.methods = given.contains("*") ? METHODS : given;
    return made;
  }

  /// Headers that pages may send, besides those that they always may.
  ///
  /// @param names the names, or `*` for all
  /// @return a middleware
  public Cors headers(String... names) {
    Cors made = copy();
    made.anyHeader = Arrays.asList(names).contains("*");
    made.headers = made.anyHeader ? named() : named(names);
    return made;
  }

  /// Headers of responses that pages may read, besides those that they always may.
  ///
  /// @param names the names
  /// @return a middleware
  public Cors expose(String... names) {
    Cors made = copy();
    made.exposed = List.of(names);
    return made;
  }

  /// Lets pages send cookies and other things that say who somebody is.
  ///
  /// @return a middleware
  public Cors credentials() {
    Cors made = copy();
    made.credentials = true;
    return made;
  }

  /// How long browsers keep what they have asked ahead.
  ///
  /// @param time how long, in whole seconds
  /// @return a middleware
  public Cors maxAge(Duration time) {
    Cors made = copy();
    made.maxAge = Objects.requireNonNull(time, "time");
    return made;
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    Optional<String> origin = request.header("Origin");
    if (origin.isEmpty()) {
      Response plain = next.handle(request);
      return everybody ? plain : Vary.by(plain, "Origin");
    }
    Optional<String> method = request.header("Access-Control-Request-Method");
    return request.method().equals("OPTIONS") && method.isPresent()
        ? ahead(request, origin.get(), method.get())
        : allowed(request, origin.get(), next.handle(request));
  }

  private Response ahead(Request request, String origin, String method) {
    TreeSet<String> refused = new TreeSet<>();
    if (!origins.test(origin)) {
      refused.add("origin");
    }
    if (!methods.contains(method)) {
      refused.add("method");
    }
    List<String> asked = request.headers().all("Access-Control-Request-Headers");
    if (!anyHeader && !headers.containsAll(split(asked))) {
      refused.add("headers");
    }
    Response made =
        refused.isEmpty()
            ? Response.text("OK")
            : Response.text("Disallowed CORS " + String.join(", ", refused)).status(400);
    if (!refused.contains("origin")) {
      made = withOrigin(made, origin, everybody && !credentials);
    }
    made =
        made.header("Access-Control-Allow-Methods", String.join(", ", methods))
            .header("Access-Control-Max-Age", Long.toString(maxAge.toSeconds()));
    if (!anyHeader) {
      made = made.header(HEADERS, String.join(", ", headers));
    } else if (!asked.isEmpty()) {
      made = made.header(HEADERS, String.join(", ", asked));
    }
    return Vary.by(withCredentials(made), "Origin");
  }

  private static List<String> split(List<String> lines) {
    return lines.stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(one -> one.strip().toLowerCase(Locale.ROOT))
        .filter(one -> !one.isEmpty())
        .toList();
  }

  private Response allowed(Request request, String origin, Response response) {
    if (!origins.test(origin)) {
      return Vary.by(response, "Origin");
    }
    boolean all = everybody && !request.headers().contains("Cookie");
    Response made = withCredentials(withOrigin(response, origin, all));
    return exposed.isEmpty()
        ? made
        : made.header("Access-Control-Expose-Headers", String.join(", ", exposed));
  }

  private static Response withOrigin(Response response, String origin, boolean all) {
    return all ? response.header(ORIGIN, "*") : Vary.by(response.header(ORIGIN, origin), "Origin");
  }

  private Response withCredentials(Response response) {
    return credentials ? response.header("Access-Control-Allow-Credentials", "true") : response;
  }
}
