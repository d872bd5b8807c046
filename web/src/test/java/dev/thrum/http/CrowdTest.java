package dev.thrum.http;

import static dev.thrum.Async.gather;
import static dev.thrum.Async.sleep;
import static dev.thrum.http.Serving.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.thrum.http.RawClient.Response;
import dev.thrum.process.Subprocess;
import dev.thrum.web.App;
import dev.thrum.web.Decompression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many clients at a time that do nothing, or send what becomes much more than it is.
@Tag("slow") // many clients
final class CrowdTest {

  /// Connects and asks once, many times over, and then stays until it is told to go.
  private static final String CROWD =
      """
      import socket, sys
      crowd = []
      for i in range(int(sys.argv[2])):
        one = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        one.sendall(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
        assert one.recv(1000).startswith(b"HTTP/1.1 200 ")
        crowd.append(one)
      print("there", flush=True)
      sys.stdin.read()
      """;

  @Test
  @Tag("peers")
  void twoThousandIdleConnectionsCostLittle() throws Exception {
    assertIdleOnesCostLittle(2000);
  }

  @Test
  @Tag("peers")
  @Tag("soak") // takes ten thousand descriptors here and in a child
  void tenThousandIdleConnectionsCostLittle() throws Exception {
    assertIdleOnesCostLittle(10_000);
  }

  private static void assertIdleOnesCostLittle(int count) throws Exception {
    long descriptors = descriptors();
    Serving.with(
        Serving::echo,
        server -> {
          long before = used();
          try (Subprocess crowd =
              PeerApp.python(CROWD, Integer.toString(server.port()), Integer.toString(count))
                  .start()) {
            assertEquals("there", crowd.stdout().readLine().orElseThrow());
            assertEquals(count, server.connections());
            long each = (used() - before) / count;
            assertTrue(each < 20_000, "an idle connection takes " + each + " bytes");
            for (int i = 0; i < 20; i++) {
              try (RawClient client = Serving.connect(server)) {
                assertEquals(200, client.get("/").response().status());
              }
            }
            crowd.stdin().close();
            assertEquals(0, crowd.waitFor());
          }
          while (server.connections() > 0) {
            sleep(MILLI);
          }
        });
    assertTrue(descriptors() < descriptors + 20, descriptors + " and then " + descriptors());
  }

  private static long descriptors() {
    return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
        .getOpenFileDescriptorCount();
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /// A hundred megabytes in a hundred kilobytes each.
  @Test
  void bodiesThatUnpackToTooMuchAreRefused() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 100; i++) {
        out.write(zeros);
      }
    }
    byte[] bomb = packed.toByteArray();
    App app = App.create();
    app.use(Decompression.upTo(1 << 20));
    app.post("/", req -> req.body().length);
    Serving.run(() ->
        app.running(() -> {
          try (Server server = Server.builder().port(0).grace(MILLI).listen(app)) {
            for (int i = 0; i < 5; i++) {
              gather(
                  () -> assertRefused(server, bomb),
                  () -> assertRefused(server, bomb),
                  () -> assertRefused(server, bomb));
            }
          }
        }));
  }

  private static void assertRefused(Server server, byte[] bomb) throws IOException {
    try (RawClient client = Serving.connect(server)) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: "
              + bomb.length
              + "\r\n\r\n");
      client.connection.write(bomb);
      client.connection.flush();
      Response refused = client.response();
      assertEquals(413, refused.status());
    }
  }
}
