package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.CancelledException;
import dev.thrum.Task;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Connecting to a host that may have several addresses (CN).
final class ConnectConformanceTest {
  private static final InetAddress FOUR = Addresses.FOUR;
  private static final InetAddress OTHER_FOUR = Addresses.OTHER_FOUR;
  private static final InetAddress THIRD_FOUR = InetAddress.ofLiteral("127.0.0.3");
  private static final InetAddress SIX = Addresses.SIX;

  private static void checkpoints(int count) {
    for (int i = 0; i < count; i++) {
      checkpoint();
    }
  }

  /// A port of this machine at which nobody listens.
  private static int nobody() throws IOException {
    try (Listener gone = Net.listen("127.0.0.1", 0)) {
      return gone.port();
    }
  }

  /// Checks that sockets that were given up are closed now, not when the loop ends.
  private static void assertSockets(int expected) {
    checkpoints(3);
    for (int i = 0; i < 100 && sockets() != expected; i++) {
      sleep(ofMillis(1));
    }
    assertEquals(expected, sockets());
  }

  private static int sockets() {
    return Via.sockets().getOrDefault("socket:", 0);
  }

  // CN-01

  @ParameterizedTest
  @EnumSource
  void cn01_ifAllAddressesFailTheErrorNamesEach(Via via) throws IOException {
    via.run(() -> {
      int port = nobody();
      String host = Names.of(FOUR, OTHER_FOUR);
      int before = sockets();
      var failure = assertThrows(ConnectException.class, () -> Net.connect(host, port));
      assertEquals(
          "connecting to "
              + host
              + ":"
              + port
              + ": Connection refused (127.0.0.1); Connection refused (127.0.0.2)",
          failure.getMessage());
      assertEquals(
          List.of(
              "connecting to " + host + "/127.0.0.1:" + port + ": Connection refused",
              "connecting to " + host + "/127.0.0.2:" + port + ": Connection refused"),
          Stream.of(failure.getSuppressed()).map(Throwable::getMessage).toList());
      assertSockets(before);
    });
  }

