package dev.thrum.explored;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.VoidBody;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.Watch;
import org.junit.jupiter.api.Test;

class ExploredWatchTest {

  @Test
  void anObserverNeverMissesTheLatestValue() {
    every(() -> {
      var state = Watch.of(0);
      int[] seen = {-1};
      int ended =
          together(
              () -> {
                try (var values = state.observe()) {
                  for (int value : values) {
                    assertTrue(value >= seen[0]);
                    seen[0] = value;
                    checkpoint();
                  }
                } catch (ChannelClosedException _) {
                  seen[0] = state.get(); // it came too late to observe
                }
              },
              () -> {
                try {
                  state.set(1);
                  checkpoint();
                  state.set(2);
                  checkpoint();
                } finally {
                  state.close();
                }
              });
      if (ended == 2) {
        assertEquals(2, seen[0]);
      }
    });
  }

  @Test
  void whoWaitsForAValueThatStaysGetsIt() {
    every(() -> {
      var state = Watch.of("starting");
      VoidBody<?> wait = () -> assertEquals("ready", state.await(now -> now.equals("ready")));
      together(
          wait,
          wait,
          () -> {
            try {
              checkpoint();
              state.set("loading");
              checkpoint();
            } finally {
              state.set("ready");
            }
          });
    });
  }

  @Test
  void noUpdateIsLost() {
    every(() -> {
      var count = Watch.of(0);
      int[] updates = new int[1];
      VoidBody<?> increment =
          () -> {
            for (int i = 0; i < 2; i++) {
              int now = count.update(before -> before + 1);
              assertEquals(++updates[0], now);
              checkpoint();
            }
          };
      together(increment, increment, () -> count.await(value -> value > 0 || updates[0] == 0));
      assertEquals(updates[0], count.get());
    });
  }

  @Test
  void whoWaitsWhenItIsClosedIsToldSo() {
    every(() -> {
      var state = Watch.of(0);
      VoidBody<?> wait =
          () -> {
            try {
              assertEquals(1, state.await(value -> value == 1));
            } catch (ChannelClosedException _) {
              assertTrue(state.isClosed());
            }
          };
      together(
          wait,
          wait,
          () -> {
            state.set(1);
            state.set(2);
            state.close();
          });
      assertEquals(2, state.get());
    });
  }

  @Test
  void aValueThatCameInTimeIsSeen() {
    everyTiming(() -> {
      var state = Watch.of(0);
      together(
          () -> {
            int seen = timeoutOr(ofSeconds(1), -1, () -> state.await(value -> value > 0));
            assertTrue(seen == 1 || seen == -1);
          },
          () -> {
            checkpoint();
            state.set(1);
          });
      assertTrue(state.get() <= 1);
    });
  }

  @Test
  void aReadThatIsWrittenBackLaterIsFound() {
    finds(() -> {
      var count = Watch.of(0);
      VoidBody<?> increment =
          () -> {
            int before = count.get();
            checkpoint();
            count.set(before + 1);
          };
      together(increment, increment);
      assertEquals(2, count.get());
    });
  }
}
