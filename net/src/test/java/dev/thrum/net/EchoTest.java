package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The smallest use of everything.
final class EchoTest {
  private static void echo(Connection connection) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 12);
    while (connection.read(buffer.clear()) >= 0) {
      connection.write(buffer.flip());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerSendsBackWhatItGets(Via via) throws IOException {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        Task<?> server = async(() -> listener.serve(EchoTest::echo));
        try (Connection connection = Net.connect("127.0.0.1", listener.port())) {
          connection.write("one\ntwo\n");
          assertEquals(Optional.of("one"), connection.readLine());
          assertEquals(Optional.of("two"), connection.readLine());
          byte[] big = new byte[1 << 20];
          big[1 << 19] = 7;
          Task<?> writer = async(() -> connection.write(big));
          assertArrayEquals(big, connection.readExactly(big.length));
          await(writer);
          connection.closeOutput();
          assertEquals(0, connection.read(1).length);
        }
        listener.close();
        await(server);
      }
    });
  }
}
