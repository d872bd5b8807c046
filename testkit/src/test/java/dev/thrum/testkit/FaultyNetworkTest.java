package dev.thrum.testkit;

import static dev.thrum.Async.gather;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.thrum.VoidBody;
import dev.thrum.net.Connection;
import dev.thrum.net.Faults;
import dev.thrum.net.Net;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a network does is explored like everything else.
class FaultyNetworkTest {

  private static void exchange(Faults faults, boolean careful) throws IOException {
    Net.Pair pair = Net.pair(faults);
    try (Connection here = pair.first();
        Connection peer = pair.second()) {
      here.write("ping");
      assertEquals("ping", new String(careful ? peer.readExactly(4) : peer.read(4), UTF_8));
      peer.write("pong\n");
      assertEquals("pong", here.readLine().orElseThrow());
    }
  }

  private static Verdict explore(VoidBody<?> body) {
    return Explorer.explore(Explorer.options().schedules(200), body);
  }

  private static void assertFound(VoidBody<?> body) {
    Verdict.Failed found = assertInstanceOf(Verdict.Failed.class, explore(body));
    assertInstanceOf(AssertionError.class, found.failure());
    assertEquals(List.of(), found.uncontrolled());
    Verdict again = Explorer.replay(found.replay(), body);
    assertInstanceOf(Verdict.Failed.class, again, "the same choices once more");
  }

  @Test
  void aMessageThatIsTakenForOnePieceIsFound() {
    assertFound(() -> exchange(Faults.create().partial(4), false));
  }

  @Test
  void anAnswerThatOvertakesAnotherIsFound() {
    assertFound(() -> {
      Faults faults = Faults.create().delay(ofMillis(1), ofMillis(9));
      Trail trail = new Trail();
      gather(
          () -> {
            exchange(faults, true);
            trail.add("first");
          },
          () -> {
            exchange(faults, true);
            trail.add("second");
          });
      trail.expect("first", "second");
    });
  }

  @Test
  void whoExpectsPiecesAndDelaysPasses() {
    Verdict verdict =
        explore(() -> exchange(Faults.create().partial(3).delay(ofMillis(1), ofMillis(2)), true));
    assertEquals(List.of(), verdict.orThrow().uncontrolled());
  }
}
