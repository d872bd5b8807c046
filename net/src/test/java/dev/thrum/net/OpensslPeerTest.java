package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.net.Certificates.Identity;
import dev.thrum.process.Command;
import dev.thrum.process.Completed;
import dev.thrum.process.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// TLS with the `openssl` program at the other end.
@Tag("peers")
@Tag("slow") // starts programs
final class OpensslPeerTest {
  @TempDir Path folder;

  private static Command sClient(Listener listener, String... more) {
    return Subprocess.command("openssl", "s_client", "-quiet", "-verify_return_error")
        .with("-connect", "127.0.0.1:" + listener.port(), "-servername", "localhost")
        .with("-verify_hostname", "localhost", "-CAfile", Certificates.authority().toString())
        .with(more);
  }

  private static Command sServer(Identity shown, String... more) {
    return Subprocess.command("openssl", "s_server", "-accept", "127.0.0.1:0")
        .with("-cert", shown.chain().toString(), "-key", shown.key().toString())
        .with("-cert_chain", shown.chain().toString())
        .with(more)
        .mergeStderr();
  }

  /// Where it listens, once it does.
  private static int portOf(Subprocess server) throws IOException {
    for (String line : server.stdout().lines()) {
      if (line.startsWith("ACCEPT ")) {
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      }
    }
    throw new AssertionError("it does not listen");
  }

  // It connects to us

