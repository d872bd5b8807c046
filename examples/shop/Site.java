package shop;

import static dev.thrum.web.Web.redirect;

import dev.thrum.http.HttpException;
import dev.thrum.web.Dependency;
import dev.thrum.web.Handler;
import dev.thrum.web.Key;
import dev.thrum.web.Params;
import dev.thrum.web.Request;
import dev.thrum.web.Response;
import dev.thrum.web.Routes;
import dev.thrum.web.TypedHandler;
import dev.thrum.web.ValidationException;
import dev.thrum.web.ValidationException.Problem;
import dev.thrum.web.session.Session;
import dev.thrum.web.session.Sessions;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shop.Orders.Cart;
import shop.Users.User;

/// What all pages have in common: who is there, how a page is made, and how a form is.
final class Site {
  private static final Key<Handler> FORM = Key.of("what shows the form");
  private static final Key<Map<String, String>> PROBLEMS = Key.of("what is wrong with the form");

  /// Who is logged in, if somebody is.
  private final Dependency<Optional<User>> visitor;

  /// Who is logged in. Who is not is sent to do so.
  private final Dependency<User> user;

  /// An admin. To everybody else there is nothing.
  private final Dependency<User> admin;

  Site(Users users) {
    visitor = Dependency.of(req -> visitor(users, Sessions.of(req)));
    user = Dependency.of(req -> req.get(visitor).orElseThrow(NotLoggedIn::new));
    admin =
        Dependency.of(req ->
            Optional.of(req.get(user))
                .filter(User::isAdmin)
                .orElseThrow(() -> new HttpException(404)));
  }

  /// Somebody would have to log in first.
  static final class NotLoggedIn extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  Dependency<User> user() {
    return user;
  }

  Dependency<User> admin() {
    return admin;
  }

  // Who is there

  private static Optional<User> visitor(Users users, Session session) {
    var id = session.get("user", Long.class);
    var logins = session.get("logins", Integer.class);
    return id.isEmpty() || logins.isEmpty() ? Optional.empty() : users.find(id.get(), logins.get());
  }

  /// Begins a new session, which has nothing of what somebody else may have put into the old one
  /// but what is in the cart.
  static void logIn(Request req, User user) {
    Cart cart = cart(req);
    var _ = Sessions.of(req).clear().set("user", user.id()).set("logins", user.logins());
    cart(req, cart);
  }

  static Cart cart(Request req) {
    return Sessions.of(req).get("cart", Cart.class).orElse(Cart.EMPTY);
  }

  static void cart(Request req, Cart cart) {
    var _ = Sessions.of(req).set("cart", cart);
  }

  // Pages

  /// A page, with what all of them show.
  Response page(Request req, String template, Map<String, ?> values) {
    Map<String, Object> all = new HashMap<>(values);
    req.get(visitor).ifPresent(user -> all.put("user", user));
    all.put("cart", cart(req).size());
    all.put("errors", req.attribute(PROBLEMS).orElse(Map.of()));
    return req.render(template, all);
  }

  /// Errors as pages that look like the others.
  void errorsOf(Routes routes) {
    routes.onError(NotLoggedIn.class, (req, _) -> redirect("/login?next=" + encoded(req.path())));
    routes.onError(ValidationException.class, Site::formAgain);
    routes.onError(HttpException.class, this::errorPage);
  }

  private Response errorPage(Request req, HttpException e) {
    Response made = page(req, "error.html", Map.of("status", e.status(), "detail", e.detail()));
    for (var header : e.headers()) {
      made = made.header(header.getKey(), header.getValue());
    }
    return made.status(e.status());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  // Forms: a path that shows one and takes it, and shows it again if something in it is wrong

  static <F> void form(
      Routes routes, String path, Class<F> type, Handler show, TypedHandler<F> take) {
    var _ = routes.get(path, show);
    var _ = routes.post(path, type, take).with((req, next) -> next.handle(req.set(FORM, show)));
  }

  /// What a form finds out that its record cannot say.
  static ValidationException wrong(String field, String message) {
    return new ValidationException(
        new Problem("value_error", List.of("body", field), message, Optional.empty()));
  }

  private static Object formAgain(Request req, ValidationException e) throws Exception {
    Map<String, String> problems = new HashMap<>();
    e.problems().forEach(one -> problems.put(String.valueOf(one.loc().getLast()), one.msg()));
    Handler show = req.attribute(FORM).orElseThrow(() -> new HttpException(422, e.getMessage()));
    return ((Response) show.handle(req.set(PROBLEMS, problems))).status(422);
  }

  /// What somebody has put into a form, to be shown again; the other values if they have not yet.
  static Map<String, ?> filled(Request req, Map<String, ?> otherwise) throws IOException {
    if (!req.method().equals("POST")) {
      return otherwise;
    }
    Params sent = req.form();
    Map<String, String> made = new HashMap<>();
    sent.names().forEach(name -> made.put(name, sent.get(name).orElse("")));
    return made;
  }
}
