package dev.thrum.explored;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.done;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.otherwise;
import static dev.thrum.channel.Select.select;
import static dev.thrum.channel.Select.selectFirst;
import static dev.thrum.channel.Select.send;
import static dev.thrum.explored.Every.end;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyOrder;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.CancelledException;
import dev.thrum.channel.Channel;
import dev.thrum.sync.Event;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ExploredSelectTest {

  @Test
  void oneClauseTakesAndTheOtherLeavesItsItemThere() {
    every(() -> {
      var ledger = new Ledger();
      var a = Channel.<Integer>buffered(1);
      var b = Channel.<Integer>buffered(1);
      together(
          () -> ledger.send(a, 1),
          () -> ledger.send(b, 2),
          () ->
              select(
                  on(
                      a,
                      item -> {
                        ledger.received.add(item);
                      }),
                  on(
                      b,
                      item -> {
                        ledger.received.add(item);
                      })));
      assertTrue(ledger.received.size() <= 1);
      a.tryReceive().ifPresent(ledger.received::add);
      ledger.assertBalanced(b);
    });
  }

  @Test
  void ofTwoThatAreReadyEachCanWinAndTheFirstOneAlwaysDoesInSelectFirst() {
    var fair = new TreeSet<String>();
    var biased = new TreeSet<String>();
    everyOrder(() -> {
      var a = Channel.<Integer>buffered(1);
      var b = Channel.<Integer>buffered(1);
      a.send(1);
      b.send(2);
      biased.add(selectFirst(on(a, _ -> "a"), on(b, _ -> "b")));
      a.trySend(1);
      fair.add(select(on(a, _ -> "a"), on(b, _ -> "b")));
    });
    assertEquals("[a, b]", fair.toString());
    assertEquals("[a]", biased.toString());
  }

  @Test
  void whatASelectOffersIsSentOnceOrNotAtAll() {
    every(() -> {
      var ledger = new Ledger();
      var out = Channel.<Integer>rendezvous();
      var in = Channel.<Integer>rendezvous();
      var stop = Event.create();
      together(
          () ->
              select(
                  send(
                      out,
                      1,
                      () -> {
                        ledger.sent.add(1);
                      }),
                  on(
                      in,
                      item -> {
                        ledger.received.add(item);
                      }),
                  on(stop, () -> {})),
          () ->
              select(
                  on(
                      out,
                      item -> {
                        ledger.received.add(item);
                      }),
                  send(
                      in,
                      2,
                      () -> {
                        ledger.sent.add(2);
                      }),
                  on(stop, () -> {})),
          () -> {
            try {
              checkpoint();
              checkpoint();
            } finally {
              stop.set();
            }
          });
      assertTrue(ledger.sent.size() <= 1);
      assertEquals(ledger.sent, ledger.received);
    });
  }

  @Test
  void twoSelectsMeetOnceWhereverTheyMeet() {
    everyOrder(() -> {
      var ledger = new Ledger();
      var a = Channel.<Integer>rendezvous();
      var b = Channel.<Integer>rendezvous();
      together(
          () -> select(send(a, 1, () -> ledger.sent.add(1)), send(b, 2, () -> ledger.sent.add(2))),
          () ->
              select(
                  on(b, item -> ledger.received.add(item)),
                  on(a, item -> ledger.received.add(item))));
      assertEquals(1, ledger.sent.size());
      assertEquals(ledger.sent, ledger.received);
    });
  }

  @Test
  void aSelectThatDoesNotWaitTakesWhatIsThere() {
    every(() -> {
      var channel = Channel.<Integer>buffered(1);
      var ledger = new Ledger();
      together(
          () -> ledger.send(channel, 1),
          () -> {
            for (int i = 0; i < 2; i++) {
              int before = channel.size();
              Optional<Integer> taken =
                  select(on(channel, Optional::of), otherwise(() -> Optional.<Integer>empty()));
              assertEquals(before, taken.isPresent() ? 1 : 0);
              taken.ifPresent(ledger.received::add);
              checkpoint();
            }
          });
      ledger.assertBalanced(channel);
    });
  }

  @Test
  void anItemThatComesAsTheTimeIsOverIsTakenOrIsStillThere() {
    everyTiming(() -> {
      var ledger = new Ledger();
      var channel = Channel.<Integer>unlimited();
      together(
          () ->
              select(
                  on(
                      channel,
                      item -> {
                        ledger.received.add(item);
                      }),
                  after(ofSeconds(1), () -> {})),
          () ->
              select(
                  after(
                      ofSeconds(1),
                      () -> {
                        ledger.send(channel, 1);
                      }),
                  on(Event.create(), () -> {})));
      ledger.assertBalanced(channel);
    });
  }

  @Test
  void theEndOfATaskWinsOnceItHasEnded() {
    every(() -> {
      var work =
          async(() -> {
            checkpoint();
            return "done";
          });
      var event = Event.create();
      together(
          () -> {
            try {
              String won = select(done(work, value -> value), on(event, () -> "event"));
              assertTrue(won.equals("event") ? event.isSet() : work.isDone());
            } catch (CancelledException own) {
              throw own;
            } catch (CancellationException _) {
              assertTrue(work.isCancelled());
            }
          },
          () -> event.set());
      end(work);
    });
  }

  @Test
  void anItemThatIsTakenBeforeTheChoiceIsFound() {
    finds(() -> {
      var ledger = new Ledger();
      var channel = Channel.<Integer>unlimited();
      var stop = Event.create();
      together(
          () -> ledger.send(channel, 1),
          () -> stop.set(),
          () -> {
            while (channel.size() == 0 && !stop.isSet()) {
              checkpoint();
            }
            Optional<Integer> taken = channel.tryReceive();
            if (!stop.isSet()) {
              ledger.received.add(taken.orElseThrow());
            }
          });
      ledger.assertBalanced(channel);
    });
  }
}
