package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.Task;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How a datagram socket is opened, how it ends, and whose it is.
final class UdpSocketTest {
  private static UdpSocket open() throws IOException {
    return Net.udp().bind("127.0.0.1", 0);
  }

  private static UdpSocket openTo(UdpSocket other) throws IOException {
    return Net.udp().connect("127.0.0.1", other.localAddress().getPort());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(Datagram datagram) {
    return new String(datagram.data(), UTF_8);
  }

  // Closing

  @ParameterizedTest
  @EnumSource
  void closingWakesWhoWaits(Via via) throws IOException {
    via.run(() -> {
      UdpSocket socket = open();
      Task<?> first = async(() -> assertThrows(ConnectionClosedException.class, socket::receive));
      Task<?> second = async(() -> assertThrows(ConnectionClosedException.class, socket::receive));
      checkpoint();
      socket.close();
      socket.close();
      await(first);
      await(second);
      assertTrue(socket.isClosed());
      var closed = assertThrows(ConnectionClosedException.class, socket::receive);
      assertEquals(socket + " has been closed here", closed.getMessage());
      assertThrows(
          ConnectionClosedException.class, () -> socket.send(new byte[1], socket.localAddress()));
      try (UdpSocket next = Net.udp().bind("127.0.0.1", socket.localAddress().getPort())) {
        assertEquals(socket.localAddress(), next.localAddress());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatWasSentBeforeClosingLeaves(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket to = open()) {
        for (int i = 0; i < 10; i++) {
          try (UdpSocket from = openTo(to)) {
            from.send(bytes("last words " + i));
          }
          assertEquals("last words " + i, text(to.receive()));
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledOpeningLeavesNothing(Via via) throws IOException {
    via.run(() -> {
      int port;
      try (UdpSocket gone = open()) {
        port = gone.localAddress().getPort();
      }
      for (int delay = 0; delay < 5; delay++) {
        Task<UdpSocket> opening = async(() -> Net.udp().bind("127.0.0.1", port));
        for (int i = 0; i < delay; i++) {
          checkpoint();
        }
        opening.cancel("not needed");
        try {
          opening.await(IOException.class).close();
        } catch (CancellationException _) {
          // Nothing has been opened.
        }
        Net.udp().bind("127.0.0.1", port).close();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void theEndOfTheLoopClosesIt(Via via) throws IOException {
    UdpSocket[] left = new UdpSocket[1];
    via.run(() -> {
      left[0] = open();
    });
    assertTrue(left[0].isClosed());
    left[0].close();
  }

  // Addresses, options, threads

  @ParameterizedTest
  @EnumSource
  void anyAddressMeansThoseOfBothFamilies(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket any = Net.udp().bind(0)) {
        for (InetAddress here : Addresses.loopbacks()) {
          try (UdpSocket from = Net.udp().bind(here.getHostAddress(), 0)) {
            from.send(
                bytes("to " + here), new InetSocketAddress(here, any.localAddress().getPort()));
            Datagram got = any.receive();
            assertEquals("to " + here, text(got));
            assertEquals(from.localAddress(), got.from());
            any.send(bytes("back"), got.from());
            assertEquals("back", text(from.receive()));
          }
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void theFamiliesDoNotMix(Via via) throws IOException {
    assumeTrue(Addresses.hasSix(), "a machine without IPv6");
    via.run(() -> {
      try (UdpSocket four = open();
          UdpSocket six = Net.udp().bind("::1", 0)) {
        assertThrows(
            IllegalArgumentException.class, () -> four.send(new byte[1], six.localAddress()));
        try (UdpSocket other = Net.udp().connect("::1", six.localAddress().getPort())) {
          other.send(bytes("six"));
          assertEquals(other.localAddress(), six.receive().from());
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void anAddressThatCannotBeHadIsAnError(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket taken = open()) {
        int port = taken.localAddress().getPort();
        var inUse = assertThrows(BindException.class, () -> Net.udp().bind("127.0.0.1", port));
        assertEquals(
            "opening a UDP socket at /127.0.0.1:"
                + port
                + ": Address already in use; another socket has it; "
                + "choose another port, or 0 for any free one",
            inUse.getMessage());
        var strange = assertThrows(BindException.class, () -> Net.udp().bind("192.0.2.7", 0));
        assertEquals(
            "opening a UDP socket at /192.0.2.7:0: Cannot assign requested address; "
                + "it is no address of this machine",
            strange.getMessage());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void optionsAreSetOrRefused(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket socket =
          Net.udp()
              .option(StandardSocketOptions.SO_BROADCAST, true)
              .option(StandardSocketOptions.SO_SNDBUF, 1 << 16)
              .bind("127.0.0.1", 0)) {
        assertFalse(socket.isClosed());
      }
      var refused =
          assertThrows(
              UnsupportedOperationException.class,
              () -> Net.udp().option(StandardSocketOptions.TCP_NODELAY, true).bind("127.0.0.1", 0));
      assertTrue(
          refused.getMessage().contains("TCP_NODELAY cannot be set here; there are IP_"),
          refused.getMessage());
    });
  }

  @ParameterizedTest
  @EnumSource
  void itBelongsToItsLoop(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket socket = open()) {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread.ofPlatform()
            .start(
                () -> thrown.complete(assertThrows(WrongThreadException.class, socket::receive)));
        String message = await(thrown).getMessage();
        assertTrue(message.contains("used only by tasks of its own loop"), message);
      }
    });
  }
}
