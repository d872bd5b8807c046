package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.background;
import static dev.thrum.Async.sleep;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Task;
import dev.thrum.process.Completed;
import dev.thrum.process.Subprocess;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// TCP, UDP and Unix sockets with the `nc` program at the other end.
@Tag("peers")
@Tag("slow") // starts programs
final class NetcatPeerTest {
  @TempDir Path folder;

  /// Where it listens, once it does.
  private static int portOf(Subprocess nc) throws IOException {
    String line = nc.stderr().readLine().orElseThrow(); // Listening on 127.0.0.1 43219
    return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
  }

  @ParameterizedTest
  @EnumSource
  void aClientEndsItsOutputAndIsAnsweredAfterwards(Via via) throws IOException {
    byte[] bytes = new byte[1 << 20];
    new SplittableRandom(2).nextBytes(bytes);
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        background(() -> listener.serve(one -> one.write(one.readAll())));
        Completed client =
            Subprocess.command("nc", "-N", "127.0.0.1", "" + listener.port()).run(bytes);
        assertArrayEquals(bytes, client.check().stdoutBytes());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aServerEndsItsOutputAndIsStillWrittenTo(Via via) throws IOException {
    via.run(() -> {
      try (Subprocess nc = Subprocess.start("nc", "-v", "-N", "-l", "127.0.0.1", "0")) {
        Connection client = Net.connect("127.0.0.1", portOf(nc));
        nc.stdin().write("from nc\n");
        nc.stdin().close();
        assertEquals("from nc\n", client.readString());
        client.write("from us\n");
        assertEquals(Optional.of("from us"), nc.stdout().readLine());
        client.close();
        assertEquals(0, nc.waitFor());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aUnixSocketInBothRoles(Via via) throws IOException {
    Path ours = folder.resolve("ours");
    Path theirs = folder.resolve("theirs");
    via.run(() -> {
      try (Listener listener = Net.listen(UnixDomainSocketAddress.of(ours))) {
        background(() -> listener.serve(one -> one.write(one.readAll())));
        Completed client = Subprocess.command("nc", "-N", "-U", ours.toString()).run("hello");
        assertEquals("hello", client.check().stdout());
      }
      try (Subprocess nc = Subprocess.start("nc", "-N", "-l", "-U", theirs.toString())) {
        Connection client = connectOnceItListens(UnixDomainSocketAddress.of(theirs));
        client.write("hello\n");
        assertEquals(Optional.of("hello"), nc.stdout().readLine());
        client.close();
        assertEquals(0, nc.waitFor());
      }
    });
  }

  /// Its file is there a moment before it listens.
  private static Connection connectOnceItListens(UnixDomainSocketAddress address)
      throws IOException {
    while (true) {
      try {
        return Net.connect(address);
      } catch (IOException e) {
        sleep(ofMillis(1)); // the test's time limit ends it
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void datagramsInBothRoles(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket socket = Net.udp().bind("127.0.0.1", 0)) {
        int port = socket.localAddress().getPort();
        try (Subprocess nc = Subprocess.start("nc", "-u", "127.0.0.1", "" + port)) {
          nc.stdin().write("from nc\n");
          nc.stdin().flush();
          Datagram first = socket.receive();
          assertEquals("from nc\n", new String(first.data(), US_ASCII));
          socket.send("from us\n".getBytes(US_ASCII), first.from());
          assertEquals(Optional.of("from us"), nc.stdout().readLine());
        }
      }
      try (Subprocess nc = Subprocess.start("nc", "-v", "-u", "-l", "127.0.0.1", "0");
          UdpSocket socket = Net.udp().connect("127.0.0.1", portOf(nc))) {
        socket.send("from us\n".getBytes(US_ASCII));
        assertEquals(Optional.of("from us"), nc.stdout().readLine());
        nc.stdin().write("from nc\n");
        nc.stdin().flush();
        assertEquals("from nc\n", new String(socket.receive().data(), US_ASCII));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void oneThatIsKilledIsTheEnd(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        Task<Connection> accepted = async(listener::accept);
        try (Subprocess nc = Subprocess.start("nc", "127.0.0.1", "" + listener.port())) {
          nc.stdin().write("some\n");
          nc.stdin().flush();
          assertEquals(Optional.of("some"), await(accepted).readLine());
          nc.kill();
          assertEquals("", await(accepted).readString());
          await(accepted).close();
        }
      }
    });
  }
}
