package dev.thrum.http.client;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Task;
import dev.thrum.http.HttpVersion;
import dev.thrum.http.Serving;
import dev.thrum.process.Subprocess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Python's own server, which another maker has written.
@Tag("peers")
final class PeersTest {
  private static final String SERVER =
      """
      import http.server, gzip, sys

      class Handler(http.server.BaseHTTPRequestHandler):
          protocol_version = "HTTP/1.1"

          def log_message(self, *args):
              pass

          def body(self):
              if self.headers.get("Transfer-Encoding") == "chunked":
                  parts = b""
                  while True:
                      size = int(self.rfile.readline().strip(), 16)
                      parts += self.rfile.read(size)
                      self.rfile.readline()
                      if size == 0:
                          return parts
              return self.rfile.read(int(self.headers.get("Content-Length", "0")))

          def do_GET(self):
              if self.path == "/old":
                  self.send_response(302)
                  self.send_header("Location", "/gzip")
                  self.send_header("Content-Length", "0")
                  self.end_headers()
                  return
              text = gzip.compress(b"from python " * 1000)
              self.send_response(200)
              self.send_header("Content-Encoding", "gzip")
              self.send_header("Transfer-Encoding", "chunked")
              self.end_headers()
              for i in range(0, len(text), 10):
                  part = text[i:i + 10]
                  self.wfile.write(b"%x\\r\\n%s\\r\\n" % (len(part), part))
              self.wfile.write(b"0\\r\\n\\r\\n")

          def do_POST(self):
              body = self.body()
              self.send_response(200)
              self.send_header("Content-Length", str(len(body)))
              self.end_headers()
              self.wfile.write(body)

      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
      print(server.server_port, flush=True)
      server.serve_forever()
      """;

  @Test
  void pythonsServerIsUnderstood(@TempDir Path folder) throws Exception {
    Path script = folder.resolve("server.py");
    Files.writeString(script, SERVER);
    Serving.run(() -> {
      try (Subprocess python = Subprocess.start("python3", script.toString())) {
        String base = "http://127.0.0.1:" + python.stdout().readLine().orElseThrow();
        try (HttpClient client = HttpClient.builder().baseUrl(base).open()) {
          HttpResponse led = client.get("/old");
          assertEquals("from python ".repeat(1000), led.text());
          assertEquals(HttpVersion.HTTP_1_1, led.version());
          byte[] large = "body ".repeat(100_000).getBytes(UTF_8);
          assertArrayEquals(large, client.post("/", HttpBody.bytes(large)).bytes());
          assertArrayEquals(
              large, client.post("/", HttpBody.stream("a/b", out -> out.write(large))).bytes());
          List<Task<HttpResponse>> tasks = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            String text = "number " + i;
            tasks.add(async(() -> client.post("/", HttpBody.text(text))));
          }
          for (int i = 0; i < 50; i++) {
            assertEquals("number " + i, await(tasks.get(i)).text());
          }
        }
        python.kill();
      }
    });
  }
}
