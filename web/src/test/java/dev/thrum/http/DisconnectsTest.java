package dev.thrum.http;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.forEachAll;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.http.Serving.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.thrum.net.Connection;
import dev.thrum.net.Connector;
import dev.thrum.net.Net;
import dev.thrum.net.Tls;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A thousand clients that leave in the middle of anything: no task, connection, buffer or
/// descriptor is left, and the server is as good as at first. `-Dthrum.seed=…` takes a seed that a
/// failure printed.
@Tag("slow") // a thousand clients
final class DisconnectsTest {
  private static final int CLIENTS = 1000;

  @TempDir Path folder;

  private static RandomGenerator generator(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  @Test
  @Timeout(120)
  void nothingIsLeft() throws Exception {
    assertNothingIsLeft(settings -> settings, CLIENTS);
  }

  /// Some of them in the middle of the handshake.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Timeout(120)
  void nothingIsLeftOfTls(boolean openSsl) throws Exception {
    Tls tls = Keys.server(openSsl);
    long before = descriptors();
    assertNothingIsLeft(settings -> settings.tls(tls), CLIENTS / 5);
    assertTrue(descriptors() < before + 20, before + " descriptors, and then " + descriptors());
  }

  private static long descriptors() {
    return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
        .getOpenFileDescriptorCount();
  }

  private void assertNothingIsLeft(UnaryOperator<Server.Builder> settings, int clients)
      throws Exception {
    long seed = Long.getLong("thrum.seed", RandomGenerator.getDefault().nextLong());
    Path file = Files.write(folder.resolve("file"), new byte[500_000]);
    int[] running = {0};
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Serving.with(
          settings,
          exchange -> {
            running[0]++;
            try {
              answer(exchange, channel);
            } finally {
              running[0]--;
            }
          },
          server -> {
            List<Integer> numbers = IntStream.range(0, clients).boxed().toList();
            forEachAll(numbers, 30, number -> visit(server, generator(seed + number)));
            try (RawClient client = new RawClient(connect(server, "http/1.1"))) {
              assertEquals("hello", client.get("/").response().body());
            }
            while (server.connections() > 0) {
              sleep(MILLI);
            }
            assertEquals(0, running[0], "requests that still run");
          });
    } catch (Throwable e) {
      e.addSuppressed(new AssertionError("-Dthrum.seed=" + seed));
      throw e;
    }
  }

  private static void answer(Exchange exchange, FileChannel file) throws IOException {
    switch (exchange.target()) {
      case "/body" -> {
        byte[] body = exchange.readAll();
        exchange.respond(200, Headers.create(), body);
      }
      case "/echo" -> {
        exchange.begin(200, Headers.create());
        for (byte[] some = exchange.read(5000); some.length > 0; some = exchange.read(5000)) {
          exchange.write(some);
        }
      }
      case "/long" -> {
        exchange.begin(200, Headers.create());
        for (int i = 0; i < 50; i++) {
          exchange.write(new byte[20_000]);
          checkpoint();
        }
      }
      case "/file" -> {
        exchange.begin(200, Headers.of("Content-Length", "500000"));
        exchange.write(file, 0, 500_000);
      }
      case "/slow" -> {
        sleep(MILLI.multipliedBy(20));
        exchange.respond(200, Headers.create(), new byte[10]);
      }
      default ->
          exchange.respond(
              200, Headers.create(), "hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
  }

  private static String target(RandomGenerator random) {
    String[] targets = {"/body", "/echo", "/long", "/file", "/slow", "/"};
    return targets[random.nextInt(targets.length)];
  }

  private static void visit(Server server, RandomGenerator random) throws IOException {
    int kind = random.nextInt(6);
    if (kind == 0) {
      Connection connection = Net.connect("127.0.0.1", server.port());
      leave(connection, random, () -> mumble(connection, random));
    } else if (kind < 3) {
      RawHttp2 client = RawHttp2.over(connect(server, "h2"));
      leave(client.connection, random, () -> talk(client, random));
    } else {
      RawClient client = new RawClient(connect(server, "http/1.1"));
      leave(client.connection, random, () -> talk(client, random));
    }
  }

  private static Connection connect(Server server, String protocol) throws IOException {
    Connector connector = Net.connector();
    return (server.scheme().equals("https")
            ? connector.tls(Keys.client().applicationProtocols(protocol))
            : connector)
        .connect("127.0.0.1", server.port());
  }

  /// What could be the beginning of TLS, and is not.
  private static void mumble(Connection connection, RandomGenerator random) throws IOException {
    byte[] bytes = new byte[random.nextInt(1, 300)];
    random.nextBytes(bytes);
    bytes[0] = 0x16;
    connection.write(bytes);
    connection.flush();
    byte[] _ = connection.read(1);
  }

  private interface Talk {
    void run() throws IOException;
  }

  private static void leave(Connection connection, RandomGenerator random, Talk talk) {
    try {
      int _ =
          timeoutOr(
              MILLI.multipliedBy(random.nextInt(1, 30)),
              0,
              () -> {
                talk.run();
                return 0;
              });
    } catch (IOException e) {
      // The server may have had enough of it.
    } finally {
      if (random.nextBoolean()) {
        connection.abort();
      } else {
        closeQuietly(connection);
      }
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // Not everything could be sent, and nobody expected it.
    }
  }

  private static void talk(RawClient client, RandomGenerator random) throws IOException {
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      int length = random.nextInt(2) * random.nextInt(300_000);
      String framing =
          random.nextBoolean() ? "Content-Length: " + length : "Transfer-Encoding: chunked";
      client.send("POST " + target(random) + " HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n");
      int part = random.nextInt(length + 1);
      if (framing.startsWith("T")) {
        client.send(Integer.toHexString(Math.max(1, length)) + "\r\n");
      }
      client.connection.write(new byte[random.nextBoolean() ? part : length]);
      client.connection.flush();
    }
    while (client.connection.read(random.nextInt(1, 50_000)).length > 0) {
      if (random.nextInt(10) == 0) {
        sleep(MILLI);
      }
    }
  }

  private static void talk(RawHttp2 client, RandomGenerator random) throws IOException {
    for (int stream = 1; stream < 2 * random.nextInt(1, 10); stream += 2) {
      client.post(stream, target(random));
      client.send(RawHttp2.DATA, random.nextInt(2), stream, new byte[random.nextInt(10_000)]);
      if (random.nextInt(3) == 0) {
        byte[] cancel = ByteBuffer.allocate(4).putInt(8).array();
        client.send(RawHttp2.RST_STREAM, 0, stream, cancel);
      }
    }
    while (true) {
      RawHttp2.Frame frame = client.frame();
      if (frame.type() == RawHttp2.GOAWAY) {
        return;
      }
    }
  }
}
