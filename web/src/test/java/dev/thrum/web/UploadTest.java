package dev.thrum.web;

import static dev.thrum.web.Web.blocking;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.Task;
import dev.thrum.channel.Channel;
import dev.thrum.http.Server;
import dev.thrum.net.Connection;
import dev.thrum.net.Net;
import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.bind.Form;
import dev.thrum.web.bind.Query;
import dev.thrum.web.session.Csrf;
import dev.thrum.web.session.Sessions;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Forms in parts, and the files in them.
final class UploadTest {
  private static final byte[] LARGE = random(3 << 20);

  @TempDir private Path folder;

  record Photo(
      String title,
      Upload image,
      Optional<Upload> thumb,
      @Size(max = 2) List<Upload> more,
      Optional<Integer> year) {}

  record Marked(@Query String album, @Form Upload image) {}

  private static byte[] random(int size) {
    byte[] made = new byte[size];
    new Random(size).nextBytes(made);
    return made;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The temporary files that this process has open, and those that lie about.
  private static int temporary() throws IOException {
    int count = 0;
    Path descriptors = Path.of("/proc/self/fd");
    if (Files.isDirectory(descriptors)) {
      try (var all = Files.list(descriptors)) {
        count +=
            (int)
                all.filter(Files::isSymbolicLink)
                    .filter(one -> target(one).contains("thrum-upload-"))
                    .count();
      }
    }
    try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return count
          + (int)
              all.filter(one -> one.getFileName().toString().startsWith("thrum-upload-")).count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException _) {
      return ""; // it has been closed meanwhile
    }
  }

  @AsyncTest
  void aFormMayHaveFiles() throws IOException {
    App app = App.create();
    app.post(
        "/",
        req -> {
          Params form = req.form();
          Upload upload = req.upload("file").orElseThrow();
          assertEquals("file", upload.field());
          assertEquals("text/plain; charset=ISO-8859-1", upload.contentType());
          assertEquals(4, upload.size());
          assertEquals("café", upload.text());
          assertEquals("café", upload.text());
          assertEquals(2, req.uploads("other").size());
          assertEquals(Optional.empty(), req.upload("none"));
          return form + " " + upload.fileName() + " " + req.uploads("other");
        });
    try (TestClient client = TestClient.of(app)) {
      TestResponse answer =
          client
              .post("/")
              .field("a", "1")
              .field("a", "zwei ü")
              .file(
                  "file",
                  "ü \"x\".txt",
                  "text/plain; charset=ISO-8859-1",
                  "café".getBytes(StandardCharsets.ISO_8859_1))
              .file("other", "1.bin", "image/png", new byte[] {1})
              .file("other", "", "image/png", new byte[] {2})
              .file("none", "", "application/octet-stream", new byte[0])
              .field("b \"q\"", "")
              .send();
      assertEquals(
          "{a=[1, zwei ü], b \"q\"=[]} ü _x_.txt"
              + " [1.bin (image/png, 1 bytes), file (image/png, 1 bytes)]",
          answer.text());
    }
  }

  @AsyncTest
  void aRecordMayHaveFiles() throws IOException {
    App app = App.create();
    app.post(
        "/photos",
        Photo.class,
        (_, photo) -> photo.title() + photo.image() + photo.thumb() + photo.more() + photo.year());
    app.post("/marked", Marked.class, (_, marked) -> marked.album() + " " + marked.image().text());
    try (TestClient client = TestClient.of(app)) {
      TestResponse good =
          client
              .post("/photos")
              .field("title", "Sea")
              .field("year", "1999")
              .file("image", "sea.png", "image/png", new byte[3])
              .file("more", "a", "a/a", new byte[1])
              .send();
      assertEquals(
          "Seasea.png (image/png, 3 bytes)Optional.empty[a (a/a, 1 bytes)]Optional[1999]",
          good.text());
      TestResponse bad =
          client
              .post("/photos")
              .field("image", "no file")
              .field("year", "x")
              .file("more", "a", "a/a", new byte[1])
              .file("more", "b", "a/a", new byte[1])
              .file("more", "c", "a/a", new byte[1])
              .send();
      assertEquals(422, bad.status());
      List<?> problems = (List<?>) bad.json(Map.class).get("detail");
      assertEquals(
          List.of(
              "missing [body, title]",
              "missing [body, image]",
              "int_parsing [body, year]",
              "too_long [body, more]"),
          problems.stream()
              .map(one -> (Map<?, ?>) one)
              .map(one -> one.get("type") + " " + one.get("loc"))
              .toList());
      assertEquals(415, client.post("/photos").json(Map.of("title", "x")).send().status());
      assertEquals(
          "x y",
          client.post("/marked?album=x").file("image", "y", "text/plain", utf8("y")).send().text());
    }
  }

