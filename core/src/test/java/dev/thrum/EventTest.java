package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.Selectable;
import dev.thrum.internal.wait.Selection;
import dev.thrum.internal.wait.Waiter;
import dev.thrum.sync.Event;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Events.
@ParameterizedClass(name = "{0}")
@EnumSource
class EventTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();
  private final Event event = Event.create("go");

  EventTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private Task<?> waiter(String name) {
    return async(
        name,
        () -> {
          event.await();
          trail.add(name + (event.isSet() ? "" : ", cleared"));
        });
  }

  @Test
  void setWakesAllInOrder() {
    tidy.run(() -> {
      Task<?> first = waiter("first");
      Task<?> second = waiter("second");
      checkpoint();
      assertEquals("event go, not set, 2 waiting", event.toString());
      event.set();
      event.set();
      assertEquals("event go, set", event.toString());
      first.await();
      second.await();
      waiter("late").await();
      trail.expect("first", "second", "late");
    });
  }

  @Test
  void whoWasWokenHasBeenWokenAlsoIfItIsClearedAtOnce() {
    tidy.run(() -> {
      Task<?> first = waiter("first");
      Task<?> second = waiter("second");
      checkpoint();
      event.set();
      event.clear();
      Task<?> late = waiter("late");
      first.await();
      second.await();
      sleep(ofSeconds(1));
      assertFalse(late.isDone());
      trail.expect("first, cleared", "second, cleared");
      event.set();
      late.await();
    });
  }

  @Test
  void s3_aWakeBeatsALaterCancellation() {
    tidy.run(() -> {
      Task<?> first = waiter("first");
      Task<?> second = waiter("second");
      checkpoint();
      second.cancel("before");
      event.set();
      first.cancel("after");
      first.await();
      assertThrows(CancellationException.class, second::await);
      trail.expect("first");
    });
  }

  @Test
  void s2_aCancelledTaskDoesNotPassASetEvent() {
    tidy.run(() ->
        scope(s -> {
          event.set();
          s.cancel("test");
          assertThrows(CancelledException.class, event::await);
        }));
  }

  @Test
  void aTimeoutLeavesNothingBehind() {
    tidy.run(() -> {
      assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), event::await));
      assertEquals("event go, not set, 0 waiting", event.toString());
    });
  }

  @Test
  void itCanBeWaitedForTogetherWithOtherThings() {
    tidy.run(() -> {
      var other = Event.create();
      Selectable[] both = {
        assertInstanceOf(Selectable.class, event), assertInstanceOf(Selectable.class, other)
      };
      Task<?> selector =
          async(() -> {
            Party me = Party.current();
            var selection = new Selection();
            Waiter[] waiters = new Waiter[2];
            for (int i = 0; i < 2; i++) {
              waiters[i] = new Waiter(me, selection, i);
              both[i].guard();
              assertFalse(both[i].isReady());
              waiters[i].begin(both[i], null);
              both[i].register(waiters[i]);
              both[i].unguard();
            }
            TaskImpl.current("test").park(both[1]);
            trail.add("won by " + selection.winner());
            for (int i = 0; i < 2; i++) {
              both[i].guard();
              both[i].unregister(waiters[i]);
              both[i].unguard();
            }
          });
      checkpoint();
      other.set();
      event.set();
      selector.await();
      trail.expect("won by 1");
      assertTrue(both[0].isReady());
    });
  }
}
