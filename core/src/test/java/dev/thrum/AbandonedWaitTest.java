package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.select;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.thrum.channel.Channel;
import dev.thrum.internal.wait.Party;
import dev.thrum.spi.TimeSource;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a wait leaves when it ends in another way than by being served or cancelled.
class AbandonedWaitTest {
  private final Channel<String> channel = Channel.rendezvous();

  /// A clock that fails as a stack that is too deep to be suspended does: in the middle of a wait.
  private static final class FailingClock implements TimeSource {
    private boolean armed;

    @Override
    public long nanoTime() {
      if (armed) {
        armed = false;
        throw new StackOverflowError("as if");
      }
      return 0;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH;
    }
  }

  @Test
  void nothingIsGivenToATaskThatFailedWhereItWaited() {
    FailingClock clock = new FailingClock();
    List<VoidBody<RuntimeException>> waits =
        List.of(
            channel::receive,
            () -> select(on(channel, _ -> {})),
            () -> select(on(channel, _ -> {}), after(ofSeconds(1), () -> {})));
    Runner.builder()
        .time(clock)
        .instrument(new Instrument() {})
        .run(() -> {
          for (VoidBody<RuntimeException> wait : waits) {
            clock.armed = true;
            assertThrows(StackOverflowError.class, wait::run);
            assertFalse(channel.trySend("lost"));
            Task<?> next = async(() -> channel.send("kept"));
            assertEquals("kept", channel.receive());
            await(next);
            assertEquals(0, Inside.receivers(channel));
          }
        });
  }

  @Test
  void whoWaitsNoMoreDoesNotKeepWhatItWaitedFor() throws Exception {
    Thread sender = Thread.ofPlatform().start(() -> channel.send("item"));
    assertEquals("item", channel.receive());
    sender.join();
    assertNull(Inside.field(Party.current().waiter(), "on"));
    VirtualTime.run(() -> {
      async(() -> channel.send("item"));
      assertEquals("item", channel.receive());
      assertNull(Inside.field(Party.current().waiter(), "on"));
    });
  }
}
