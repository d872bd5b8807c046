package dev.thrum.http;

import static dev.thrum.Async.blocking;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.web.App;
import dev.thrum.web.Cors;
import dev.thrum.web.Html;
import dev.thrum.web.Response;
import dev.thrum.web.Sse;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/// Chromium as a client, without a window.
@Tag("peers")
@Tag("one-engine")
@Tag("browser")
@Tag("slow") // starts a browser
final class BrowserPeerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /// Tries everything, and puts what has come of it into the list.
  private static final String PAGE =
      """
      <!doctype html>
      <title>working</title>
      <link rel="icon" href="data:,">
      <ul id="told"></ul>
      <script>
        const told = {}
        const note = (name, value) => {
          const line = document.createElement('li')
          line.id = name
          line.textContent = value
          document.getElementById('told').append(line)
        }
        const other = location.search.slice(1)
        async function main() {
          note('posted', await (await fetch('/echo', {method: 'POST', body: 'hello'})).text())
          await fetch('/cookie')
          note('cookie', await (await fetch('/cookies')).text())
          note('script', document.cookie)
          const asked = await fetch(other + '/shared', {
            method: 'PUT', credentials: 'include', body: '{"n": 1}',
            headers: {'Content-Type': 'application/json', 'X-Asked': 'yes'}})
          note('shared', await asked.text() + ' ' + asked.headers.get('X-Shown'))
          note('refused', await fetch(other + '/closed', {method: 'PUT', headers: {'X-Other': 'no'}})
            .then(() => 'let in', e => e.name))
          await new Promise(done => {
            const events = []
            const source = new EventSource('/events')
            source.addEventListener('tick', event => {
              events.push(event.data + event.lastEventId)
              if (events.length === 4) { source.close(); note('events', events.join(' ')); done() }
            })
          })
          await new Promise(done => {
            const socket = new WebSocket('ws://' + location.host + '/ws')
            const got = []
            socket.onopen = () => { socket.send('hello'); socket.send('x'.repeat(100000)) }
            socket.onmessage = event => {
              got.push(event.data.length > 10 ? event.data.length : event.data)
              if (got.length === 2) socket.close(4001, 'enough')
            }
            socket.onclose = event => {
              note('socket', [...got, event.code].join(' '))
              done()
            }
          })
        }
        main().then(() => { document.title = 'done' }, e => { document.title = 'failed: ' + e })
      </script>
      """;

  private static ChromeDriver driver;

  @BeforeAll
  static void start() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium", "google-chrome"));
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1200,1600");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(program("chromedriver"))
            .usingAnyFreePort()
            .build();
    driver = new ChromeDriver(service, options);
  }

  @AfterAll
  static void stop() {
    driver.quit();
  }

  private static File program(String... names) {
    return Stream.of(names)
        .flatMap(name ->
            Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst()
        .orElseThrow(() ->
            new AssertionError(
                "There is no " + names[0] + " here; -DskipBrowser leaves these tests out."));
  }

  /// Answers on one origin.
  private static App page() {
    App app = App.create();
    app.get("/", _ -> Html.of(PAGE));
    app.post("/echo", req -> req.text());
    app.get(
        "/cookie",
        _ ->
            Response.text("set")
                .cookie(Cookie.of("seen", "yes"))
                .cookie(Cookie.of("secret", "7").withHttpOnly()));
    app.get("/cookies", req -> req.cookie("seen").orElse("") + req.cookie("secret").orElse(""));
    app.get(
        "/events",
        req ->
            Sse.of(events -> {
              int from = events.lastId().map(Integer::parseInt).orElse(0);
              for (int i = from + 1; i <= from + 2; i++) {
                Sse.Event tick = Sse.Event.of("tick").name("tick").id(i);
                events.send(tick.retry(Duration.ofMillis(20))); // and it asks again after two
              }
            }));
    app.ws(
        "/ws",
        socket -> {
          for (WebSocket.Message message : socket) {
            socket.send(message.text());
          }
        });
    return app;
  }

  /// Answers on another one.
  private static App shared(String origin) {
    App app = App.create();
    app.use(
        Cors.allow(origin)
            .methods("PUT")
            .headers("Content-Type", "X-Asked")
            .expose("X-Shown")
            .credentials());
    app.put("/shared", req -> Response.text(req.text()).header("X-Shown", "seen"));
    return app;
  }

  @Test
  void aPageAsksAndListensAndTalks() throws Exception {
    App app = page();
    Serving.run(() ->
        app.running(() -> {
          try (Server server = Server.builder().port(0).listen(app)) {
            String origin = "http://127.0.0.1:" + server.port();
            App other = shared(origin);
            other.running(() -> {
              try (Server second = Server.builder().port(0).listen(other)) {
                blocking(() -> look(origin, "http://127.0.0.1:" + second.port()));
                second.stop();
              }
            });
          }
        }));
  }

  private static void look(String origin, String other) {
    driver.get(origin + "/?" + other);
    await(() -> !driver.getTitle().equals("working"));
    assertEquals("done", driver.getTitle());
    assertEquals("hello", text("#posted"));
    assertEquals("yes7", text("#cookie"));
    assertEquals("seen=yes", text("#script"));
    assertEquals("{\"n\": 1} seen", text("#shared"));
    assertEquals("TypeError", text("#refused"));
    assertEquals("tick1 tick2 tick3 tick4", text("#events"));
    assertEquals("hello 100000 4001", text("#socket"));
  }

  record Thing(String name, int size) {}

  /// The page at `/docs` has a request tried out.
  @Test
  void theDocumentationTriesARequestOut() throws Exception {
    App app = App.create().title("Things", "1.0");
    app.get("/things/{id:int}", req -> Map.of("found", req.path("id", Integer.class)));
    app.post("/things", Thing.class, (_, thing) -> thing).summary("Makes a thing");
    Serving.run(() ->
        app.running(() -> {
          try (Server server = Server.builder().port(0).listen(app)) {
            blocking(() -> tryOut("http://127.0.0.1:" + server.port() + "/docs"));
          }
        }));
  }

  private static void tryOut(String url) throws IOException {
    driver.get(url);
    String path = ".opblock-get ";
    click(path + ".opblock-summary-control");
    click(path + ".try-out__btn");
    await(() -> !driver.findElements(By.cssSelector(path + "input")).isEmpty());
    driver.findElement(By.cssSelector(path + "input")).sendKeys("42");
    click(path + ".execute");
    await(() -> text(path + ".live-responses-table").contains("\"found\": 42"));
    assertTrue(text(path + ".live-responses-table").contains("200"));
    Path pictures = Files.createDirectories(Path.of("target", "screenshots"));
    var _ = Files.write(pictures.resolve("docs.png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  private static String text(String css) {
    return driver.findElements(By.cssSelector(css)).stream()
        .map(one -> Optional.ofNullable(one.getText()).orElse(""))
        .findFirst()
        .orElse("");
  }

  private static void click(String css) {
    await(() -> !driver.findElements(By.cssSelector(css)).isEmpty());
    driver.findElement(By.cssSelector(css)).click();
  }

  /// Something that a page comes to by and by.
  @FunctionalInterface
  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("nothing came of it: " + text("body"));
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
