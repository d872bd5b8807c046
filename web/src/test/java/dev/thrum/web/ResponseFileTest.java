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
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Files that handlers send.
final class ResponseFileTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("digits.txt");
    Files.writeString(file, "0123456789");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2025-03-04T05:06:07Z")));
  }

  private App app() {
    App app = App.create().metrics();
    app.get("/file", _ -> file);
    app.get("/own", _ -> Response.file(file).header("ETag", "\"v1\"").type("text/csv"));
    app.get("/made", _ -> Response.file(file).status(201));
    app.get("/none", _ -> folder.resolve("none"));
    app.get("/folder", _ -> folder);
    app.post("/file", _ -> file);
    app.onStatus(404, (_, e) -> "no: " + e.detail());
    return app;
  }

  private static TestResponse get(TestClient client, String path, String... headers)
      throws IOException {
    var request = client.request("GET", path);
    for (int i = 0; i < headers.length; i += 2) {
      var _ = request.header(headers[i], headers[i + 1]);
    }
    return request.send();
  }

  @AsyncTest
  void aDownloadIsAFileUnderAnotherName() throws IOException {
    App app = App.create();
    app.get("/file", _ -> Response.download(file, "a.txt"));
    app.get("/none", _ -> Response.download(folder.resolve("none"), "a.txt"));
    try (TestClient client = TestClient.of(app)) {
      TestResponse part = get(client, "/file", "Range", "bytes=2-4");
      assertEquals("234", part.text());
      assertEquals("attachment; filename=\"a.txt\"", part.header("Content-Disposition"));
      TestResponse none = client.get("/none");
      assertEquals(404, none.status());
      assertTrue(none.headers().get("Content-Disposition").isEmpty());
    }
  }

  @AsyncTest
  void partsAreSent() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse whole = client.get("/file");
      assertEquals("0123456789", whole.text());
      assertEquals("bytes", whole.header("Accept-Ranges"));
      assertEquals("text/plain; charset=utf-8", whole.header("Content-Type"));
      String etag = whole.header("ETag");
      assertTrue(etag.matches("\"[0-9a-f]+-a\""), etag);
      TestResponse part = get(client, "/file", "Range", "bytes=2-4");
      assertEquals("206 234", part.status() + " " + part.text());
      assertEquals("bytes 2-4/10", part.header("Content-Range"));
      assertEquals("3", part.header("Content-Length"));
      assertEquals("789", get(client, "/file", "Range", "bytes=-3").text());
      TestResponse none = get(client, "/file", "Range", "bytes=10-");
      assertEquals("416 bytes */10", none.status() + " " + none.header("Content-Range"));
      assertEquals("234", get(client, "/file", "Range", "bytes=2-4", "If-Range", etag).text());
      String old = "\"old\"";
      assertEquals(200, get(client, "/file", "Range", "bytes=2-4", "If-Range", old).status());
      TestResponse several = get(client, "/file", "Range", "bytes=0-1,-1");
      assertEquals(206, several.status());
      String type = several.header("Content-Type");
      assertTrue(type.startsWith("multipart/byteranges; boundary="), type);
      String boundary = type.substring(type.indexOf('=') + 1);
      assertEquals(
          """
          --B
          Content-Type: text/plain; charset=utf-8
          Content-Range: bytes 0-1/10

          01
          --B
          Content-Type: text/plain; charset=utf-8
          Content-Range: bytes 9-9/10

          9
          --B--
          """,
          several.text().replace("\r\n", "\n").replace(boundary, "B"));
      TestResponse head = client.head("/file");
      assertEquals("10", head.header("Content-Length"));
    }
  }

  @AsyncTest
  void conditionsCount() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      String etag = client.get("/file").header("ETag");
      TestResponse same = get(client, "/file", "If-None-Match", etag);
      assertEquals("304 ", same.status() + " " + same.text());
      assertEquals(etag, same.header("ETag"));
      assertEquals("", same.header("Content-Type"));
      String date = "Tue, 04 Mar 2025 05:06:07 GMT";
      assertEquals(date, client.get("/file").header("Last-Modified"));
      assertEquals(304, get(client, "/file", "If-Modified-Since", date).status());
      assertEquals(412, get(client, "/file", "If-Match", "\"x\"").status());
      TestResponse own = get(client, "/own", "If-None-Match", "\"v1\"");
      assertEquals("304 \"v1\"", own.status() + " " + own.header("ETag"));
      assertEquals("text/csv", client.get("/own").header("Content-Type"));
    }
  }

  @AsyncTest
  void onlyAPlainAnswerToGetIsConditional() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      TestResponse made = get(client, "/made", "Range", "bytes=2-4");
      assertEquals("201 0123456789", made.status() + " " + made.text());
      TestResponse posted = client.post("/file").header("Range", "bytes=2-4").send();
      assertEquals("200 0123456789", posted.status() + " " + posted.text());
    }
  }

  @AsyncTest
  void whatIsNotThereIsAnError() throws IOException {
    try (TestClient client = TestClient.of(app())) {
      for (String path : List.of("/none", "/folder")) {
        assertEquals("no: Not Found", client.get(path).text());
      }
      var _ = get(client, "/file", "Range", "bytes=2-4");
      String counted = client.get("/metrics").text();
      assertTrue(counted.contains("route=\"/file\",status=\"206\"} 1"), counted);
    }
  }
}
