package shop;

import static dev.thrum.web.Web.notFound;
import static dev.thrum.web.Web.redirect;

import dev.thrum.web.Request;
import dev.thrum.web.Response;
import dev.thrum.web.Routes;
import dev.thrum.web.SameOrigin;
import dev.thrum.web.Sse;
import dev.thrum.web.session.Flash;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.Map;
import shop.Catalogue.Product;
import shop.Catalogue.Search;
import shop.Orders.Cart;
import shop.Orders.Order;
import shop.Orders.SoldOut;

/// Products, the cart, and orders.
record StorePages(Site site, Catalogue catalogue, Orders orders, Live live) {

  record Addition(long product, @Min(1) @Max(99) int count) {}

  record Change(@Min(0) @Max(99) int count) {}

  record Delivery(
      @Size(min = 10, max = 300, message = "a name, a street, a town") String address) {}

  Routes routes() {
    var routes = Routes.create();
    routes.get("/", Search.class, this::products).name("home");
    routes.get("/products/{id:long}", this::product).name("product");
    routes.get("/products/{id:long}/stock", this::stock);
    routes.get("/cart", this::cart).name("cart");
    routes.post("/cart", Addition.class, this::add);
    routes.post("/cart/{id:long}", Change.class, this::change);
    Site.form(routes, "/checkout", Delivery.class, this::checkout, this::order);
    routes.get("/orders", this::ordersOfUser).name("orders");
    routes.get("/orders/{id:long}", this::orderOfUser).name("order");
    routes.get(
        "/support", req -> page(req, "support.html", Map.of("name", req.get(site.user()).name())));
    routes
        .ws(
            "/support/chat",
            (req, socket) -> {
              var user = req.get(site.user());
              live.talk(user.id(), user.name(), socket);
            })
        .with(SameOrigin.create());
    return routes;
  }

  private Response page(Request req, String template, Map<String, ?> values) {
    return site.page(req, template, values);
  }

  private Object products(Request req, Search search) {
    return page(
        req,
        "products.html",
        Map.of("search", search, "found", catalogue.find(search), "kinds", Catalogue.KINDS));
  }

  private Product find(Request req) {
    return catalogue
        .find(req.path("id", Long.class))
        .orElseThrow(() -> notFound("There is no such product."));
  }

  private Object product(Request req) {
    return page(req, "product.html", Map.of("product", find(req)));
  }

  private Object stock(Request req) {
    long id = find(req).id();
    return Sse.of(events -> live.sendStock(id, events));
  }

  // The cart

  private Object cart(Request req) {
    var lines = orders.lines(Site.cart(req));
    return page(req, "cart.html", Map.of("lines", lines, "total", Orders.total(lines)));
  }

  private Object add(Request req, Addition addition) {
    var product =
        catalogue.find(addition.product()).orElseThrow(() -> notFound("There is no such product."));
    Site.cart(req, Site.cart(req).plus(product.id(), addition.count()));
    Flash.add(req, "info", product.name() + " is in your cart.");
    return redirect(req.url("cart"));
  }

  private Object change(Request req, Change change) {
    Site.cart(req, Site.cart(req).with(req.path("id", Long.class), change.count()));
    return redirect(req.url("cart"));
  }

  // Orders

  private Object checkout(Request req) throws IOException {
    var _ = req.get(site.user());
    var lines = orders.lines(Site.cart(req));
    if (lines.isEmpty()) {
      return redirect(req.url("cart"));
    }
    var form = Site.filled(req, Map.of("address", ""));
    return page(
        req, "checkout.html", Map.of("lines", lines, "total", Orders.total(lines), "form", form));
  }

  private Object order(Request req, Delivery delivery) {
    var user = req.get(site.user());
    try {
      Order order = orders.place(user, Site.cart(req), delivery.address());
      Site.cart(req, Cart.EMPTY);
      Flash.add(req, "info", "Thank you! We have your order.");
      return redirect(req.url("order", order.id()));
    } catch (SoldOut e) {
      Flash.add(req, "error", e.getMessage());
      return redirect(req.url("cart"));
    }
  }

  private Object ordersOfUser(Request req) {
    return page(req, "orders.html", Map.of("orders", orders.of(req.get(site.user()))));
  }

  private Object orderOfUser(Request req) {
    var user = req.get(site.user());
    return orders
        .find(req.path("id", Long.class))
        .filter(order -> order.buyer().equals(user.name()) || user.isAdmin())
        .map(order -> page(req, "order.html", Map.of("order", order)))
        .orElseThrow(() -> notFound("There is no such order."));
  }
}
