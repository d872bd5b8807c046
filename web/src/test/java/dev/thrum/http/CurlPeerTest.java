package dev.thrum.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.process.Command;
import dev.thrum.process.Completed;
import dev.thrum.process.Subprocess;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The `curl` program as a client.
@Tag("peers")
@Tag("slow") // starts programs
final class CurlPeerTest {
  private static final String AUTHORITY = Keys.authority().toString();

  @TempDir Path folder;

  /// How it gets at a server.
  enum Way {
    HTTP_1("HTTP/1.1", false, "--http1.1"),
    HTTP_1_TLS("HTTP/1.1", true, "--http1.1"),
    HTTP_2("HTTP/2", false, "--http2-prior-knowledge"),
    HTTP_2_TLS("HTTP/2", true, "--http2"),

    /// Asks whether it may go on in HTTP/2, and may not.
    UPGRADE("HTTP/1.1", false, "--http2");

    private final String spoken;
    private final boolean secure;
    private final String option;

    Way(String spoken, boolean secure, String option) {
      this.spoken = spoken;
      this.secure = secure;
      this.option = option;
    }

    private Server.Builder settings(Server.Builder builder) {
      return secure ? builder.tls(Keys.server(true)) : builder;
    }

    Command curl(Server server, String target, String... more) {
      return CurlPeerTest.curl(option, "--cacert", AUTHORITY)
          .with(more)
          .with(server.scheme() + "://localhost:" + server.port() + target);
    }
  }

  private static Command curl(String... more) {
    return Subprocess.command("curl", "--silent", "--show-error", "--noproxy", "*", "-4")
        .with("--max-time", "20")
        .with(more);
  }

  @ParameterizedTest
  @EnumSource
  void itGetsAndUploads(Way way) throws Exception {
    PeerApp app = new PeerApp(folder);
    Path file = folder.resolve("file.bin");
    app.serve(
        way::settings,
        server -> {
          String who = way.curl(server, "/who").run().check().stdout();
          assertTrue(who.contains("\"version\":\"" + way.spoken + "\""), who);
          assertTrue(who.contains("\"scheme\":\"" + server.scheme() + "\""), who);
          assertArrayEquals(app.bytes(), way.curl(server, "/file").run().check().stdoutBytes());
          String upload = file.toString();
          assertArrayEquals(
              app.bytes(), way.curl(server, "/echo", "-T", upload).run().check().stdoutBytes());
          assertArrayEquals(
              app.bytes(),
              way.curl(server, "/echo", "--data-binary", "@-", "-H", "Expect: 100-continue")
                  .run(app.bytes())
                  .check()
                  .stdoutBytes());
        });
  }

  @ParameterizedTest
  @EnumSource
  void itSeesHeadersAndRangesAndCompression(Way way) throws Exception {
    PeerApp app = new PeerApp(folder);
    app.serve(
        way::settings,
        server -> {
          String head = way.curl(server, "/file", "--head").run().check().stdout();
          String lower = head.toLowerCase(Locale.ROOT);
          assertTrue(lower.contains("content-length: " + PeerApp.SIZE), head);
          Completed part = way.curl(server, "/files/file.bin", "-r", "1000-1999", "-i").run();
          assertTrue(part.check().stdout().startsWith(way.spoken + " 206"), part.stdout());
          assertArrayEquals(
              app.bytes(1000, 2000),
              way.curl(server, "/files/file.bin", "-r", "1000-1999").run().stdoutBytes());
          Completed plain = way.curl(server, "/words").run().check();
          Completed packed =
              way.curl(server, "/words", "--compressed", "-w", "%{size_download}").run().check();
          assertTrue(packed.stdout().startsWith(plain.stdout()));
          int sent = Integer.parseInt(packed.stdout().substring(plain.stdout().length()));
          assertTrue(sent < plain.stdout().length() / 10, "it was sent " + sent + " bytes");
        });
  }

  /// In HTTP/2 without TLS curl 7.88 mixes its frames up when it asks again, with any server.
  @ParameterizedTest
  @EnumSource(names = "HTTP_2", mode = EnumSource.Mode.EXCLUDE)
  void itUsesOneConnectionForMany(Way way) throws Exception {
    PeerApp app = new PeerApp(folder);
    app.serve(
        way::settings,
        server -> {
          Completed all = way.curl(server, "/hello?[1-60]", "-w", "%{num_connects} ").run().check();
          String told = all.stdout().replace("hello\n", "");
          assertEquals("1 " + "0 ".repeat(59), told);
          Completed atOnce =
              way.curl(server, "/hello?[1-60]", "--parallel", "--parallel-max", "30").run();
          assertEquals("hello\n".repeat(60), atOnce.check().stdout());
        });
  }

  /// It asks for the body only where it is wanted.
  @Test
  void itIsToldBeforeItSendsWhatIsTooLong() throws Exception {
    PeerApp app = new PeerApp(folder);
    app.serve(
        settings -> settings.maxBody(1000),
        server -> {
          Completed refused =
              Way.HTTP_1
                  .curl(server, "/echo", "-T", folder.resolve("file.bin").toString())
                  .with("-H", "Expect: 100-continue", "-w", "%{http_code} %{size_upload}")
                  .run()
                  .check();
          assertTrue(refused.stdout().endsWith("413 0"), refused.stdout());
        });
  }

  @Test
  void itIsShownTheCertificateOfTheHost() throws Exception {
    PeerApp app = new PeerApp(folder);
    Keys.Identity one = Keys.host("one.test");
    Keys.Identity wild = Keys.host("*.many.test");
    app.serve(
        settings ->
            settings.tls(
                Keys.server(true)
                    .identityFor("one.test", one.chain(), one.key())
                    .identityFor("*.many.test", wild.chain(), wild.key())),
        server -> {
          for (String host : List.of("one.test", "a.many.test", "b.many.test", "localhost")) {
            String where = host + ":" + server.port();
            Completed got =
                curl("--cacert", AUTHORITY)
                    .with("--resolve", where + ":127.0.0.1", "https://" + where + "/who")
                    .run()
                    .check();
            assertTrue(got.stdout().contains("\"host\":\"" + host), got.stdout());
          }
        });
  }

  @Test
  void itShowsWhoItIs() throws Exception {
    PeerApp app = new PeerApp(folder);
    app.app()
        .get(
            "/me",
            req ->
                req.exchange()
                    .tls()
                    .orElseThrow()
                    .subject()
                    .map(Object::toString)
                    .orElse("nobody"));
    app.serve(
        settings ->
            settings.tls(Keys.server(true).trust(Keys.authority()).askForClientCertificate()),
        server -> {
          String cert = Keys.CLIENT.chain().toString();
          String key = Keys.CLIENT.key().toString();
          Command known = Way.HTTP_2_TLS.curl(server, "/me", "--cert", cert, "--key", key);
          assertEquals("CN=somebody", known.run().check().stdout());
          assertEquals("nobody", Way.HTTP_2_TLS.curl(server, "/me").run().check().stdout());
        });
  }
}
