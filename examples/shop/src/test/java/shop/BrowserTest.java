package shop;

import static dev.thrum.Async.blocking;
import static dev.thrum.Async.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.http.Server;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import shop.Orders.Cart;
import shop.Users.Registration;

/// The shop as people see it.
@Tag("browser")
@Tag("one-engine")
@Timeout(240) // a browser is slow to start where much else runs
final class BrowserTest {
  @TempDir Path data;
  private Browser browser;

  @BeforeEach
  void openBrowser() {
    browser = new Browser();
  }

  @AfterEach
  void closeBrowser() {
    browser.close();
  }

  interface Visit {
    /// Looks around.
    ///
    /// @param here the address of the shop
    /// @param there another one, to which no cookies of the first one are sent
    void run(String here, String there) throws Exception;
  }

  private void inShop(Visit visit) throws Exception {
    Shop shop = new Shop(ShopTests.settings(data, Settings.file(data)));
    run(() -> {
      var app = shop.app();
      app.running(() -> {
        try (Server server = Server.builder().port(0).listen(app)) {
          String port = ":" + server.port();
          for (String name : List.of("grace", "barbara")) {
            var user = shop.users.register(new Registration(name, "correct horse")).orElseThrow();
            var _ = shop.orders.place(user, Cart.EMPTY.plus(2, 2).plus(16, 1), "1 Bug Street");
          }
          blocking(() -> visit.run("http://127.0.0.1" + port, "http://localhost" + port));
        }
      });
    });
  }

  private void register(String shop, String name) {
    browser.open(shop + "/register");
    browser.type("[name=name]", name);
    browser.type("[name=password]", "correct horse");
    browser.click("main button");
    browser.untilText(".flash", "Welcome, " + name);
  }

  private void logInAsAdmin(String shop) {
    browser.open(shop + "/login?next=/admin");
    browser.type("[name=name]", "admin");
    browser.type("[name=password]", ShopTests.PASSWORD);
    browser.click("main button");
    browser.untilText("h1", "How business goes");
  }

  /// Takes a picture of the page on a screen and on a phone.
  private void pictures(String name) throws IOException {
    browser.picture(name);
    browser.phone();
    assertEquals(0, browser.overflow(), name + " is wider than a phone");
    browser.picture(name + "-phone");
    browser.wide();
  }

  private void inTheDark(String name) throws IOException {
    browser.theme("dark");
    browser.picture(name + "-dark");
    browser.theme("light");
  }

  private void order(String shop, String address) throws IOException {
    browser.open(shop + "/?q=oolong");
    browser.clickText("Misty Ridge Oolong");
    browser.type("[name=count]", "3");
    browser.click("#add");
    browser.untilText("h1", "Your cart");
    browser.clickText("Check out");
    browser.type("[name=address]", address);
    browser.click("main button");
    browser.untilText("main", "Thank you!");
  }

  @Test
  void somebodyRegistersAndOrders() throws Exception {
    inShop((shop, _) -> {
      browser.open(shop);
      browser.untilText("h1", "Tea, pots and cups");
      pictures("home");
      inTheDark("home");
      browser.open(shop + "/register");
      browser.type("[name=name]", "a b");
      browser.type("[name=password]", "short");
      browser.click("main button");
      browser.untilText("main", "at least 10 characters");
      pictures("register");
      register(shop, "ada");
      browser.open(shop + "/products/16");
      browser.untilText("h1", "Porcelain Cup");
      pictures("product");
      inTheDark("product");
      order(shop, "Ada\n1 Engine Road\nLondon");
      pictures("order");
      browser.clickText("Orders");
      browser.untilText("tbody", "Being packed");
      pictures("orders");
      browser.open(shop + "/nothing");
      browser.untilText("h1", "Not here");
      pictures("error");
      browser.open(shop + "/products/12");
      browser.click("#add");
      browser.untilText("h1", "Your cart");
      pictures("cart");
      browser.clickText("Check out");
      browser.untilText("h1", "Check out");
      pictures("checkout");
      browser.click("nav .link");
      browser.untilText("nav", "Log in");
      assertEquals(List.of(), browser.complaints());
    });
  }