  @ParameterizedTest
  @EnumSource
  void aClientSendsAMebibyteAndGetsItBack(Secured way) throws IOException {
    byte[] bytes = new byte[1 << 20];
    new SplittableRandom(1).nextBytes(bytes);
    way.run(() -> {
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0)) {
        background(() -> listener.serve(one -> one.write(one.readExactly(bytes.length))));
        for (String version : List.of("-tls1_2", "-tls1_3")) {
          Completed client = sClient(listener, version).run(bytes);
          assertEquals(0, client.exitCode(), client.stderr());
          assertArrayEquals(bytes, client.stdoutBytes());
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aClientChoosesAProtocolAndShowsACertificate(Secured way) throws IOException {
    Identity shown = Certificates.client();
    way.run(() -> {
      Tls server =
          way.server()
              .trust(Certificates.authority())
              .requireClientCertificate()
              .applicationProtocols("h2", "http/1.1");
      try (Listener listener = Net.listener().tls(server).listen("127.0.0.1", 0)) {
        Task<TlsSession> session =
            async(() -> {
              try (Connection one = listener.accept()) {
                one.write("hello\n");
                return one.tls().orElseThrow();
              }
            });
        Completed client =
            sClient(listener, "-alpn", "http/1.1")
                .with("-cert", shown.chain().toString(), "-key", shown.key().toString())
                .run();
        assertEquals("hello\n", client.stdout(), client.stderr());
        assertEquals("http/1.1", await(session).applicationProtocol());
        assertEquals(2, await(session).peerCertificates().size());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aClientWithoutACertificateIsToldSo(Secured way) throws IOException {
    way.run(() -> {
      Tls server = way.server().trust(Certificates.authority()).requireClientCertificate();
      try (Listener listener = Net.listener().tls(server).listen("127.0.0.1", 0)) {
        background(() -> listener.serve(one -> one.write("secret")));
        Completed client = sClient(listener).run();
        assertNotEquals(0, client.exitCode());
        assertEquals("", client.stdout());
        assertTrue(client.stderr().contains("certificate required"), client.stderr());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatIsKilledHasCutItsStreamOff(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0)) {
        Task<Connection> accepted = async(listener::accept);
        try (Subprocess client = sClient(listener).start()) {
          client.stdin().write("some\n");
          client.stdin().flush();
          assertEquals(Optional.of("some"), await(accepted).readLine());
          client.kill();
          int _ = client.waitFor();
          assertThrows(IOException.class, () -> await(accepted).readLine());
          await(accepted).abort();
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aMailClientStartsTlsInTheMiddle(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        Task<?> server =
            async(() -> {
              try (Connection one = listener.accept()) {
                one.write("220 mail.test ESMTP\r\n");
                assertTrue(one.readLine().orElseThrow().startsWith("EHLO"));
                one.write("250-mail.test\r\n250 STARTTLS\r\n");
                assertEquals(Optional.of("STARTTLS"), one.readLine());
                one.write("220 go ahead\r\n");
                one.startTls(way.server());
                one.write("250 " + one.readLine().orElseThrow() + "\r\n");
              }
            });
        Completed client = sClient(listener, "-starttls", "smtp").run("NOOP\r\n");
        await(server);
        assertTrue(client.stdout().contains("250 NOOP"), client.stdout() + client.stderr());
      }
    });
  }

  // We connect to it

  @ParameterizedTest
  @EnumSource
  void aServerAnswers(Secured way) throws IOException {
    way.run(() -> {
      for (String version : List.of("-tls1_2", "-tls1_3")) {
        try (Subprocess server = sServer(Certificates.server(), "-rev", version).start()) {
          Connector connector = Net.connector().tls(way.client());
          try (Connection client = connector.connect("127.0.0.1", portOf(server))) {
            client.write("hello\n");
            assertEquals(Optional.of("olleh"), client.readLine());
            String protocol = client.tls().orElseThrow().protocol();
            assertEquals(version.replace("-tls1_", "TLSv1."), protocol);
          }
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aServerIsAskedForAProtocolAndShownACertificate(Secured way) throws IOException {
    Identity shown = Certificates.client();
    way.run(() -> {
      Command command =
          sServer(Certificates.server(), "-rev", "-alpn", "h2", "-Verify", "1")
              .with("-verify_return_error", "-CAfile", Certificates.authority().toString());
      try (Subprocess server = command.start()) {
        Tls tls =
            way.client()
                .identity(shown.chain(), shown.key())
                .applicationProtocols("http/1.1", "h2");
        try (Connection client = Net.connector().tls(tls).connect("127.0.0.1", portOf(server))) {
          client.write("hello\n");
          assertEquals(Optional.of("olleh"), client.readLine());
          assertEquals("h2", client.tls().orElseThrow().applicationProtocol());
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsKilledHasCutItsStreamOff(Secured way) throws IOException {
    way.run(() -> {
      try (Subprocess server = sServer(Certificates.server(), "-rev").start()) {
        Connector connector = Net.connector().tls(way.client());
        Connection client = connector.connect("127.0.0.1", portOf(server));
        client.write("hello\n");
        assertEquals(Optional.of("olleh"), client.readLine());
        server.kill();
        assertThrows(SSLException.class, client::readAll);
        client.abort();
      }
    });
  }

  // It makes the keys

  private Identity made(String... options) throws IOException {
    Path chain = folder.resolve("made.pem");
    Path key = folder.resolve("made.key");
    Subprocess.command("openssl", "req", "-x509", "-nodes", "-days", "2")
        .with("-subj", "/CN=made", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        .with("-keyout", key.toString(), "-out", chain.toString())
        .with(options)
        .run()
        .check();
    return new Identity("made", chain, key, chain);
  }

  private static void assertWorks(Secured way, Identity shown) throws IOException {
    Net.Pair ends = Secured.pair(way.client().trust(shown.chain()), way.server(shown));
    ends.first().write("x");
    assertEquals(1, ends.second().read(1).length);
    Secured.close(ends);
  }

  @ParameterizedTest
  @EnumSource
  void itsKeysAreUnderstood(Secured way) throws IOException {
    way.run(() -> {
      assertWorks(way, made("-newkey", "rsa:2048"));
      assertWorks(way, made("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"));
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatItSaysOfOlderKeysHelps(Secured way) throws IOException {
    way.run(() -> {
      Identity newer = made("-newkey", "rsa:2048");
      Path old = folder.resolve("old.key");
      String from = newer.key().toString();
      Subprocess.run("openssl", "pkey", "-traditional", "-in", from, "-out", old.toString())
          .check();
      Identity older = new Identity("older", newer.chain(), old, old);
      Path encrypted = folder.resolve("encrypted.key");
      Subprocess.command("openssl", "pkcs8", "-topk8", "-passout", "pass:x", "-in", from)
          .with("-out", encrypted.toString())
          .run()
          .check();
      Identity locked = new Identity("locked", newer.chain(), encrypted, encrypted);
      for (Identity one : List.of(older, locked)) {
        SSLException refused =
            assertThrows(
                SSLException.class,
                () -> Net.listener().tls(way.server(one)).listen("127.0.0.1", 0));
        assertTrue(refused.getMessage().contains("openssl pkcs8 -topk8 -nocrypt"));
      }
      Path again = folder.resolve("again.key");
      Subprocess.command("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", old.toString())
          .with("-out", again.toString())
          .run()
          .check();
      assertTrue(Files.size(again) > 0);
      assertWorks(way, new Identity("again", newer.chain(), again, again));
    });
  }
}
