package shop;

import static dev.thrum.web.Web.created;
import static dev.thrum.web.Web.notFound;

import dev.thrum.http.HttpException;
import dev.thrum.web.Dependency;
import dev.thrum.web.Request;
import dev.thrum.web.Routes;
import dev.thrum.web.auth.Auth;
import dev.thrum.web.auth.Jwt;
import dev.thrum.web.auth.PasswordGrant;
import dev.thrum.web.auth.PasswordGrant.Token;
import dev.thrum.web.bind.Body;
import dev.thrum.web.bind.Path;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shop.Catalogue.Draft;
import shop.Catalogue.Found;
import shop.Catalogue.Product;
import shop.Catalogue.Search;
import shop.Orders.Cart;
import shop.Orders.Order;
import shop.Orders.SoldOut;
import shop.Users.User;

/// The shop for programs: JSON, with a token of `/api/token`. `/docs` shows what there is.
final class Api {
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final Catalogue catalogue;
  private final Orders orders;
  private final Users users;
  private final Jwt tokens;
  private final Dependency<User> user;
  private final Dependency<User> admin;

  Api(Catalogue catalogue, Orders orders, Users users, byte[] key) {
    this.catalogue = catalogue;
    this.orders = orders;
    this.users = users;
    tokens = Jwt.hs256(key).issuer("thrum-shop").lifetime(LIFETIME);
    var bearer = Auth.bearerFrom("/api/token");
    user =
        Dependency.<User>of(
                req -> {
                  var claims = tokens.check(req.get(bearer));
                  int logins = Math.toIntExact(claims.getLongClaim("logins"));
                  return users
                      .find(Long.parseLong(claims.getSubject()), logins)
                      .orElseThrow(() -> Auth.unauthorized("Bearer", "Logged out"));
                })
            .by(bearer);
    admin =
        Dependency.<User>of(req ->
                Optional.of(req.get(user))
                    .filter(User::isAdmin)
                    .orElseThrow(() -> new HttpException(403, "Only for admins")))
            .by(bearer);
  }

  record Wanted(long product, @Min(1) @Max(99) int count) {}

  record NewOrder(
      @NotEmpty @Size(max = 30) List<Wanted> lines, @Size(min = 10, max = 300) String address) {}

  record ProductChange(@Path long id, @Body Draft product) {}

  Routes routes() {
    var routes = Routes.create();
    routes.post("/token", PasswordGrant.handler(this::token)).summary("Log in");
    routes
        .get("/products", Search.class, (_, search) -> catalogue.find(search))
        .returns(Found.class);
    routes.get("/products/{id:long}", this::product).returns(Product.class).name("api-product");
    routes
        .post("/products", Draft.class, this::add)
        .returns(Product.class)
        .status(201)
        .with(Auth.require(admin));
    routes
        .put("/products/{id:long}", ProductChange.class, this::change)
        .returns(Product.class)
        .with(Auth.require(admin));
    routes
        .get("/orders", req -> orders.of(req.get(user)))
        .returnsListOf(Order.class)
        .with(Auth.require(user));
    routes
        .post("/orders", NewOrder.class, this::order)
        .returns(Order.class)
        .status(201)
        .with(Auth.require(user));
    routes.onError(
        SoldOut.class,
        (_, e) -> {
          throw new HttpException(409, e.getMessage());
        });
    return routes;
  }

  private Optional<Token> token(Request req, PasswordGrant grant) {
    return users
        .logIn(grant.credentials(), Shop.address(req))
        .map(user ->
            Token.of(
                tokens.issue(Long.toString(user.id()), Map.of("logins", user.logins())), LIFETIME));
  }

  private Object product(Request req) {
    return catalogue.find(req.path("id", Long.class));
  }

  private Object add(Request req, Draft draft) {
    Product made = catalogue.add(draft);
    return created(req.url("api-product", made.id()), made);
  }

  private Object change(Request req, ProductChange change) {
    return catalogue
        .change(change.id(), change.product())
        .orElseThrow(() -> notFound("no such product"));
  }

  private Object order(Request req, NewOrder wanted) {
    Cart cart = Cart.EMPTY;
    for (Wanted one : wanted.lines()) {
      if (cart.counts().containsKey(one.product())) {
        throw Site.wrong("lines", "product " + one.product() + " comes twice");
      }
      cart = cart.plus(one.product(), one.count());
    }
    return created(orders.place(req.get(user), cart, wanted.address()));
  }
}
