package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.gather;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import dev.thrum.net.Certificates.Identity;
import dev.thrum.process.Command;
import dev.thrum.process.Subprocess;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Python's asyncio at the other end: `peer.py` among the resources.
@Tag("peers")
@Tag("slow") // starts programs
final class AsyncioPeerTest {
  private static final int SIZE = 2 << 20;

  private static Command peer(String role, String... more) {
    String script = Path.of("src", "test", "resources", "peer.py").toString();
    return Subprocess.command("python3", script, role, "--size", "" + SIZE).with(more);
  }

  private static Command client(String talk, Listener listener, String... more) {
    return peer("client-" + talk, "--port", "" + listener.port()).with(more);
  }

  private static String[] trust() {
    return new String[] {"--trust", Certificates.authority().toString()};
  }

  private static String[] identity() {
    Identity shown = Certificates.server();
    return new String[] {"--chain", shown.chain().toString(), "--key", shown.key().toString()};
  }

  private static Optional<String> said(Subprocess peer) throws IOException {
    Optional<String> line = peer.stdout().readLine();
    if (line.isEmpty()) {
      throw new AssertionError(peer.stderr().readString());
    }
    return line;
  }

  private static int portOf(Subprocess server) throws IOException {
    return Integer.parseInt(said(server).orElseThrow().substring("port ".length()));
  }

  /// What the peer sends, and is sent.
  private static byte[] bytes() {
    byte[] block = sha256("peer".getBytes(US_ASCII));
    byte[] all = new byte[SIZE];
    for (int at = 0; at < SIZE; at += block.length) {
      System.arraycopy(block, 0, all, at, block.length);
    }
    return all;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void talkBothWays(Connection us, Subprocess peer) throws IOException {
    byte[] bytes = bytes();
    gather(() -> us.write(bytes), () -> assertArrayEquals(bytes, us.readExactly(SIZE)));
    assertEquals(Optional.of("read " + HexFormat.of().formatHex(sha256(bytes))), said(peer));
    if (us.tls().isEmpty()) {
      assertEquals(0, us.read(1).length, "it has ended its output");
    }
    us.write("the rest");
    us.close();
    assertEquals(Optional.of("left 8"), said(peer));
    assertEquals(0, peer.waitFor());
  }

  @ParameterizedTest
  @EnumSource
  void aClientTalksBothWaysAtOnce(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0);
          Subprocess client = client("both", listener).start()) {
        talkBothWays(listener.accept(), client);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aClientTalksBothWaysAtOnceOverTls(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0);
          Subprocess client = client("both", listener, trust()).start()) {
        talkBothWays(listener.accept(), client);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aServerTalksBothWaysAtOnce(Via via) throws IOException {
    via.run(() -> {
      try (Subprocess server = peer("server-both").start()) {
        talkBothWays(Net.connect("127.0.0.1", portOf(server)), server);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aServerTalksBothWaysAtOnceOverTls(Secured way) throws IOException {
    way.run(() -> {
      try (Subprocess server = peer("server-both", identity()).start()) {
        Connector connector = Net.connector().tls(way.client());
        talkBothWays(connector.connect("127.0.0.1", portOf(server)), server);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void oneThatBreaksOffIsAnError(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0);
          Subprocess client = client("abort", listener).start()) {
        assertBrokenOff(listener.accept(), client);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void oneThatBreaksOffInTlsIsAnError(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0);
          Subprocess client = client("abort", listener, trust()).start()) {
        assertBrokenOff(listener.accept(), client);
      }
      try (Subprocess server = peer("server-abort", identity()).start()) {
        Connector connector = Net.connector().tls(way.client());
        assertBrokenOff(connector.connect("127.0.0.1", portOf(server)), server);
      }
    });
  }

  private static void assertBrokenOff(Connection us, Subprocess peer) throws IOException {
    Task<?> writing =
        async(() ->
            assertThrows(
                IOException.class,
                () -> {
                  while (true) {
                    us.write(new byte[1 << 16]);
                  }
                }));
    assertEquals(Optional.of("aborted"), said(peer));
    assertThrows(IOException.class, us::readAll);
    await(writing);
    us.abort();
    assertEquals(0, peer.waitFor());
  }

  @ParameterizedTest
  @EnumSource
  void itSeesAnEndAndAnAbortForWhatTheyAre(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        try (Subprocess client = client("read", listener).start()) {
          Connection us = listener.accept();
          assertEquals(1, us.readExactly(1).length);
          us.write(bytes());
          us.close();
          assertEquals(Optional.of("ended " + SIZE), said(client));
        }
        try (Subprocess client = client("read", listener).start()) {
          Connection us = listener.accept();
          assertEquals(1, us.readExactly(1).length);
          us.write("some");
          us.abort();
          assertEquals(Optional.of("broken ConnectionResetError"), said(client));
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void itSeesAnEndAndAnAbortInTlsForWhatTheyAre(Secured way) throws IOException {
    way.run(() -> {
      try (Listener listener = Net.listener().tls(way.server()).listen("127.0.0.1", 0)) {
        try (Subprocess client = client("read", listener, trust()).start()) {
          Connection us = listener.accept();
          assertEquals(1, us.readExactly(1).length);
          us.write(bytes());
          us.close();
          assertEquals(Optional.of("ended " + SIZE), said(client));
        }
        try (Subprocess client = client("read", listener, trust()).start()) {
          Connection us = listener.accept();
          assertEquals(1, us.readExactly(1).length);
          us.write("some");
          us.abort();
          assertTrue(said(client).orElseThrow().startsWith("broken "));
        }
      }
    });
  }
}
