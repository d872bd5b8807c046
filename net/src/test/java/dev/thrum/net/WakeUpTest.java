package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Task;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A loop that goes to sleep while a peer in another thread sends.
final class WakeUpTest {
  private static final int ROUNDS = 2_000;

  @ParameterizedTest
  @EnumSource
  void whatComesWhileTheLoopGoesToSleepWakesIt(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        SocketAddress address = listener.address();
        CompletableFuture<Void> peer = CompletableFuture.runAsync(() -> sendAndExpect(address));
        Task<Integer> echoed = async(() -> echo(listener.accept()));
        assertEquals(ROUNDS, await(echoed));
        await(peer);
      }
    });
  }

  private static int echo(Connection connection) throws IOException {
    try (connection) {
      int rounds = 0;
      for (byte[] one = connection.read(1); one.length > 0; one = connection.read(1)) {
        connection.write(one);
        rounds++;
      }
      return rounds;
    }
  }

  private static void sendAndExpect(SocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address);
      socket.setTcpNoDelay(true);
      for (int i = 0; i < ROUNDS; i++) {
        socket.getOutputStream().write(i);
        assertEquals(i & 0xff, socket.getInputStream().read());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
