package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.end;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyOrder;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.DeadlockException;
import dev.thrum.VoidBody;
import dev.thrum.sync.Event;
import org.junit.jupiter.api.Test;

class ExploredEventTest {

  @Test
  void whoeverWaitsIsWokenHoweverLateOrEarlyItCame() {
    every(() -> {
      var event = Event.create();
      VoidBody<?> wait =
          () -> {
            event.await();
            assertTrue(event.isSet());
          };
      together(
          wait,
          wait,
          () -> {
            try {
              checkpoint();
            } finally {
              event.set();
            }
          });
    });
  }

  @Test
  void whoWaitedWhenItWasSetIsWokenThoughItIsClearedAtOnce() {
    every(() -> {
      var event = Event.create();
      boolean[] waits = new boolean[2];
      var first = async(() -> await(event, waits, 0));
      var second = async(() -> await(event, waits, 1));
      checkpoint();
      boolean[] waited = waits.clone();
      event.set();
      event.clear();
      if (waited[0]) {
        end(first);
      }
      if (waited[1]) {
        end(second);
      }
      event.set();
    });
  }

  private static void await(Event event, boolean[] waits, int who) {
    waits[who] = true;
    event.await();
  }

  @Test
  void whatWasDoneBeforeItWasSetIsSeen() {
    every(() -> {
      var event = Event.create();
      int[] value = new int[1];
      together(
          () -> {
            event.await();
            assertEquals(1, value[0]);
          },
          () -> {
            try {
              checkpoint();
            } finally {
              value[0] = 1;
              event.set();
            }
          });
    });
  }

  @Test
  void whoWasWokenInTimeIsNotTooLate() {
    everyTiming(() -> {
      var event = Event.create();
      boolean[] set = new boolean[1];
      together(
          () -> {
            boolean happened =
                timeoutOr(
                    ofSeconds(1),
                    false,
                    () -> {
                      event.await();
                      return true;
                    });
            assertTrue(!happened || set[0]);
          },
          () -> {
            checkpoint();
            set[0] = true;
            event.set();
            event.clear();
          });
    });
  }

  @Test
  void aWakeUpThatIsLostIsFound() {
    everyOrder(() -> {
      var bell = Event.create();
      together(() -> bell.await(), () -> bell.set());
    });
    var found =
        finds(() -> {
          var bell = Event.create();
          together(
              () -> bell.await(),
              () -> {
                bell.set();
                bell.clear();
              });
        });
    assertInstanceOf(DeadlockException.class, found.failure());
  }
}