  @Test
  void itWorksWithoutScripts() throws Exception {
    inShop((shop, _) -> {
      browser.withoutScripts();
      register(shop, "ada");
      order(shop, "Ada, 1 Engine Road");
      assertTrue(browser.text("address").contains("1 Engine Road"));
    });
  }

  @Test
  void anAdminGivesAProductAPicture() throws Exception {
    inShop((shop, _) -> {
      logInAsAdmin(shop);
      browser.clickText("Products");
      browser.clickText("Matcha Bowl");
      browser.type("[name=stock]", "25");
      browser.type("[name=picture]", painted().toString());
      pictures("admin-product");
      browser.click("main button");
      browser.untilText(".flash", "Matcha Bowl is saved.");
      pictures("admin-products");
      browser.open(shop + "/?q=matcha");
      assertEquals(
          800L,
          browser.run("return document.querySelector('.products img').naturalWidth"),
          "the picture is shown");
      browser.open(shop + "/admin/products/1");
      browser.type("[name=picture]", Path.of("pom.xml").toAbsolutePath().toString());
      browser.click("main button");
      browser.untilText("main", "A PNG, JPEG or WebP, please.");
      assertEquals(List.of(), browser.complaints());
    });
  }

  private Path painted() throws IOException {
    BufferedImage image = new BufferedImage(800, 600, BufferedImage.TYPE_INT_RGB);
    var paint = image.createGraphics();
    paint.setPaint(new GradientPaint(0, 0, new Color(0xd9e6c8), 800, 600, new Color(0x6f8f4e)));
    paint.fillRect(0, 0, 800, 600);
    paint.setColor(new Color(0x3a3f2b));
    paint.fillArc(200, 120, 400, 360, 180, 180);
    paint.setColor(new Color(0x8fb35a));
    paint.fillOval(200, 260, 400, 80);
    paint.dispose();
    Path file = data.resolve("bowl.png");
    assertTrue(ImageIO.write(image, "png", file.toFile()));
    return file;
  }

  @Test
  void theStockChangesInTheOtherWindow() throws Exception {
    inShop((shop, elsewhere) -> {
      browser.open(shop + "/products/1");
      browser.untilText("#stock", "40");
      String watching = browser.window();
      String admin = browser.openWindow(elsewhere);
      logInAsAdmin(elsewhere);
      String buying = browser.openWindow(shop);
      register(shop, "ada");
      order(shop, "Ada, 1 Engine Road");
      browser.be(watching);
      browser.untilText("#stock", "37");
      browser.picture("stock-live");
      browser.be(admin);
      browser.untilText("#feed", "ada has ordered no. 3 for € 43.50");
      browser.untilText("#orders", "3");
      pictures("admin");
      inTheDark("admin");
      browser.open(elsewhere + "/admin/products/1");
      browser.type("[name=stock]", "0");
      browser.click("main button");
      browser.untilText(".flash", "saved");
      browser.be(watching);
      browser.untilText("#stock", "0");
      browser.until("no button", () -> browser.count("#add:disabled") == 1);
      browser.be(buying);
      assertEquals(List.of(), browser.complaints());
    });
  }

  @Test
  void customersAndSupportTalk() throws Exception {
    inShop((shop, elsewhere) -> {
      register(shop, "ada");
      browser.clickText("Support");
      browser.untilText(".state", "Connected");
      browser.type("[name=text]", "Does the oolong keep <fresh>?");
      browser.click(".chat button");
      browser.untilText(".chat .mine", "Does the oolong keep <fresh>?");
      String customer = browser.window();
      browser.openWindow(elsewhere);
      logInAsAdmin(elsewhere);
      browser.open(elsewhere + "/admin/support");
      pictures("admin-support");
      browser.click(".rooms a");
      browser.untilText(".chat ol", "Does the oolong keep <fresh>?");
      browser.type("[name=text]", "For a year, in a tin.");
      browser.click(".chat button");
      browser.be(customer);
      browser.untilText(".chat ol", "For a year, in a tin.");
      pictures("support");
      assertEquals(List.of(), browser.complaints());
    });
  }

  @Test
  void theApiHasAPage() throws Exception {
    inShop((shop, _) -> {
      browser.open(shop + "/docs");
      browser.untilText("body", "/api/products/{id}");
      browser.picture("docs");
      assertEquals(List.of(), browser.complaints());
    });
  }
}
