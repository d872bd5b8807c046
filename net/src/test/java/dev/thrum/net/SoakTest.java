package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.forEachAll;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeoutOr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Opening, closing, cancelling, resetting, half-closing and not reading, over and over: nothing
/// may be left. `-Dthrum.seed=…` takes a seed that a failure printed.
final class SoakTest {
  private static final Duration MILLI = Duration.ofMillis(1);

  @ParameterizedTest
  @EnumSource
  void fiveHundredLoopsThatOpenCancelAndCloseLeaveNothing(Via via) throws Exception {
    try (NettyLog log = NettyLog.listen()) {
      long memory = 0;
      for (int i = 0; i < 500; i++) {
        int kind = i % 5;
        via.run(() -> cycle(kind));
        if (i == 100) {
          memory = directMemory();
        }
      }
      assertTrue(directMemory() - memory < 8 << 20, "direct memory grew from " + memory);
      findLeaks();
      assertEquals("", log.text());
    }
  }

  private static void cycle(int kind) throws IOException {
    Listener listener = Net.listen("127.0.0.1", 0);
    Connection connection = Net.connect("127.0.0.1", listener.port());
    Connection peer = listener.accept();
    connection.write("something that nobody reads");
    switch (kind) {
      case 0 -> {
        Task<?> reading = async(() -> connection.read(1));
        checkpoint();
        assertTrue(reading.cancel("enough"));
      }
      case 1 -> {
        Task<?> accepting = async(listener::accept);
        checkpoint();
        assertTrue(accepting.cancel("enough"));
      }
      case 2 -> connection.abort();
      case 3 -> {
        listener.close();
        connection.closeOutput();
        peer.readAll();
        peer.close();
        connection.close();
      }
      default -> {
        // All are left open.
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCrowdOfBadPeersLeavesNothing(Via via) throws Exception {
    crowd(via, 300);
  }

  @Tag("soak")
  @ParameterizedTest
  @EnumSource
  void aLargeCrowdOfBadPeersLeavesNothing(Via via) throws Exception {
    for (int i = 0; i < 100; i++) {
      crowd(via, 1000);
    }
  }

  private static void crowd(Via via, int peers) throws Exception {
    long seed = Long.getLong("thrum.seed", RandomGenerator.getDefault().nextLong());
    try (NettyLog log = NettyLog.listen()) {
      via.run(() -> {
        Listener.Builder options =
            Net.listener().maxConnections(100).linger(MILLI.multipliedBy(50));
        try (Listener listener = options.listen("127.0.0.1", 0)) {
          Task<?> server = async(() -> listener.serve(SoakTest::echo));
          List<Integer> numbers = IntStream.range(0, peers).boxed().toList();
          forEachAll(numbers, 50, number -> misbehave(listener.port(), generator(seed + number)));
          // The server is as good as at first.
          try (Connection last = Net.connect("127.0.0.1", listener.port())) {
            last.write("still there?\n");
            assertEquals("still there?", last.readLine().orElseThrow());
          }
          listener.close();
          await(server);
          assertEquals(0, listener.connections(), "connections that are still counted");
        }
      });
      findLeaks();
      assertEquals("", log.text());
    } catch (Throwable e) {
      e.addSuppressed(new AssertionError("-Dthrum.seed=" + seed));
      throw e;
    }
  }

  private static RandomGenerator generator(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private static void echo(Connection connection) throws IOException {
    for (byte[] some = connection.read(4096); some.length > 0; some = connection.read(4096)) {
      connection.write(some);
    }
  }

  private static void misbehave(int port, RandomGenerator random) throws IOException {
    Connection connection = Net.connect("127.0.0.1", port);
    try {
      connection.write(new byte[random.nextInt(1, 200_000)]);
      switch (random.nextInt(7)) {
        case 0 -> connection.abort();
        case 1 -> {
          connection.read(1);
          connection.abort();
        }
        case 2 -> {
          connection.closeOutput();
          connection.readAll();
        }
        case 3 -> sleep(MILLI.multipliedBy(random.nextInt(20))); // reads nothing
        case 4 ->
            timeoutOr(
                MILLI.multipliedBy(random.nextInt(1, 10)),
                0,
                () -> {
                  while (connection.read(1000).length > 0) {
                    sleep(MILLI); // reads slowly
                  }
                  return 0;
                });
        case 5 ->
            scope(s -> {
              s.async(() -> connection.write(new byte[1 << 20]));
              s.async(() -> connection.read(10));
              sleep(MILLI);
              s.cancel("enough");
            });
        default -> connection.readExactly(1);
      }
    } catch (IOException e) {
      // The server may have had enough of it.
    } finally {
      try {
        connection.close();
      } catch (IOException e) {
        // Not everything could be sent, and nobody expected it.
      }
    }
  }

  private static long directMemory() {
    return PlatformDependent.usedDirectMemory();
  }

  /// Netty looks for buffers that were lost whenever it makes a new one.
  private static void findLeaks() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(20);
      for (int j = 0; j < 200; j++) {
        boolean _ = ByteBufAllocator.DEFAULT.directBuffer(64).release();
      }
    }
  }
}
