package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.Task;
import dev.thrum.VoidBodyOf;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Waiting for connections and giving up (LO-15, LO-16).
@ParameterizedClass(name = "{0}")
@EnumSource
class AcceptConformanceTest {
  private final Via via;

  AcceptConformanceTest(Via via) {
    this.via = via;
  }

  private void use(VoidBodyOf<Listener, Exception> body) throws Exception {
    via.run(() -> {
      try (Listener listener = Net.listen("127.0.0.1", 0)) {
        body.run(listener);
      }
    });
  }

  private static Connection connect(Listener listener) throws Exception {
    return Net.connect(listener.address());
  }

  /// Turns the loop until a connection has come; who waited for it has been woken then, and has not
  /// run yet: the poller comes first in a turn, and this task before those that it has woken.
  private static void untilOneHasCome(Listener listener) {
    while (listener.connections() == 0) {
      checkpoint();
    }
  }

  private static void expectEnds(Connection client, Connection accepted) {
    assertEquals(client.localAddress(), accepted.remoteAddress());
  }

  @Test
  void lo15_aCancelledAcceptLosesNoConnection() throws Exception {
    use(listener -> {
      Task<Connection> accept = async(listener::accept);
      checkpoint();
      accept.cancel("test");
      assertThrows(CancellationException.class, accept::await);
      try (Connection client = connect(listener);
          Connection accepted = listener.accept()) {
        expectEnds(client, accepted);
      }
    });
  }

  @Test
  void lo15_aConnectionThatHasComeBeatsTheCancellation() throws Exception {
    use(listener -> {
      Task<Connection> accept = async(listener::accept);
      Task<Connection> connect = async(() -> connect(listener));
      untilOneHasCome(listener);
      accept.cancel("test");
      try (Connection accepted = accept.await();
          Connection client = connect.await()) {
        expectEnds(client, accepted);
      }
    });
  }

  @Test
  void lo15_aCancelledAcceptDoesNotKeepTheListenerFromClosing() throws Exception {
    use(listener -> {
      Task<Connection> accept = async(listener::accept);
      checkpoint();
      accept.cancel("test");
      listener.close();
      assertThrows(CancellationException.class, accept::await);
      assertThrows(ConnectionClosedException.class, listener::accept);
    });
  }

  @Test
  void lo16_severalTasksMayAcceptAndClosingWakesThem() throws Exception {
    use(listener -> {
      Task<Connection> first = async(listener::accept);
      Task<Connection> second = async(listener::accept);
      Task<Connection> third = async(listener::accept);
      checkpoint();
      try (Connection client = connect(listener);
          Connection accepted = first.await()) {
        expectEnds(client, accepted);
        listener.close();
        assertThrows(ConnectionClosedException.class, second::await);
        assertThrows(ConnectionClosedException.class, third::await);
      }
    });
  }

  @Test
  void lo16_nobodyOvertakesWhoWaitsForAConnection() throws Exception {
    use(listener -> {
      Task<Connection> first = async(listener::accept);
      Task<Connection> connect = async(() -> connect(listener));
      untilOneHasCome(listener);
      Task<Connection> later = async(() -> connect(listener));
      try (Connection own = listener.accept(); // the first one is the other task's
          Connection others = first.await();
          Connection client = connect.await();
          Connection laterClient = later.await()) {
        expectEnds(client, others);
        expectEnds(laterClient, own);
      }
    });
  }
}
