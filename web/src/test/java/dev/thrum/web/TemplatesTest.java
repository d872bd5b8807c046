package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.session.Flash;
import dev.thrum.web.session.Sessions;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages that are made of templates.
final class TemplatesTest {
  @TempDir private Path around;
  private Path folder;

  record User(int id, String name) {}

  @BeforeEach
  void write() throws IOException {
    folder = Files.createDirectory(around.resolve("templates"));
    write(
        "base.html",
        "<title>{% block title %}Thrum{% endblock %}</title>{% block body %}{% endblock %}");
    write(
        "users.html",
        """
        {% extends "base.html" %}
        {% block title %}Users{% endblock %}
        {% block body %}{% for user in users %}<a href="{{ url('user', user.id) }}">{{ user.name }}</a>
        {% endfor %}{{ request.path }}{% include "./foot.html" %}{% endblock %}
        """);
    write("foot.html", "<i>{{ name | default('foot') }}</i>");
    write("broken.html", "one\ntwo {% if %}\nthree");
    write("fails.html", "one\n{{ url('nowhere') }}");
    write("plain.txt", "{{ price | money }}");
    Files.writeString(folder.resolveSibling("secret.html"), "secret");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private App app() {
    App app = App.create().templates(folder);
    List<User> users = List.of(new User(1, "Ada"), new User(2, "<b>Bob</b>"));
    app.get("/users", req -> req.render("users.html", Map.of("users", users)));
    app.get("/users/{id:int}", _ -> "").name("user");
    app.get("/page/{name:path}", req -> req.render(req.path("name"), Map.of("price", 3)));
    return app;
  }

  @AsyncTest
  void pagesInheritFromEachOtherAndEscape() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      for (int i = 0; i < 2; i++) {
        TestResponse page = client.get("/users");
        assertEquals("text/html; charset=utf-8", page.header("Content-Type"));
        assertEquals(
            """
            <title>Users</title><a href="/users/1">Ada</a>
            <a href="/users/2">&lt;b&gt;Bob&lt;/b&gt;</a>
            /users<i>foot</i>\
            """,
            page.text().strip());
      }
    }
  }

  @AsyncTest
  void whatIsReadIsKeptUnlessInDebugMode() throws IOException {
    for (boolean debug : List.of(false, true)) {
      App app = debug ? app().debug() : app();
      try (TestClient client = TestClient.of(app)) {
        write("foot.html", "old");
        assertEquals("old", client.get("/page/foot.html").text());
        write("foot.html", "new");
        assertEquals(debug ? "new" : "old", client.get("/page/foot.html").text());
      }
    }
  }

  @AsyncTest
  void templatesKnowMessagesAndTokens() throws IOException {
    write(
        "form.html",
        """
        {% macro field() %}{{ csrf() }}{% endmacro %}
        {% for one in flash() %}{{ one.kind }}: {{ one.text }}{% endfor %}
        {{ field() }}{{ csrf_token() | length }}\
        """);
    App app = App.create().templates(folder);
    app.use(Sessions.signedBy("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8)));
    app.get("/", req -> req.render("form.html", Map.of()));
    app.post(
        "/",
        req -> {
          Flash.add(req, "info", "<saved>");
        });
    try (TestClient client = TestClient.of(app)) {
      var _ = client.post("/").send();
      String page = client.get("/").text();
      assertTrue(page.contains("info: &lt;saved&gt;"), page);
      assertTrue(
          page.matches("(?s).*<input type=\"hidden\" name=\"csrf_token\" value=\"[\\w-]{86}\">86"),
          page);
      assertFalse(client.get("/").text().contains("saved"));
    }
  }

  @AsyncTest
  void thereAreOwnValuesAndFilters() throws IOException {
    write("own.html", "{{ site }} {{ 1234.5 | numberformat('#,##0.0') }}");
    App app = App.create();
    app.templates(
        Templates.of(folder)
            .global("site", "Shop")
            .locale(Locale.GERMANY)
            .filter("money", price -> price + " €"));
    app.get("/{name}", req -> req.render(req.path("name"), Map.of("price", 3)));
    try (TestClient client = TestClient.of(app)) {
      assertEquals("Shop 1.234,5", client.get("/own.html").text());
      TestResponse plain = client.get("/plain.txt");
      assertEquals("3 €", plain.text());
      assertEquals("text/plain; charset=utf-8", plain.header("Content-Type"));
    }
  }

  @AsyncTest
  void whatIsNotThereIsNothingUnlessThatIsWanted() throws IOException {
    write("lacks.html", "a{{ nothing.at.all }}b");
    for (boolean strict : List.of(false, true)) {
      App app = App.create();
      app.templates(strict ? Templates.of(folder).strict() : Templates.of(folder));
      app.get("/", req -> req.render("lacks.html", Map.of()));
      try (TestClient client = TestClient.of(app).keepFailures()) {
        assertEquals(strict ? 500 : 200, client.get("/").status());
      }
    }
  }

  @AsyncTest
  void aFailureTellsTheLine() throws IOException {
    try (TestClient client = TestClient.of(app().debug())) {
      var broken = assertThrows(RuntimeException.class, () -> client.get("/page/broken.html"));
      assertTrue(broken.getMessage().startsWith("broken.html, line 2: "), broken.getMessage());
      var fails = assertThrows(RuntimeException.class, () -> client.get("/page/fails.html"));
      assertEquals("fails.html, line 2: no route is called \"nowhere\"", fails.getMessage());
      var none = assertThrows(RuntimeException.class, () -> client.get("/page/none.html"));
      assertEquals("none.html: there is no template \"none.html\" in " + folder, none.getMessage());
      var outside =
          assertThrows(RuntimeException.class, () -> client.get("/page/..%2Fsecret.html"));
      assertTrue(outside.getMessage().contains("there is no template"), outside.getMessage());
    }
    try (TestClient client = TestClient.of(app().debug()).keepFailures()) {
      String page =
          client.request("GET", "/page/broken.html").header("Accept", "text/html").send().text();
      assertTrue(page.contains("<mark>    2  two {% if %}</mark>"), page);
    }
  }

  @AsyncTest
  void resourcesAreTemplatesToo() throws IOException {
    App app = App.create().templates(Templates.of(TemplatesTest.class, "/templates"));
    app.get("/", req -> req.render("hello.html", Map.of("name", "<you>")));
    app.get("/out", req -> req.render("../junit-platform.properties", Map.of()));
    try (TestClient client = TestClient.of(app).keepFailures()) {
      assertEquals("<p>Hello &lt;you&gt;!</p>", client.get("/").text().strip());
      assertEquals(500, client.get("/out").status());
    }
  }

  @AsyncTest
  void anApplicationWithoutTemplatesSaysSo() throws IOException {
    App app = App.create();
    app.get("/", req -> req.render("x.html", Map.of()));
    try (TestClient client = TestClient.of(app)) {
      var none = assertThrows(IllegalStateException.class, () -> client.get("/"));
      assertEquals("no templates: say app.templates(…) where they are", none.getMessage());
    }
  }

  @Test
  void withoutPebbleThereIsAClearError() throws Exception {
    var of = new Without().loadClass("dev.thrum.web.Templates").getMethod("of", Path.class);
    var failure = assertThrows(InvocationTargetException.class, () -> of.invoke(null, folder));
    var told = assertInstanceOf(IllegalStateException.class, failure.getCause());
    assertEquals(
        "templates need Pebble: add the library io.pebbletemplates:pebble to the program",
        told.getMessage());
  }

  /// Loads the framework in a world without Pebble.
  private static final class Without extends ClassLoader {
    Without() {
      super(TemplatesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.pebbletemplates.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.thrum.web.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name) : known;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
