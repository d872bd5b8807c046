package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.timeout;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.Task;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Datagrams (DG).
final class UdpConformanceTest {
  private static final int LARGEST = 65_507;

  private static UdpSocket open() throws IOException {
    return Net.udp().bind("127.0.0.1", 0);
  }

  private static UdpSocket openTo(UdpSocket other) throws IOException {
    return Net.udp().connect("127.0.0.1", other.localAddress().getPort());
  }

  /// An address at which nobody listens.
  private static InetSocketAddress nobody() throws IOException {
    try (UdpSocket gone = open()) {
      return gone.localAddress();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(Datagram datagram) {
    return new String(datagram.data(), UTF_8);
  }

  private static void checkpoints(int count) {
    for (int i = 0; i < count; i++) {
      checkpoint();
    }
  }

  // DG-01

  @ParameterizedTest
  @EnumSource
  void dg01_aRefusedDatagramShowsOnceWhereTheSocketIsConnected(Via via) throws IOException {
    via.run(() -> {
      int port = nobody().getPort();
      try (UdpSocket socket = Net.udp().connect("127.0.0.1", port)) {
        socket.send(bytes("anybody?"));
        var refused = assertThrows(PortUnreachableException.class, socket::receive);
        assertEquals(
            "a datagram sent before on " + socket + ": Connection refused", refused.getMessage());
        try (UdpSocket late = Net.udp().bind("127.0.0.1", port)) {
          socket.send(bytes("now?"));
          assertEquals("now?", text(late.receive()));
          late.send(bytes("yes"), socket.localAddress());
          assertEquals("yes", text(socket.receive()));
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void dg01_whoWaitsIsToldOfARefusal(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket socket = Net.udp().connect("127.0.0.1", nobody().getPort())) {
        Task<?> first = async(() -> assertThrows(IOException.class, socket::receive));
        Task<?> second = async(() -> assertThrows(IOException.class, socket::receive));
        checkpoint();
        socket.send(bytes("anybody?"));
        assertEquals(PortUnreachableException.class, await(first).getClass());
        checkpoints(3);
        assertFalse(second.isDone());
        socket.close();
        assertEquals(ConnectionClosedException.class, await(second).getClass());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void dg01_aRefusalShowsAtTheNextSendToo(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket socket = Net.udp().connect("127.0.0.1", nobody().getPort())) {
        socket.send(bytes("anybody?"));
        assertThrows(
            PortUnreachableException.class,
            () -> {
              while (true) {
                socket.send(bytes("?"));
              }
            });
        assertFalse(socket.isClosed());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void dg01_aRefusalIsIgnoredWhereTheSocketIsNotConnected(Via via) throws IOException {
    via.run(() -> {
      InetSocketAddress nobody = nobody();
      try (UdpSocket socket = open();
          UdpSocket other = open()) {
        for (int i = 0; i < 10; i++) {
          socket.send(bytes("anybody?"), nobody);
          checkpoint();
        }
        socket.send(bytes("you?"), other.localAddress());
        Datagram asked = other.receive();
        assertEquals("you?", text(asked));
        assertEquals(socket.localAddress(), asked.from());
        other.send(bytes("yes"), asked.from());
        assertEquals("yes", text(socket.receive()));
      }
    });
  }

  // Sending and receiving

  @ParameterizedTest
  @EnumSource
  void everySizeComesWholeAndWithItsSender(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket free = open();
          UdpSocket connected = openTo(free)) {
        for (int size : new int[] {0, 1, 1_472, 1_473, 1 << 15, LARGEST, 0}) {
          sendAndReceive(size, free, connected);
          if (size > 0 || via != Via.NIO) {
            sendAndReceive(size, connected, free);
          }
        }
      }
    });
  }

  private static void sendAndReceive(int size, UdpSocket from, UdpSocket to) throws IOException {
    byte[] sent = new byte[size];
    for (int i = 0; i < size; i++) {
      sent[i] = (byte) (i * 31);
    }
    byte[] copy = sent.clone();
    from.send(sent, to.localAddress());
    Arrays.fill(sent, (byte) 0);
    Datagram got = to.receive();
    assertArrayEquals(copy, got.data());
    assertEquals(from.localAddress(), got.from());
  }

  @ParameterizedTest
  @EnumSource(names = "NIO")
  void anEmptyDatagramThatCannotBeSentIsAnError(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket free = open();
          UdpSocket connected = openTo(free)) {
        connected.send(new byte[0]);
        var problem = assertThrows(IOException.class, connected::receive);
        assertEquals(
            "a datagram sent before on "
                + connected
                + ": NIO cannot send an empty datagram on a connected socket",
            problem.getMessage());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTooLargeIsRefusedAtOnce(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket to = open();
          UdpSocket from = openTo(to)) {
        var refused =
            assertThrows(IllegalArgumentException.class, () -> from.send(new byte[LARGEST + 1]));
        assertEquals(
            "a datagram of 65508 bytes: UDP takes 65507 at the most", refused.getMessage());
        from.send(bytes("fine"));
        assertEquals("fine", text(to.receive()));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void whereToSendHasToBeClear(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket free = open();
          UdpSocket other = open();
          UdpSocket bound = openTo(free)) {
        assertEquals(
            free + " is not connected: say where to send to",
            assertThrows(IllegalStateException.class, () -> free.send(new byte[1])).getMessage());
        assertThrows(
            IllegalStateException.class, () -> bound.send(new byte[1], other.localAddress()));
        bound.send(bytes("same"), free.localAddress());
        assertEquals("same", text(free.receive()));
        var name = InetSocketAddress.createUnresolved("localhost", 1);
        assertThrows(IllegalArgumentException.class, () -> free.send(new byte[1], name));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aConnectedSocketHearsOnlyItsPeer(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket peer = open();
          UdpSocket socket = openTo(peer);
          UdpSocket stranger = open()) {
        stranger.send(bytes("psst"), socket.localAddress());
        socket.send(bytes("hello"));
        Datagram hello = peer.receive();
        peer.send(bytes("welcome"), hello.from());
        assertEquals("welcome", text(socket.receive()));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void manyDatagramsComeInTheirOrder(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket to = open();
          UdpSocket from = openTo(to)) {
        for (int round = 0; round < 20; round++) {
          for (int i = 0; i < 50; i++) {
            from.send(bytes(round + "." + i));
          }
          for (int i = 0; i < 50; i++) {
            assertEquals(round + "." + i, text(to.receive()));
          }
        }
      }
    });
  }

  // Several receivers

  @ParameterizedTest
  @EnumSource
  void whoReceivedFirstGetsTheFirst(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket to = open();
          UdpSocket from = openTo(to)) {
        List<String> order = new ArrayList<>();
        List<Task<?>> receivers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          int number = i;
          receivers.add(async(() -> order.add(number + ":" + text(to.receive()))));
        }
        checkpoint();
        for (int i = 0; i < 5; i++) {
          from.send(bytes("d" + i));
        }
        for (Task<?> one : receivers) {
          await(one);
        }
        assertEquals(List.of("0:d0", "1:d1", "2:d2", "3:d3", "4:d4"), order);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void nobodyOvertakesAReceiverThatHasBeenServed(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket to = open();
          UdpSocket from = openTo(to)) {
        Task<String> waiting = async(() -> text(to.receive()));
        checkpoint();
        List<Task<String>> late = new ArrayList<>();
        from.send(bytes("first"));
        while (!waiting.isDone()) {
          late.add(async(() -> text(to.receive())));
          checkpoint();
        }
        assertEquals("first", await(waiting));
        late.forEach(_ -> sendQuietly(from, "rest"));
        for (Task<String> one : late) {
          assertEquals("rest", await(one));
        }
      }
    });
  }

  private static void sendQuietly(UdpSocket from, String text) {
    try {
      from.send(bytes(text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledReceiveLosesNothing(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket to = open();
          UdpSocket from = openTo(to)) {
        int expected = 0;
        for (int delay = 0; delay < 8; delay++) {
          Task<Datagram> receiver = async(() -> to.receive());
          checkpoint();
          from.send(bytes("d" + delay));
          checkpoints(delay);
          receiver.cancel("not needed");
          int number = Integer.parseInt(text(receivedBy(receiver, to)).substring(1));
          assertEquals(expected++, number);
        }
      }
    });
  }

  private static Datagram receivedBy(Task<Datagram> receiver, UdpSocket to) throws IOException {
    try {
      return receiver.await(IOException.class);
    } catch (CancellationException _) {
      return to.receive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReceiveOfACancelledTaskTakesNothing(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket to = open();
          UdpSocket from = openTo(to)) {
        from.send(bytes("kept"));
        assertEquals("kept", text(to.receive()));
        from.send(bytes("kept too"));
        checkpoints(3);
        Task<?> task =
            async(() -> {
              current().cancel("myself");
              assertThrows(CancelledException.class, to::receive);
              assertThrows(CancelledException.class, () -> from.send(bytes("never")));
            });
        await(task);
        assertEquals("kept too", text(to.receive()));
        assertThrows(TimeoutException.class, () -> timeout(ofMillis(20), () -> to.receive()));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void s12_whoReceivesWithoutWaitingLetsOthersRun(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket to = open();
          UdpSocket from = openTo(to)) {
        for (int i = 0; i < 150; i++) {
          from.send(new byte[1]);
        }
        checkpoints(200);
        boolean[] ran = {false};
        Task<?> other = async(() -> ran[0] = true);
        for (int i = 0; i < 140; i++) {
          to.receive();
        }
        assertTrue(ran[0]);
        await(other);
      }
    });
  }

  // The receive buffer

  @ParameterizedTest
  @EnumSource
  void whatNobodyReceivesIsLeftToTheSystemAndComesLater(Via via) throws IOException {
    for (int limit : new int[] {1, 2, 1_000}) {
      via.run(() -> {
        try (UdpSocket to = Net.udp().receiveBuffer(limit).bind("127.0.0.1", 0);
            UdpSocket from = openTo(to)) {
          for (int i = 0; i < 60; i++) {
            from.send(bytes(String.format("%100d", i)));
            checkpoint();
          }
          for (int i = 0; i < 60; i++) {
            assertEquals(i, Integer.parseInt(text(to.receive()).strip()));
          }
        }
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  void theReceiveBufferBoundsWhatIsKeptHere(Via via) throws IOException {
    via.run(() -> {
      try (UdpSocket to =
              Net.udp()
                  .option(StandardSocketOptions.SO_RCVBUF, 4_096)
                  .receiveBuffer(10_000)
                  .bind("127.0.0.1", 0);
          UdpSocket from = openTo(to)) {
        for (int i = 0; i < 400; i++) {
          from.send(new byte[1_000]);
          checkpoint();
        }
        int received = 0;
        while (received < 10) {
          to.receive();
          received++;
        }
        checkpoints(10);
        from.send(bytes("again"));
        while (!text(to.receive()).equals("again")) {
          received++;
        }
        assertTrue(received < 100, received + " of 400 datagrams");
      }
    });
  }
}
