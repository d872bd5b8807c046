package shop;

import static dev.thrum.web.Web.redirect;

import dev.thrum.web.Handler;
import dev.thrum.web.Request;
import dev.thrum.web.Routes;
import dev.thrum.web.auth.Credentials;
import dev.thrum.web.bind.Default;
import dev.thrum.web.session.Flash;
import dev.thrum.web.session.Sessions;
import jakarta.validation.constraints.NotBlank;
import java.util.Map;
import shop.Users.Registration;

/// Registering, logging in, logging out.
record AccountPages(Site site, Users users) {

  /// @param next where to go then
  record Login(@NotBlank String name, @NotBlank String password, @Default("/") String next) {}

  Routes routes() {
    var routes = Routes.create();
    Site.form(routes, "/register", Registration.class, show("register.html"), this::register);
    Site.form(routes, "/login", Login.class, show("login.html"), this::logIn);
    routes.post("/logout", this::logOut);
    return routes;
  }

  private Handler show(String template) {
    return req -> {
      var fresh = Map.of("next", req.query("next").orElse("/"));
      return site.page(req, template, Map.of("form", Site.filled(req, fresh)));
    };
  }

  private Object register(Request req, Registration form) {
    var user = users.register(form).orElseThrow(() -> Site.wrong("name", "This name is taken."));
    Site.logIn(req, user);
    Flash.add(req, "info", "Welcome, " + user.name() + ".");
    return redirect("/");
  }

  private Object logIn(Request req, Login form) {
    var credentials = new Credentials(form.name(), form.password());
    var user =
        users
            .logIn(credentials, Shop.address(req))
            .orElseThrow(() -> Site.wrong("password", "Name or password is wrong."));
    Site.logIn(req, user);
    return redirect(isOurs(form.next()) ? form.next() : "/");
  }

  /// A path of this site, and not one that leads to another.
  private static boolean isOurs(String next) {
    return next.matches("/([A-Za-z0-9].*)?");
  }

  private Object logOut(Request req) {
    users.logOut(req.get(site.user()));
    var _ = Sessions.of(req).clear();
    return redirect("/");
  }
}
