package dev.thrum.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.testkit.AsyncTest;
import dev.thrum.web.test.TestClient;
import dev.thrum.web.test.TestResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Files of a folder: which are sent, when, and which parts of them.
final class StaticFilesTest {
  private static final Instant CHANGED = Instant.parse("2025-03-04T05:06:07.5Z");
  private static final String DATE = "Tue, 04 Mar 2025 05:06:07 GMT";

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void files() throws IOException {
    folder = Files.createDirectory(temp.resolve("public"));
    put(folder.resolve("digits.txt"), "0123456789");
    put(folder.resolve("app.js"), "plain");
    put(folder.resolve("app.js.br"), "by brotli");
    put(folder.resolve("app.js.gz"), "by gzip");
    put(folder.resolve(".secret"), "secret");
    put(folder.resolve("empty.css"), "");
    put(temp.resolve("outside.txt"), "outside");
    Path part = Files.createDirectory(folder.resolve("part"));
    put(part.resolve("index.html"), "<p>part");
    Files.createDirectory(folder.resolve("bare"));
    Files.createSymbolicLink(folder.resolve("out.txt"), temp.resolve("outside.txt"));
    Files.createSymbolicLink(folder.resolve("up"), temp);
    Files.createSymbolicLink(folder.resolve("within.txt"), Path.of("digits.txt"));
    Files.createSymbolicLink(folder.resolve("digits.txt.gz"), temp.resolve("outside.txt"));
  }

  private static void put(Path path, String text) throws IOException {
    Files.writeString(path, text);
    Files.setLastModifiedTime(path, FileTime.from(CHANGED));
  }

  private TestClient client() {
    App app = App.create();
    app.files("/static", folder);
    app.files("/linked", StaticFiles.of(folder).followingLinks().keptFor(Duration.ofHours(1)));
    return TestClient.of(app);
  }

  private static TestResponse range(TestClient client, String range, String... headers)
      throws IOException {
    var request = client.request("GET", "/static/within.txt").header("Range", range);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request.send();
  }

  @AsyncTest
  void aFileIsSentWithWhatIsKnownOfIt() throws IOException {
    try (TestClient client = client()) {
      TestResponse sent = client.get("/static/within.txt");
      assertEquals(200, sent.status());
      assertEquals("0123456789", sent.text());
      assertEquals("text/plain; charset=utf-8", sent.header("Content-Type"));
      assertEquals("10", sent.header("Content-Length"));
      assertEquals(DATE, sent.header("Last-Modified"));
      assertEquals("bytes", sent.header("Accept-Ranges"));
      assertTrue(sent.header("ETag").matches("\"[0-9a-f]+-a\""), sent.header("ETag"));
      assertEquals("", sent.header("Cache-Control"));
      assertEquals(
          "public, max-age=3600", client.get("/linked/within.txt").header("Cache-Control"));
    }
  }

  @AsyncTest
  void headIsAnsweredWithoutTheBody() throws IOException {
    try (TestClient client = client()) {
      TestResponse sent =
          client.request("HEAD", "/static/within.txt").header("Range", "bytes=0-1").send();
      assertEquals(200, sent.status());
      assertEquals("10", sent.header("Content-Length"));
      assertEquals("", sent.text());
      assertEquals(405, client.post("/static/within.txt").send().status());
      assertEquals("0", client.get("/static/empty.css").header("Content-Length"));
    }
  }

  @AsyncTest
  void nothingOutsideTheFolderIsSent() throws IOException {
    List<String> paths =
        List.of(
            "../outside.txt",
            "%2e%2e/outside.txt",
            "..%2foutside.txt",
            "%2e%2e%2foutside.txt",
            "..%5coutside.txt",
            "part/../../outside.txt",
            "part/..%2f..%2foutside.txt",
            "%2ftmp",
            "/etc/passwd",
            "within.txt%00",
            "within.txt%00.html",
            "./within.txt",
            "part//index.html",
            ".secret",
            "out.txt",
            "up/outside.txt",
            "digits.txt.gz",
            "bare/",
            "bare",
            "within.txt/",
            "nothing",
            "a%0d%0ab");
    try (TestClient client = client()) {
      for (String path : paths) {
        assertEquals(404, client.get("/static/" + path).status(), path);
      }
      assertEquals("outside", client.get("/linked/out.txt").text());
      assertEquals("outside", client.get("/linked/up/outside.txt").text());
      assertEquals(404, client.get("/linked/../outside.txt").status());
    }
  }

