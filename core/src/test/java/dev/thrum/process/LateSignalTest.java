package dev.thrum.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.internal.SignalHandlers;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A signal that the JVM gave to a receiver just before that was closed.
class LateSignalTest {

  @Test
  void itGoesToWhoIsNext() throws Exception {
    LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (var _ = SignalHandlers.add("USR2", () -> heard.add("USR2"))) {
      SignalsImpl receiver = SignalsImpl.open("USR2");
      receiver.close();
      receiver.came("USR2");
      assertEquals("USR2", heard.poll(10, TimeUnit.SECONDS));
    }
  }
}