  record Wrong(@Query Upload image) {}

  @Test
  void aFileCanComeFromNowhereElse() {
    App app = App.create();
    app.get("/", Wrong.class, (_, _) -> "");
    assertThrows(IllegalArgumentException.class, () -> app.running(() -> {}));
  }

  @AsyncTest
  void itIsDescribed() throws IOException {
    App app = App.create();
    app.post("/photos", Photo.class, (_, _) -> "");
    try (TestClient client = TestClient.of(app)) {
      JsonNode schema =
          client
              .get("/openapi.json")
              .json(JsonNode.class)
              .at("/paths/~1photos/post/requestBody/content/multipart~1form-data/schema");
      assertEquals(
          "{\"type\":\"string\",\"format\":\"binary\"}", schema.at("/properties/image").toString());
      assertEquals(
          "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"binary\"},"
              + "\"maxItems\":2}",
          schema.at("/properties/more").toString());
      assertEquals("[\"title\",\"image\"]", schema.at("/required").toString());
    }
  }

  @Test
  void whatIsLargeLiesInAFileUntilTheResponseIsSent() {
    App app = App.create();
    int[] open = new int[1];
    app.post(
        "/",
        req -> {
          Upload large = req.upload("large").orElseThrow();
          open[0] = temporary();
          assertEquals(LARGE.length, large.size());
          assertArrayEquals(LARGE, large.bytes());
          try (InputStream in = large.stream()) {
            assertArrayEquals(Arrays.copyOf(LARGE, 100), in.readNBytes(100));
            assertEquals(LARGE[100] & 255, in.read());
            assertArrayEquals(Arrays.copyOfRange(LARGE, 101, LARGE.length), in.readAllBytes());
            assertEquals(-1, in.read());
          }
          Path target = folder.resolve("large.bin");
          Files.writeString(target, "what was there before");
          large.saveTo(target);
          req.upload("small").orElseThrow().saveTo(folder.resolve("small.bin"));
          assertEquals("last", req.form().get("field").orElseThrow());
          return "saved";
        });
    Async.run(() -> {
      try (TestClient client = TestClient.of(app)) {
        TestResponse answer =
            client
                .post("/")
                .file("small", "s", "a/b", utf8("small"))
                .file("large", "l", "a/b", LARGE)
                .field("field", "last")
                .send();
        assertEquals("saved", answer.text());
        assertEquals(1, open[0]);
        assertEquals(0, temporary());
        assertArrayEquals(LARGE, Files.readAllBytes(folder.resolve("large.bin")));
        assertEquals("small", Files.readString(folder.resolve("small.bin")));
        try (var left = Files.list(folder)) {
          assertEquals(2, left.count());
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void aHandlerThatBlocksCanUseThem() {
    App app = App.create();
    app.post(
        "/",
        blocking(
            (Handler)
                req -> {
                  Upload large = req.upload("large").orElseThrow();
                  large.saveTo(folder.resolve("saved"));
                  try (InputStream in = large.stream()) {
                    return in.readAllBytes().length + " " + req.form().get("a").orElseThrow();
                  }
                }));
    app.post(
        "/typed",
        Marked.class,
        blocking((req, marked) -> marked.image().bytes().length + marked.album()));
    Async.run(() -> {
      try (TestClient client = TestClient.of(app)) {
        var request = client.post("/").file("large", "l", "a/b", LARGE).field("a", "b");
        assertEquals(LARGE.length + " b", request.send().text());
        assertEquals(LARGE.length, Files.size(folder.resolve("saved")));
        var typed = client.post("/typed?album=x").file("image", "l", "a/b", LARGE);
        assertEquals(LARGE.length + "x", typed.send().text());
        assertEquals(0, temporary());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  @AsyncTest
  void aTokenMayStandInAForm() throws IOException {
    App app = App.create();
    app.use(Sessions.signedBy(utf8("0123456789abcdef0123456789abcdef"))).use(Csrf.create());
    app.get("/", Csrf::token);
    app.post("/", req -> req.upload("f").orElseThrow().text());
    try (TestClient client = TestClient.of(app)) {
      String token = client.get("/").text();
      var good = client.post("/").field("csrf_token", token).file("f", "f", "a/b", utf8("x"));
      assertEquals("x", good.send().text());
      assertEquals(403, client.post("/").file("f", "f", "a/b", utf8("x")).send().status());
    }
  }

  @AsyncTest
  void thereAreLimits() throws IOException {
    App app = App.create();
    FormLimits limits =
        FormLimits.STANDARD
            .withFields(2)
            .withFiles(1)
            .withText(20)
            .withFile(50)
            .withTotal(2000)
            .withMemory(10);
    app.post("/", req -> req.form().names().size() + " " + req.uploads("f")).with(limits);
    try (TestClient client = TestClient.of(app)) {
      var good =
          client.post("/").field("a", "1").field("b", "2").file("f", "f", "a/b", new byte[50]);
      assertEquals("2 [f (a/b, 50 bytes)]", good.send().text());
      var fields = client.post("/").field("a", "1").field("b", "2").field("c", "3").send();
      assertEquals("400 {\"detail\":\"the form has more than 2 fields\"}", line(fields));
      var files =
          client.post("/").file("a", "1", "a/b", new byte[1]).file("b", "2", "a/b", new byte[1]);
      assertEquals("400 {\"detail\":\"the form has more than 1 files\"}", line(files.send()));
      var text = client.post("/").field("a", "1".repeat(20)).send();
      assertEquals(
          "413 {\"detail\":\"the fields of the form have more than 20 bytes\"}", line(text));
      var file = client.post("/").file("f", "f", "a/b", new byte[51]).send();
      assertEquals("413 {\"detail\":\"a file has more than 50 bytes\"}", line(file));
      assertEquals(413, client.post("/").file("f", "f", "a/b", new byte[3000]).send().status());
      assertEquals(400, client.post("/").form("a", "1", "b", "2", "c", "3").send().status());
      assertEquals(413, client.post("/").form("a", "1".repeat(20)).send().status());
      assertEquals("2 []", client.post("/").form("a", "1", "b", "2").send().text());
    }
    assertThrows(IllegalArgumentException.class, () -> FormLimits.STANDARD.withFields(-1));
  }

  @Test
  void aLimitForFormsInPartsIsNoneForOthers() {
    App app = App.create();
    app.post("/", req -> req.form().names().size()).with(FormLimits.STANDARD.withTotal(1 << 20));
    app.post("/few", req -> req.form().names().size()).with(FormLimits.STANDARD.withText(100));
    Async.run(() ->
        app.running(() -> {
          try (Server server = Server.builder().port(0).maxBody(1000).listen(app)) {
            String encoded = "application/x-www-form-urlencoded";
            assertEquals(200, status(server, "/", encoded, "a=" + "1".repeat(998)));
            assertEquals(413, status(server, "/", encoded, "a=" + "1".repeat(999)));
            assertEquals(200, status(server, "/few", encoded, "a=" + "1".repeat(98)));
            assertEquals(413, status(server, "/few", encoded, "a=" + "1".repeat(99)));
            String part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n";
            String parts = part + "1".repeat(2000) + "\r\n--b--\r\n";
            assertEquals(200, status(server, "/", "multipart/form-data; boundary=b", parts));
            assertEquals(413, status(server, "/few", "multipart/form-data; boundary=b", parts));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        }));
  }

  private static int status(Server server, String path, String type, String body)
      throws IOException {
    try (Connection connection = Net.connect("127.0.0.1", server.port())) {
      connection.write(
          utf8(
              ("POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ")
                  + (type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)));
      connection.flush();
      String answer = new String(connection.readAll(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    }
  }

  @Test
  void manySmallFilesNeedNoDescriptors() {
    App app = App.create();
    app.post("/", req -> req.uploads("f").size() + " " + req.upload("f").isPresent() + temporary())
        .with(FormLimits.STANDARD.withMemory(0));
    Async.run(() -> {
      try (TestClient client = TestClient.of(app)) {
        var request = client.post("/");
        for (int i = 0; i < 100; i++) {
          request = request.file("f", "f" + i, "a/b", new byte[i == 0 ? 4096 : 1]);
        }
        assertEquals("100 true0", request.send().text());
        var larger = client.post("/").file("f", "f", "a/b", new byte[4097]);
        assertEquals("1 true1", larger.send().text());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void aReadThatIsCancelledLeavesTheFileAsItIs() {
    App app = App.create();
    app.post(
        "/",
        req -> {
          Upload large = req.upload("large").orElseThrow();
          for (int i = 0; i < 50; i++) {
            Task<byte[]> reading = Async.async(large::bytes);
            Async.checkpoint();
            boolean _ = reading.cancel("as told");
            try {
              byte[] _ = reading.await();
            } catch (CancellationException _) {
              // or it has been done before
            }
          }
          return Arrays.equals(LARGE, large.bytes());
        });
    Async.run(() -> {
      try (TestClient client = TestClient.of(app)) {
        var request = client.post("/").file("large", "l", "a/b", LARGE);
        assertEquals("true", request.send().text());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void aHandlerThatBlocksCanTakeAFormAsBytes() {
    App app = App.create();
    app.post("/", blocking((Handler) req -> req.text().startsWith("--")));
    app.post(
            "/limited",
            blocking((Handler) req -> req.form().names().size() + " " + req.uploads("f").size()))
        .with(FormLimits.STANDARD);
    Async.run(() -> {
      try (TestClient client = TestClient.of(app)) {
        assertEquals("true", client.post("/").field("a", "b").send().text());
        var form = client.post("/limited").field("a", "b").file("f", "f", "a/b", LARGE);
        assertEquals("1 1", form.send().text());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  @AsyncTest
  void namesAreNoWordsOfMails() throws IOException {
    App app = App.create();
    app.post("/", req -> req.form().names() + req.uploads("f").toString());
    try (TestClient client = TestClient.of(app)) {
      for (String name : List.of("=?utf-8?B?AAAAA?=", "=?utf-8?Q?a=40?=", "a =?b", "=?x?B?A?=")) {
        var form =
            client.post("/").field(name, "1").file("f", name.replace('?', '!'), "a/b", utf8("x"));
        assertEquals(200, form.send().status(), name);
        assertTrue(form.send().text().startsWith("[" + name + "]"), name);
      }
      var odd = client.post("/").header("Content-Type", "multipart/form-data; boundary=b");
      String head = "--b\r\nContent-Disposition: form-data; name*=";
      for (String name : List.of("utf-8'en'%ZZ", "x y'en'a", "utf-8'en'%", "'", "none''a")) {
        int status = odd.text(head + name + "\r\n\r\nvalue\r\n--b--\r\n").send().status();
        assertTrue(status == 200 || status == 400, name + " " + status);
      }
    }
  }

  private static String line(TestResponse response) {
    return response.status() + " " + response.text();
  }

  @AsyncTest
  void namesOfFilesAreNoPaths() throws IOException {
    App app = App.create();
    app.post("/", req -> req.upload("f").orElseThrow().fileName());
    Map<String, String> names =
        Map.ofEntries(
            Map.entry("../../etc/passwd", "passwd"),
            Map.entry("C:\\temp\\a.txt", "a.txt"),
            Map.entry("..", "file"),
            Map.entry(".htaccess", "htaccess"),
            Map.entry("a/", "file"),
            Map.entry("con:x|y?.txt", "con_x_y_.txt"),
            Map.entry("a\u202Egpj.exe", "a_gpj.exe"),
            Map.entry("tab\there", "tab_here"),
            Map.entry("trailing. .", "trailing"),
            Map.entry("\u5199\u771F.jpg", "\u5199\u771F.jpg"));
    try (TestClient client = TestClient.of(app)) {
      for (Map.Entry<String, String> one : names.entrySet()) {
        var request = client.post("/").file("f", one.getKey(), "a/b", new byte[1]);
        assertEquals(one.getValue(), request.send().text(), one.getKey());
      }
      var long1 = client.post("/").file("f", "\uD83D\uDE00".repeat(300), "a/b", new byte[1]);
      assertEquals(200, utf8(long1.send().text()).length);
    }
  }

  @Test
  void nothingIsLeftOfAnUploadThatIsBrokenOff() throws Exception {
    boolean[] cancelled = {false};
    App app = App.create();
    app.post(
        "/",
        req -> {
          try {
            return req.upload("f").orElseThrow().size();
          } finally {
            cancelled[0] = true;
          }
        });
    String head = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n";
    Async.run(() ->
        app.running(() -> {
          try (Server server = Server.builder().port(0).listen(app)) {
            Connection connection = Net.connect("127.0.0.1", server.port());
            connection.write(
                utf8(
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n"
                        + ("Content-Type: multipart/form-data; boundary=b\r\n\r\n" + head)));
            connection.write(LARGE);
            connection.flush();
            until(() -> temporary() == 1);
            connection.abort();
            until(() -> temporary() == 0);
            assertTrue(cancelled[0]);
          }
        }));
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void until(Condition condition) throws IOException {
    for (int i = 0; i < 5000 && !condition.holds(); i++) {
      Async.sleep(Duration.ofMillis(1));
    }
    assertTrue(condition.holds());
  }

  @AsyncTest
  void aFormIsReadWhileItComes() throws IOException {
    App app = App.create();
    app.post("/", req -> req.form().get("a").orElseThrow());
    byte[] whole =
        utf8("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n--b--\r\nepilogue");
    try (TestClient client = TestClient.of(app)) {
      Channel<byte[]> parts = Channel.unlimited();
      for (byte one : whole) {
        parts.send(new byte[] {one});
      }
      parts.close();
      var request =
          client
              .post("/")
              .header("Content-Type", "multipart/form-data; boundary=\"b\"")
              .body(parts);
      assertEquals("value", request.send().text());
    }
  }
}