  @AsyncTest
  void aFolderIsItsIndex() throws IOException {
    try (TestClient client = client()) {
      assertEquals("<p>part", client.get("/static/part/").text());
      TestResponse sent = client.get("/static/part?a=b");
      assertEquals(307, sent.status());
      assertEquals("/static/part/?a=b", sent.header("Location"));
      assertEquals(404, client.get("/static/").status());
      put(folder.resolve("index.html"), "<p>all");
      assertEquals("<p>all", client.get("/static/").text());
    }
  }

  @AsyncTest
  void whatHasNotChangedIsNotSentAgain() throws IOException {
    try (TestClient client = client()) {
      String tag = client.get("/static/within.txt").header("ETag");
      String[][] cases = {
        {"304", "If-None-Match", tag},
        {"304", "If-None-Match", "\"other\", W/" + tag},
        {"304", "If-None-Match", "*"},
        {"200", "If-None-Match", "\"other\""},
        {"304", "If-Modified-Since", DATE},
        {"304", "If-Modified-Since", "Wed, 05 Mar 2025 05:06:07 GMT"},
        {"200", "If-Modified-Since", "Tue, 04 Mar 2025 05:06:06 GMT"},
        {"200", "If-Modified-Since", "yesterday"},
        {"200", "If-None-Match", "\"other\"", "If-Modified-Since", DATE},
        {"412", "If-Match", "\"other\""},
        {"412", "If-Match", "W/" + tag},
        {"200", "If-Match", tag},
        {"412", "If-Unmodified-Since", "Tue, 04 Mar 2025 05:06:06 GMT"},
        {"200", "If-Unmodified-Since", DATE},
      };
      for (String[] one : cases) {
        var request = client.request("GET", "/static/within.txt");
        for (int i = 1; i < one.length; i += 2) {
          request.header(one[i], one[i + 1]);
        }
        TestResponse sent = request.send();
        assertEquals(one[0], Integer.toString(sent.status()), Arrays.toString(one));
        assertEquals(one[0].equals("200") ? "0123456789" : "", sent.text());
        assertEquals(tag, sent.header("ETag"));
      }
      put(folder.resolve("digits.txt"), "9876543210");
      Files.setLastModifiedTime(
          folder.resolve("digits.txt"), FileTime.from(CHANGED.plusSeconds(1)));
      assertEquals(
          "9876543210",
          client.request("GET", "/static/within.txt").header("If-None-Match", tag).send().text());
    }
  }

  @AsyncTest
  void aPartIsSent() throws IOException {
    try (TestClient client = client()) {
      String[][] cases = {
        {"bytes=0-0", "0", "bytes 0-0/10"},
        {"bytes=2-4", "234", "bytes 2-4/10"},
        {"bytes=7-", "789", "bytes 7-9/10"},
        {"bytes=7-999", "789", "bytes 7-9/10"},
        {"bytes=-3", "789", "bytes 7-9/10"},
        {"bytes=-30", "0123456789", "bytes 0-9/10"},
        {"Bytes= 0-1 , 20-30", "01", "bytes 0-1/10"},
      };
      for (String[] one : cases) {
        TestResponse sent = range(client, one[0]);
        assertEquals(206, sent.status(), one[0]);
        assertEquals(one[1], sent.text());
        assertEquals(one[2], sent.header("Content-Range"));
        assertEquals(Integer.toString(one[1].length()), sent.header("Content-Length"));
      }
    }
  }

