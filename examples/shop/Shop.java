//DEPS com.zaxxer:HikariCP:7.1.0
//DEPS com.h2database:h2:2.4.240
//DEPS org.postgresql:postgresql:42.7.13
//DEPS com.nimbusds:nimbus-jose-jwt:10.10
//DEPS io.pebbletemplates:pebble:4.1.2
//DEPS org.slf4j:slf4j-nop:2.0.18
package shop;

import dev.thrum.http.Server;
import dev.thrum.web.App;
import dev.thrum.web.Middleware.Next;
import dev.thrum.web.Request;
import dev.thrum.web.Response;
import dev.thrum.web.Routes;
import dev.thrum.web.SecurityHeaders;
import dev.thrum.web.Templates;
import dev.thrum.web.session.Csrf;
import dev.thrum.web.session.Sessions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// A small web shop. `./thrum run examples/shop/Shop.java`
///
/// It keeps what it knows in `examples/shop/data`, or in the PostgreSQL database that
/// `DATABASE_URL` names. This file says what the parts are; each part is a file of its own.
final class Shop {
  private static final String POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  static void main() throws IOException {
    // Who watches a stock would do so for ever; at the end they have three seconds left.
    var server = Server.builder().port(8000).grace(Duration.ofSeconds(3));
    new Shop(Settings.ofEnvironment()).app().serve(server);
  }

  final Settings settings;
  final Database database;
  final Live live;
  final Catalogue catalogue;
  final Orders orders;
  final Users users;

  Shop(Settings settings) {
    this.settings = settings;
    database = new Database(settings.database(), settings.home().resolve("migrations"));
    live = new Live(database);
    catalogue = new Catalogue(database, live);
    orders = new Orders(database, live);
    users = new Users(database, settings);
  }

  App app() throws IOException {
    var app = App.create().title("Thrum shop", "1.0.0");
    app.lifespan(database::open);
    app.lifespan(users::withAdmin);
    app.lifespan(live::follow);
    app.templates(
        Templates.of(settings.home().resolve("templates")).filter("money", price -> "€ " + price));
    app.health().check("database", database::check);
    app.metrics(Shop::fromHereOnly);
    app.use(SecurityHeaders.standard());
    app.files("/static", settings.home().resolve("static"));
    app.files("/pictures", settings.pictures());
    app.mount("/api", new Api(catalogue, orders, users, settings.secret("tokens")).routes());
    app.mount("", pages());
    return app;
  }

  /// What people see: with sessions, and forms that only these pages can send.
  private Routes pages() throws IOException {
    var site = new Site(users);
    var pictures = new Pictures(settings.pictures());
    var pages =
        Routes.create()
            .hidden()
            .use(SecurityHeaders.standard().policy(POLICY))
            .use(Sessions.signedBy(settings.secret("sessions")))
            .use(Pictures.LIMITS)
            .use(Csrf.create())
            .mount("", new StorePages(site, catalogue, orders, live).routes())
            .mount("", new AccountPages(site, users).routes())
            .mount("/admin", new AdminPages(site, catalogue, orders, live, pictures).routes());
    site.errorsOf(pages);
    return pages;
  }

  /// What is counted is nobody's business but that of this machine.
  private static Response fromHereOnly(Request req, Next next) throws Exception {
    return isHere(req) ? next.handle(req) : Response.of(404);
  }

  private static boolean isHere(Request req) {
    return req.remote() instanceof InetSocketAddress inet
        && !inet.isUnresolved()
        && inet.getAddress().isLoopbackAddress();
  }

  /// Where a request comes from, for what is counted by that.
  static String address(Request req) {
    return req.remote() instanceof InetSocketAddress inet ? inet.getHostString() : "here";
  }
}
