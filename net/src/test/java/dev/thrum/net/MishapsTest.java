package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.Runner;
import dev.thrum.Task;
import dev.thrum.net.internal.Driver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What one thing that goes wrong must not do to the others.
final class MishapsTest {

  @ParameterizedTest
  @EnumSource
  void anActionThatFailsHoldsNothingElseUp(Via via) throws Exception {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        Driver.current()
            .execute(() -> {
              throw new AssertionError("on purpose");
            });
        Net.connect("127.0.0.1", listener.port()).close();
      }
    });
  }

  /// The thread may wait in a selector, which takes interrupts to itself.
  @ParameterizedTest
  @EnumSource
  void anInterruptOfTheThreadThatRunsTheLoopStillCancelsIt(Via via) throws Exception {
    via.use();
    CountDownLatch listening = new CountDownLatch(1);
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    Thread runner =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Runner.builder()
                    .run(() -> {
                      try (Listener listener = Net.listen("127.0.0.1", 0)) {
                        sleep(Duration.ofMillis(20)); // so that it has waited in the selector
                        listening.countDown();
                        listener.accept();
                      }
                    });
              } catch (CancellationException | IOException e) {
                thrown.add(e);
              }
            });
    listening.await();
    Thread.sleep(100); // so that it waits in the selector now, most likely
    runner.interrupt();
    assertTrue(runner.join(Duration.ofSeconds(20)), "it still runs");
    assertEquals(CancellationException.class, thrown.getFirst().getClass());
  }

  /// A program that asks an address for its name does not change whom TLS believes.
  @ParameterizedTest
  @EnumSource
  void anAddressIsNotVerifiedAsTheNameThatSomebodyLookedUp(Via via) throws Exception {
    via.run(() -> {
      Tls tls = Tls.server(Certificates.named().chain(), Certificates.named().key());
      try (Listener listener = Net.listener().tls(tls).listen("127.0.0.1", 0)) {
        Task<?> server = async(() -> listener.serve(connection -> connection.write("hello")));
        InetAddress address = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        InetSocketAddress named = new InetSocketAddress(address, listener.port());
        Tls client = Tls.client().trust(Certificates.authority());
        assertThrows(IOException.class, () -> Net.connector().tls(client).connect(named));
        try (Connection connection =
            Net.connector().tls(client.serverName("localhost")).connect(named)) {
          assertEquals("hello", connection.readString());
        }
        listener.close();
        await(server);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void theRestOfALineThatWasTooLongIsNoLine(Via via) throws Exception {
    via.run(() -> {
      try (Listener listener = Net.listener().readLimit(1000).listen("127.0.0.1", 0);
          Connection peer = Net.connect("127.0.0.1", listener.port());
          Connection reader = listener.accept()) {
        peer.write("A".repeat(2000));
        assertThrows(LimitExceededException.class, reader::readLine);
        peer.write("DELETE everything\nnext\n");
        assertEquals("next", reader.readLine().orElseThrow());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aPeerThatLeavesInTheMiddleOfAMessageIsNoFailureOfTheHandler(Via via) throws Exception {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        Task<?> server = async(() -> listener.serve(connection -> connection.readExactly(100)));
        try (Connection connection = Net.connect("127.0.0.1", listener.port())) {
          connection.write("half a message");
          connection.closeOutput();
          assertThrows(IOException.class, () -> connection.readExactly(1));
        }
        listener.close();
        await(server);
      }
    });
  }

  @Test
  void aConnectionComesFromAResolvedAddressOnly() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Net.connector().from(UnixDomainSocketAddress.of("/tmp/nowhere")));
    assertThrows(
        IllegalArgumentException.class,
        () -> Net.connector().from(InetSocketAddress.createUnresolved("localhost", 0)));
  }

  @ParameterizedTest
  @EnumSource
  void aListenerThatIsServedGivesItsConnectionsToTheHandler(Via via) throws Exception {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        Task<?> server = async(() -> listener.serve(connection -> {}));
        Async.checkpoint();
        assertThrows(IllegalStateException.class, listener::accept);
        listener.close();
        await(server);
      }
    });
  }
}
