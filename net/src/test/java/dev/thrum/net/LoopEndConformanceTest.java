package dev.thrum.net;

import static dev.thrum.Async.async;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.DeadlockException;
import dev.thrum.Runner;
import dev.thrum.VoidBodyOf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of streams that a loop leaves open (TR-01). The peer is a socket of the JDK, on a
/// thread of its own.
@ParameterizedClass(name = "{0}")
@EnumSource
class LoopEndConformanceTest {
  private final Via via;
  private final CountDownLatch mayRead = new CountDownLatch(1);
  private ServerSocket server;

  LoopEndConformanceTest(Via via) {
    this.via = via;
  }

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /// Runs a loop with a connection to the peer.
  private void run(VoidBodyOf<Connection, Exception> body) throws Exception {
    via.use();
    Runner.builder()
        .run(() -> body.run(Net.connect(server.getInetAddress().getHostAddress(), port())));
  }

  private int port() {
    return server.getLocalPort();
  }

  /// Has the peer read to the end once it may.
  private CompletableFuture<byte[]> peer() {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket accepted = server.accept()) {
            mayRead.await();
            return accepted.getInputStream().readAllBytes();
          } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
          }
        },
        task -> Thread.ofPlatform().start(task));
  }

  @Test
  void tr01_whatWasWrittenJustBeforeTheLoopEndsArrives() throws Exception {
    CompletableFuture<byte[]> got = peer();
    mayRead.countDown();
    run(connection -> connection.write("the last word"));
    assertEquals("the last word", new String(got.get(), UTF_8));
  }

  @Test
  void tr01_whatTheSystemHasNotTakenWhenTheLoopEndsArrivesTooIfThePeerReads() throws Exception {
    byte[] much = new byte[16 << 20];
    CompletableFuture<byte[]> got = peer();
    via.use();
    Runner.builder()
        .run(() -> {
          Connection connection =
              Net.connector()
                  .writeBuffer(much.length)
                  .connect(server.getInetAddress().getHostAddress(), port());
          connection.write(much);
          assertEquals(much.length, connection.unsent());
          mayRead.countDown();
        });
    assertEquals(much.length, got.get().length);
  }

  @Test
  void tr01_aLoopThatFailsSendsItToo() throws Exception {
    CompletableFuture<byte[]> got = peer();
    mayRead.countDown();
    IllegalStateException boom = new IllegalStateException("boom");
    assertSame(
        boom,
        assertThrows(
            IllegalStateException.class,
            () ->
                run(connection -> {
                  connection.write("the last word");
                  throw boom;
                })));
    assertEquals("the last word", new String(got.get(), UTF_8));
  }

  /// Slow, because a loop waits for a second for a peer that does not read.
  @Test
  void tr01_aPeerThatDoesNotReadIsResetAndTheLoopEnds() throws Exception {
    CompletableFuture<byte[]> got = peer();
    long[] accepted = {0};
    run(connection -> accepted[0] = Link.fill(connection));
    mayRead.countDown();
    CompletionException thrown = assertThrows(CompletionException.class, got::join);
    assertTrue(thrown.getCause() instanceof SocketException, "no orderly end: " + thrown);
    assertTrue(accepted[0] > 0);
  }

  @Test
  void whatWasAbortedJustBeforeTheLoopEndsIsReset() throws Exception {
    CompletableFuture<byte[]> got = peer();
    mayRead.countDown();
    run(connection -> {
      connection.write("never");
      connection.abort();
    });
    CompletionException thrown = assertThrows(CompletionException.class, got::join);
    assertTrue(thrown.getCause() instanceof SocketException, thrown.toString());
  }

  @Test
  void aConnectionThatOutlivesItsLoopCanBeClosedAndNothingElse() throws Exception {
    CompletableFuture<byte[]> got = peer();
    mayRead.countDown();
    Connection[] left = new Connection[1];
    run(connection -> left[0] = connection);
    assertEquals(0, got.get().length);
    assertThrows(ConnectionClosedException.class, () -> left[0].read(1));
    assertThrows(ConnectionClosedException.class, () -> left[0].write("x"));
    CompletableFuture.runAsync(
            () -> assertThrows(WrongThreadException.class, () -> left[0].read(1)))
        .join();
    left[0].close();
    left[0].abort();
    assertTrue(left[0].isClosed());
  }

  @Test
  void whatAConnectionHasNotReadWhenItsLoopEndsIsGone() throws Exception {
    via.run(() -> {
      Net.Pair pair = Link.TCP.open(Net.connector(), Net.listener());
      pair.first().write(new byte[1 << 20]);
      Link.untilAvailable(pair.second(), 1 << 16);
    });
  }

  @Test
  void aLoopOnWhichEverybodyWaitsForAPairInMemoryIsADeadlock() throws Exception {
    via.use();
    assertThrows(
        DeadlockException.class, () -> Runner.builder().run(() -> Net.pair().first().read(1)));
  }

  @Test
  void aLoopThatWaitsForASocketIsNoDeadlock() throws Exception {
    CompletableFuture<byte[]> got = peer();
    run(connection -> {
      async(() -> mayRead.countDown());
      connection.closeOutput();
      assertEquals(0, connection.read(1).length);
    });
    assertEquals(0, got.get().length);
    assertFalse(got.isCompletedExceptionally());
  }
}
