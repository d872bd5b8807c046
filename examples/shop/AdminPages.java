package shop;

import static dev.thrum.web.Web.notFound;
import static dev.thrum.web.Web.redirect;

import dev.thrum.web.Request;
import dev.thrum.web.Routes;
import dev.thrum.web.SameOrigin;
import dev.thrum.web.auth.Auth;
import dev.thrum.web.session.Flash;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import shop.Catalogue.Draft;
import shop.Catalogue.Product;
import shop.Database.Refused;

/// What only admins see: products, stock, orders, the support's chats, and how business goes.
record AdminPages(Site site, Catalogue catalogue, Orders orders, Live live, Pictures pictures) {
  private static final Draft BLANK = new Draft("", "tea", "", BigDecimal.TEN, 0);

  Routes routes() {
    var routes = Routes.create().use(Auth.require(site.admin()));
    routes.get("", this::overview).name("admin");
    routes.ws("/feed", live::sendAll).with(SameOrigin.create());
    routes.get("/products", this::products).name("admin-products");
    Site.form(routes, "/products/new", Draft.class, req -> form(req, BLANK), this::add);
    Site.form(
        routes, "/products/{id:long}", Draft.class, req -> form(req, draft(req)), this::change);
    routes.post("/orders/{id:long}/sent", this::markSent);
    routes.get(
        "/support", req -> site.page(req, "admin-support.html", Map.of("rooms", live.rooms())));
    routes.get("/support/{id:long}", this::room).name("admin-room");
    routes
        .ws(
            "/support/{id:long}/chat",
            (req, socket) -> live.talk(req.path("id", Long.class), "Support", socket))
        .with(SameOrigin.create());
    return routes;
  }

  private Object overview(Request req) {
    return site.page(
        req, "admin.html", Map.of("numbers", orders.numbers(), "orders", orders.latest()));
  }

  private Object products(Request req) {
    return site.page(req, "admin-products.html", Map.of("products", catalogue.all()));
  }

  private Product find(Request req) {
    return catalogue
        .find(req.path("id", Long.class))
        .orElseThrow(() -> notFound("No such product."));
  }

  private Draft draft(Request req) {
    Product old = find(req);
    return new Draft(old.name(), old.kind(), old.description(), old.price(), old.stock());
  }

  private Object form(Request req, Draft old) throws IOException {
    Map<String, ?> fresh =
        Map.of(
            "name", old.name(),
            "kind", old.kind(),
            "description", old.description(),
            "price", old.price(),
            "stock", old.stock());
    return site.page(
        req,
        "admin-product.html",
        Map.of("form", Site.filled(req, fresh), "kinds", Catalogue.KINDS));
  }

  private Object add(Request req, Draft draft) throws IOException {
    Optional<String> picture = pictures.keep(req.upload("picture"));
    return saved(req, unique(() -> catalogue.add(draft)), picture);
  }

  private Object change(Request req, Draft draft) throws IOException {
    Optional<String> picture = pictures.keep(req.upload("picture"));
    long id = find(req).id();
    return saved(req, unique(() -> catalogue.change(id, draft).orElseThrow()), picture);
  }

  private static Product unique(java.util.function.Supplier<Product> saving) {
    try {
      return saving.get();
    } catch (Refused e) {
      if (e.isDuplicate()) {
        throw Site.wrong("name", "There is a product of that name.");
      }
      throw e;
    }
  }

  private Object saved(Request req, Product product, Optional<String> picture) {
    picture.ifPresent(file -> catalogue.picture(product.id(), file));
    Flash.add(req, "info", product.name() + " is saved.");
    return redirect(req.url("admin-products"));
  }

  private Object markSent(Request req) {
    if (!orders.markSent(req.path("id", Long.class))) {
      throw notFound("No such order.");
    }
    return redirect(req.url("admin"));
  }

  private Object room(Request req) {
    return site.page(req, "admin-room.html", Map.of("room", req.path("id", Long.class)));
  }
}