  @AsyncTest
  void severalPartsAreSentAsOneMessage() throws IOException {
    try (TestClient client = client()) {
      TestResponse sent = range(client, "bytes=0-1, 4-5,-1");
      assertEquals(206, sent.status());
      String type = sent.header("Content-Type");
      assertTrue(type.matches("multipart/byteranges; boundary=[0-9a-f]{32}"), type);
      String boundary = type.substring(type.indexOf('=') + 1);
      String before = "--" + boundary + "\r\nContent-Type: text/plain; charset=utf-8\r\n";
      assertEquals(
          before
              + "Content-Range: bytes 0-1/10\r\n\r\n01\r\n"
              + before
              + "Content-Range: bytes 4-5/10\r\n\r\n45\r\n"
              + before
              + "Content-Range: bytes 9-9/10\r\n\r\n9\r\n--"
              + boundary
              + "--\r\n",
          sent.text());
      assertEquals(Integer.toString(sent.bytes().length), sent.header("Content-Length"));
      assertEquals("", sent.header("Content-Range"));
    }
  }

  @AsyncTest
  void partsThatAreNotThereAreRefusedAndOddOnesPassedOver() throws IOException {
    try (TestClient client = client()) {
      for (String one : List.of("bytes=10-", "bytes=-0", "bytes=20-30,40-")) {
        TestResponse sent = range(client, one);
        assertEquals(416, sent.status(), one);
        assertEquals("bytes */10", sent.header("Content-Range"));
        assertEquals("", sent.text());
      }
      String many = "bytes=" + "0-0,".repeat(16) + "0-0";
      for (String one :
          List.of(
              "bytes=4-2", "bytes=", "bytes=a-b", "bytes=--1", "lines=1-2", "bytes=0-,0-", many)) {
        TestResponse sent = range(client, one);
        assertEquals(200, sent.status(), one);
        assertEquals("0123456789", sent.text());
      }
    }
  }

  @AsyncTest
  void partsOfSomethingElseAreNotSent() throws IOException {
    try (TestClient client = client()) {
      String tag = client.get("/static/within.txt").header("ETag");
      assertEquals(206, range(client, "bytes=1-2", "If-Range", tag).status());
      assertEquals(206, range(client, "bytes=1-2", "If-Range", DATE).status());
      assertEquals(200, range(client, "bytes=1-2", "If-Range", "\"other\"").status());
      assertEquals(200, range(client, "bytes=1-2", "If-Range", "W/" + tag).status());
      assertEquals(
          200, range(client, "bytes=1-2", "If-Range", "Tue, 04 Mar 2025 05:06:08 GMT").status());
      assertEquals(304, range(client, "bytes=1-2", "If-None-Match", tag).status());
    }
  }

  @AsyncTest
  void aFileThatWasCompressedBeforeIsSentToWhomTakesIt() throws IOException {
    String[][] cases = {
      {"gzip, deflate, br", "br", "by brotli"},
      {"gzip", "gzip", "by gzip"},
      {"br;q=0.5, gzip;q=0.8", "gzip", "by gzip"},
      {"*", "br", "by brotli"},
      {"br;q=0, *", "gzip", "by gzip"},
      {"identity, gzip;q=0.5", "", "plain"},
      {"gzip;q=0", "", "plain"},
      {"zstd", "", "plain"},
    };
    try (TestClient client = client()) {
      for (String[] one : cases) {
        TestResponse sent =
            client.request("GET", "/static/app.js").header("Accept-Encoding", one[0]).send();
        assertEquals(one[1], sent.header("Content-Encoding"), one[0]);
        assertEquals(one[2], sent.text());
        assertEquals("text/javascript; charset=utf-8", sent.header("Content-Type"));
        assertEquals("Accept-Encoding", sent.header("Vary"));
      }
      String plain = client.get("/static/app.js").header("ETag");
      TestResponse packed =
          client
              .request("GET", "/static/app.js")
              .header("Accept-Encoding", "br")
              .header("If-None-Match", plain)
              .send();
      assertEquals(200, packed.status());
      assertEquals("", client.get("/static/part/").header("Vary"));
    }
  }
}
