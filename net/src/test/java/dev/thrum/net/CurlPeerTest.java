package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.READ;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.process.Command;
import dev.thrum.process.Completed;
import dev.thrum.process.Subprocess;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A server that knows just enough of HTTP/1.0 for the `curl` program.
@Tag("peers")
@Tag("slow") // starts programs
final class CurlPeerTest {
  private static final String LENGTH = "content-length: ";

  @TempDir Path folder;

  /// Sends back what a request brought, or its path.
  private static void respond(Connection connection) throws IOException {
    String request = connection.readLine().orElseThrow();
    int length = 0;
    for (String line : connection.lines()) {
      if (line.isEmpty()) {
        break;
      }
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith(LENGTH)) {
        length = Integer.parseInt(lower.substring(LENGTH.length()));
      }
    }
    byte[] body =
        length > 0 ? connection.readExactly(length) : request.split(" ", 3)[1].getBytes(US_ASCII);
    connection.write("HTTP/1.0 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
    connection.write(body);
  }

  private static Command curl(String... more) {
    return Subprocess.command("curl", "--silent", "--show-error", "--noproxy", "*")
        .with("--cacert", Certificates.authority().toString(), "-H", "Expect:")
        .with(more);
  }

  private static String url(String scheme, Listener listener) {
    return scheme + "://127.0.0.1:" + listener.port() + "/some/path";
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void itGetsAndPosts(Via via) throws IOException {
    byte[] bytes = random(1 << 20);
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        background(() -> listener.serve(CurlPeerTest::respond));
        String url = url("http", listener);
        assertEquals("/some/path", curl(url).run().check().stdout());
        Completed posted = curl("--data-binary", "@-", url).run(bytes);
        assertArrayEquals(bytes, posted.check().stdoutBytes());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void itGetsAndPostsOverTls(Secured way) throws IOException {
    byte[] bytes = random(1 << 20);
    way.run(() -> {
      Tls tls = way.server().applicationProtocols("http/1.1");
      try (Listener listener = Net.listener().tls(tls).listen("127.0.0.1", 0)) {
        background(() -> listener.serve(CurlPeerTest::respond));
        String url = url("https", listener);
        assertEquals("/some/path", curl("--tlsv1.3", url).run().check().stdout());
        assertEquals("/some/path", curl("--tls-max", "1.2", url).run().check().stdout());
        Completed posted = curl("--data-binary", "@-", url).run(bytes);
        assertArrayEquals(bytes, posted.check().stdoutBytes());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void itRefusesWhomItDoesNotTrust(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0)) {
        background(() -> listener.serve(CurlPeerTest::respond));
        Completed refused =
            curl("--cacert", Certificates.nobody().toString(), url("https", listener)).run();
        assertEquals(60, refused.exitCode(), refused.stderr());
        assertEquals("/some/path", curl(url("https", listener)).run().check().stdout());
      }
    });
  }

  /// It says first for whom it connects, in the clear, and sends the beginning of TLS along.
  @ParameterizedTest
  @EnumSource
  void itComesThroughAProxy(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        Task<String> server =
            async(() -> {
              try (Connection connection = listener.accept()) {
                String header = connection.readLine().orElseThrow();
                connection.startTls(way.server());
                respond(connection);
                return header;
              }
            });
        Completed got = curl("--haproxy-protocol", url("https", listener)).run();
        assertEquals("/some/path", got.check().stdout());
        assertTrue(await(server).startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 "), await(server));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void itUsesAUnixSocket(Via via) throws IOException {
    Path socket = folder.resolve("socket");
    via.run(() -> {
      try (Listener listener = Net.listen(UnixDomainSocketAddress.of(socket))) {
        background(() -> listener.serve(CurlPeerTest::respond));
        Completed got = curl("--unix-socket", socket.toString(), "http://localhost/x").run();
        assertEquals("/x", got.check().stdout());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void itGetsAFileToTheEndOfTheStream(Secured way) throws IOException {
    byte[] bytes = random(3_000_000);
    Path file = Files.write(folder.resolve("file"), bytes);
    way.run(() -> {
      try (FileChannel channel = FileChannel.open(file, READ);
          Listener plain = Net.listen("127.0.0.1", 0);
          Listener secure = Net.listener().tls(way.server()).listen("127.0.0.1", 0)) {
        for (Listener listener : new Listener[] {plain, secure}) {
          background(() ->
              listener.serve(connection -> {
                while (!connection.readLine().orElseThrow().isEmpty()) {}
                connection.write("HTTP/1.0 200 OK\r\n\r\n");
                assertEquals(bytes.length, connection.sendFile(channel, 0, Long.MAX_VALUE));
              }));
          String url = url(listener == plain ? "http" : "https", listener);
          assertArrayEquals(bytes, curl(url).run().check().stdoutBytes());
        }
      }
    });
  }

  /// A handler that fails leaves no answer that could be taken for whole.
  @ParameterizedTest
  @EnumSource
  void itSeesThatAnAnswerWasCutOff(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0)) {
        Task<?> server =
            async(() -> {
              Connection connection = listener.accept();
              while (!connection.readLine().orElseThrow().isEmpty()) {}
              connection.write("HTTP/1.0 200 OK\r\n\r\nhalf");
              connection.flush();
              connection.abort();
            });
        Completed got = curl(url("https", listener)).run();
        await(server);
        assertTrue(got.exitCode() != 0, "it took it for whole: " + got.stdout());
      }
    });
  }
}