  @ParameterizedTest
  @EnumSource
  void cn01_theErrorOfASingleAddressIsItsOwn(Via via) throws IOException {
    via.run(() -> {
      int port = nobody();
      String host = Names.of(FOUR);
      for (String name : List.of(host, "127.0.0.1")) {
        var failure = assertThrows(ConnectException.class, () -> Net.connect(name, port));
        assertEquals(
            "connecting to "
                + (name.equals(host) ? host : "")
                + "/127.0.0.1:"
                + port
                + ": Connection refused",
            failure.getMessage());
        assertEquals(0, failure.getSuppressed().length);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void cn01_aTimeoutClosesWhatWasTried(Via via) throws IOException {
    via.run(() -> {
      try (Full first = new Full(FOUR, 0);
          Full second = new Full(OTHER_FOUR, first.port())) {
        int before = sockets();
        String both = Names.of(FOUR, OTHER_FOUR);
        assertThrows(
            TimeoutException.class,
            () ->
                timeout(
                    ofMillis(20),
                    () -> Net.connector().attemptDelay(ZERO).connect(both, first.port())));
        assertSockets(before);
        assertThrows(
            TimeoutException.class,
            () -> timeout(ofMillis(20), () -> Net.connect(second.address())));
        assertSockets(before);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void cn01_whenItIsCancelledDoesNotMatter(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        int before = sockets();
        for (int delay = 0; delay < 10; delay++) {
          Task<Connection> connecting = async(() -> Net.connect(listener.address()));
          checkpoints(delay);
          connecting.cancel("not needed");
          try {
            connecting.await(IOException.class).close();
          } catch (CancellationException _) {
            // It was not there yet.
          }
          assertSockets(before);
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void cn01_aCancelledTaskOpensNothing(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        String host = Names.of(FOUR, OTHER_FOUR);
        int before = sockets();
        Task<?> task =
            async(() -> {
              current().cancel("myself");
              for (String one : List.of("127.0.0.1", host)) {
                assertThrows(CancelledException.class, () -> Net.connect(one, listener.port()));
              }
            });
        await(task);
        assertSockets(before);
        assertThrows(TimeoutException.class, () -> timeout(ofMillis(5), () -> listener.accept()));
      }
    });
  }

  // CN-02

  @ParameterizedTest
  @EnumSource
  void cn02_theNextAttemptStartsWhenThePreviousFails(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.3", 0)) {
        String host = Names.of(FOUR, OTHER_FOUR, THIRD_FOUR);
        try (Connection made =
            Net.connector().attemptDelay(ofHours(1)).connect(host, listener.port())) {
          assertEquals(new InetSocketAddress(THIRD_FOUR, listener.port()), made.remoteAddress());
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void cn02_theNextAttemptStartsAfterTheDelay(Via via) throws IOException {
    via.run(() -> {
      try (Full full = new Full(FOUR, 0);
          Listener listener = Net.listen("127.0.0.2", full.port())) {
        String host = Names.of(FOUR, OTHER_FOUR);
        int before = sockets();
        Connection made = Net.connector().attemptDelay(ofMillis(5)).connect(host, full.port());
        assertEquals(listener.address(), made.remoteAddress());
        made.close();
        assertSockets(before);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void cn02_aSlowAttemptMayStillWin(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0);
          Full full = new Full(OTHER_FOUR, listener.port())) {
        String host = Names.of(FOUR, OTHER_FOUR);
        for (int i = 0; i < 5; i++) {
          try (Connection made = Net.connector().attemptDelay(ZERO).connect(host, full.port())) {
            assertEquals(listener.address(), made.remoteAddress());
          }
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void cn02_theFamiliesTakeTurns(Via via) throws IOException {
    assumeTrue(Addresses.hasSix(), "a machine without IPv6");
    InetAddress otherSix = InetAddress.ofLiteral("::");
    via.run(() -> {
      int port = nobody();
      String host = Names.of(FOUR, OTHER_FOUR, THIRD_FOUR, SIX, otherSix);
      var failure =
          assertThrows(
              ConnectException.class,
              () -> Net.connector().attemptDelay(ofHours(1)).connect(host, port));
      assertEquals(
          "connecting to "
              + host
              + ":"
              + port
              + ": "
              + Stream.of(FOUR, SIX, OTHER_FOUR, otherSix, THIRD_FOUR)
                  .map(one -> "Connection refused (" + one.getHostAddress() + ")")
                  .collect(joining("; ")),
          failure.getMessage());
    });
  }

  @Test
  void cn02_theResolversFirstFamilyComesFirst() {
    assertEquals(
        List.of(SIX, FOUR, OTHER_FOUR), Resolver.interleaved(List.of(SIX, FOUR, OTHER_FOUR)));
    assertEquals(
        List.of(FOUR, SIX, OTHER_FOUR), Resolver.interleaved(List.of(FOUR, OTHER_FOUR, SIX)));
    assertEquals(List.of(FOUR), Resolver.interleaved(List.of(FOUR)));
  }

  @ParameterizedTest
  @EnumSource
  void cn02_thereIsOneWinnerAlsoIfSeveralSucceedTogether(Via via) throws IOException {
    via.run(() -> {
      try (Listener first = Net.listen("127.0.0.1", 0);
          Listener second = Net.listen("127.0.0.2", first.port());
          Listener third = Net.listen("127.0.0.3", first.port())) {
        List<Listener> all = List.of(first, second, third);
        List<Task<?>> servers = new ArrayList<>();
        for (Listener one : all) {
          servers.add(async(() -> one.serve(connection -> connection.write(connection.readAll()))));
        }
        String host = Names.of(FOUR, OTHER_FOUR, THIRD_FOUR);
        for (int i = 0; i < 30; i++) {
          Connection made = Net.connector().attemptDelay(ZERO).connect(host, first.port());
          while (openOn(all) > 1) {
            checkpoint();
          }
          made.write("winner");
          made.closeOutput();
          assertEquals("winner", made.readString());
          made.close();
        }
        for (Listener one : all) {
          one.close();
        }
        for (Task<?> one : servers) {
          await(one);
        }
      }
    });
  }

  private static int openOn(List<Listener> listeners) {
    return listeners.stream().mapToInt(Listener::connections).sum();
  }

  @ParameterizedTest
  @EnumSource
  void cn02_cancellingClosesAllAttempts(Via via) throws IOException {
    via.run(() -> {
      try (Listener first = Net.listen("127.0.0.1", 0);
          Listener second = Net.listen("127.0.0.2", first.port());
          Full full = new Full(THIRD_FOUR, second.port())) {
        String host = Names.of(THIRD_FOUR, FOUR, OTHER_FOUR);
        List<InetAddress> known = Net.resolve(host);
        assertEquals(3, known.size());
        int before = sockets();
        for (int delay = 0; delay < 15; delay++) {
          Task<Connection> connecting =
              async(() -> Net.connector().attemptDelay(ZERO).connect(host, full.port()));
          checkpoints(delay);
          connecting.cancel("not needed");
          try {
            connecting.await(IOException.class).close();
          } catch (CancellationException _) {
            // None was there yet.
          }
          assertSockets(before);
        }
      }
    });
  }

  // Names

  @ParameterizedTest
  @EnumSource
  void aNameThatNobodyKnowsIsAClearError(Via via) throws IOException {
    via.run(() -> {
      String name = Names.unknown();
      for (String reason :
          List.of("Name or service not known", "nobody knows an address for this name")) {
        var unknown = assertThrows(UnknownHostException.class, () -> Net.connect(name, 80));
        assertEquals("looking up " + name + ": " + reason, unknown.getMessage());
        assertTrue(unknown.getCause() instanceof UnknownHostException);
      }
      assertThrows(UnknownHostException.class, () -> Net.listen(Names.unknown(), 0));
      assertThrows(UnknownHostException.class, () -> Net.udp().connect(Names.unknown(), 1));
      var unresolved = InetSocketAddress.createUnresolved(Names.unknown(), 80);
      assertThrows(UnknownHostException.class, () -> Net.connect(unresolved));
    });
  }

  @ParameterizedTest
  @EnumSource
  void aLookUpThatHangsIsLeftAlone(Via via) throws IOException {
    String name = Names.hanging();
    via.run(() ->
        assertThrows(
            TimeoutException.class, () -> timeout(ofMillis(10), () -> Net.connect(name, 80))));
    Names.release(name);
  }

  @ParameterizedTest
  @EnumSource
  void theLoopGoesOnWhileANameIsLookedUp(Via via) throws IOException {
    String name = Names.hanging();
    via.run(() -> {
      Task<?> lookUp =
          async(() -> assertThrows(UnknownHostException.class, () -> Net.resolve(name)));
      checkpoints(10);
      Names.release(name);
      await(lookUp);
    });
  }

  // Addresses and options

  @ParameterizedTest
  @EnumSource
  void thisSideMayHaveAnAddress(Via via) throws IOException {
    via.run(() -> {
      int free = nobody();
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        for (int port : new int[] {0, free}) {
          try (Connection made =
                  Net.connector()
                      .from(new InetSocketAddress(OTHER_FOUR, port))
                      .option(StandardSocketOptions.SO_REUSEADDR, true)
                      .connect(listener.address());
              Connection accepted = listener.accept()) {
            var local = (InetSocketAddress) made.localAddress();
            assertEquals(OTHER_FOUR, local.getAddress());
            assertTrue(port == 0 || port == local.getPort());
            assertEquals(local, accepted.remoteAddress());
          }
        }
        var strange =
            assertThrows(
                BindException.class,
                () ->
                    Net.connector()
                        .from(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 0))
                        .connect(listener.address()));
        assertEquals(
            "connecting to "
                + listener.address()
                + ": Cannot assign requested address; it is no address of this machine",
            strange.getMessage());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void optionsAreSetOrRefused(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0);
          Connection made =
              Net.connector()
                  .option(StandardSocketOptions.SO_KEEPALIVE, true)
                  .option(StandardSocketOptions.TCP_NODELAY, false)
                  .option(StandardSocketOptions.SO_RCVBUF, 1 << 16)
                  .connect(listener.address())) {
        made.set(StandardSocketOptions.TCP_NODELAY, true);
        int before = sockets();
        String host = Names.of(FOUR, OTHER_FOUR);
        for (String to : List.of("127.0.0.1", host)) {
          var refused =
              assertThrows(
                  UnsupportedOperationException.class,
                  () ->
                      Net.connector()
                          .option(StandardSocketOptions.SO_BROADCAST, true)
                          .connect(to, listener.port()));
          assertTrue(
              refused.getMessage().contains("SO_BROADCAST cannot be set here; there are IP_TOS, "),
              refused.getMessage());
        }
        assertSockets(before);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void bothFamiliesAreReachedByTheirAddresses(Via via) throws IOException {
    via.run(() -> {
      for (InetAddress here : Addresses.loopbacks()) {
        try (Listener listener = Net.listen(here.getHostAddress(), 0);
            Connection made = Net.connect(here.getHostAddress(), listener.port())) {
          assertEquals(listener.address(), made.remoteAddress());
        }
      }
    });
  }
}
