package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Task;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A message that was given up halfway never looks to the peer as if it were whole.
@ParameterizedClass(name = "{0} {1}")
@MethodSource("all")
class HalfMessageTest {
  private static final byte[] MUCH = new byte[1 << 24];

  private final Via via;
  private final Link link;

  HalfMessageTest(Via via, Link link) {
    this.via = via;
    this.link = link;
  }

  static Stream<Arguments> all() {
    return StreamContractTest.all().filter(one -> one.get()[1] != Link.UNIX); // it has no resets
  }

  private static void giveUp(Task<?> sending, Connection from) {
    while (from.unsent() == 0) {
      checkpoint();
    }
    sending.cancel("enough");
    assertThrows(CancellationException.class, () -> await(sending));
  }

  private static void assertCutOff(Connection from, Connection to) {
    Task<?> reading = async(() -> assertThrows(IOException.class, to::readAll));
    closeAndLose(from);
    assertTrue(from.isClosed());
    await(reading);
  }

  private static void closeAndLose(Connection from) {
    try {
      from.close();
    } catch (IOException lost) {
      // If the system has not taken the half of it.
      assertTrue(lost.getMessage().contains("given up after"), lost.getMessage());
    }
  }

  @Test
  void closingAfterAWriteThatWasGivenUpResets() throws Exception {
    link.use(
        via,
        ends -> {
          giveUp(async(() -> ends.first().write(MUCH)), ends.first());
          assertCutOff(ends.first(), ends.second());
        });
  }

  @Test
  void theOutputCannotBeEndedAfterAWriteThatWasGivenUp() throws Exception {
    link.use(
        via,
        ends -> {
          giveUp(async(() -> ends.first().write(MUCH)), ends.first());
          IOException cut = assertThrows(IOException.class, () -> ends.first().closeOutput());
          assertTrue(cut.getMessage().contains("given up after"), cut.getMessage());
          assertCutOff(ends.first(), ends.second());
        });
  }

  @Test
  void closingResetsAlsoOnceThePeerHasReadEverythingOfIt() throws Exception {
    link.use(
        via,
        ends -> {
          giveUp(async(() -> ends.first().write(MUCH)), ends.first());
          while (ends.first().unsent() > 0) {
            assertTrue(ends.second().read(1 << 16).length > 0);
          }
          Task<?> reading = async(() -> assertThrows(IOException.class, ends.second()::readAll));
          ends.first().close(); // nothing of it is lost
          await(reading);
        });
  }
}
