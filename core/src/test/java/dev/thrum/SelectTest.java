package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.cancelled;
import static dev.thrum.channel.Select.done;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.otherwise;
import static dev.thrum.channel.Select.select;
import static dev.thrum.channel.Select.selectFirst;
import static dev.thrum.channel.Select.send;
import static java.time.Duration.ZERO;
import static java.time.Duration.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Broadcast;
import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.Clause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Select on one loop: which clause wins, what becomes of the others, and how it is cancelled.
@ParameterizedClass(name = "{0}")
@EnumSource
class SelectTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  SelectTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private static void later(Duration pause, Runnable action) {
    async(() -> {
      sleep(pause);
      action.run();
    });
  }

  private static void assertNobodyWaits(Channel<?>... channels) {
    for (Channel<?> channel : channels) {
      assertEquals(0, Inside.receivers(channel), channel + " keeps a receiver");
      assertEquals(0, Inside.senders(channel), channel + " keeps a sender");
    }
  }

  // Each kind of clause

  @Test
  void anItemThatIsThere() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(1);
      channel.send(1);
      assertEquals("got 1", select(on(channel, item -> "got " + item)));
      async(() -> channel.send(2));
      checkpoint();
      assertEquals("got 2", select(on(channel, item -> "got " + item)));
    });
  }

  @Test
  void anItemThatComes() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      later(ofSeconds(2), () -> channel.send(1));
      assertEquals(
          "got 1", select(on(channel, item -> "got " + item), after(ofHours(1), () -> "late")));
      assertNobodyWaits(channel);
    });
  }

  @Test
  void roomThatIsThereAndRoomThatComes() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(1);
      assertEquals("sent", select(send(channel, 1, () -> "sent")));
      later(ofSeconds(1), () -> assertEquals(1, channel.receive()));
      assertEquals("sent", select(send(channel, 2, () -> "sent"), after(ofHours(1), () -> "")));
      assertEquals(2, channel.receive());
      assertNobodyWaits(channel);
    });
  }

  @Test
  void theEndOfATask() {
    tidy.run(() -> {
      Task<Integer> task =
          async(() -> {
            sleep(ofSeconds(1));
            return 42;
          });
      Channel<Integer> never = Channel.rendezvous();
      assertEquals("42", select(done(task, String::valueOf), on(never, String::valueOf)));
      assertEquals("42 again", select(done(task, v -> v + " again"), on(never, v -> "item")));
      assertNobodyWaits(never);
    });
  }

  @Test
  void aTaskThatFailsOrIsCancelledComesOutAsFromAwait() {
    tidy.run(() -> {
      IOException boom = new IOException("boom");
      Task<?> failing =
          async(() -> {
            sleep(ofSeconds(1));
            throw boom;
          });
      assertSame(boom, assertThrows(IOException.class, () -> select(done(failing, _ -> 1))));
      assertSame(boom, assertThrows(IOException.class, () -> select(done(failing, _ -> 1))));
      Task<?> gone = async(() -> sleep(ofHours(1)));
      later(ofSeconds(1), () -> gone.cancel("enough"));
      CancellationException thrown =
          assertThrows(CancellationException.class, () -> select(done(gone, _ -> 1)));
      assertSame(CancellationException.class, thrown.getClass());
      checkpoint();
    });
  }

  @Test
  void aFailureThatASelectWaitedForIsHandledThereAlsoWhileTheOwnerJoinsItsChildren() {
    tidy.run(() -> {
      Task<?> owner =
          async(() -> {
            Task<?> failing =
                async(() -> {
                  sleep(ofSeconds(1));
                  throw new IOException("boom");
                });
            async(() -> {
              var thrown =
                  assertThrows(
                      IOException.class,
                      () -> select(done(failing, _ -> 1), after(ofHours(1), () -> 2)));
              trail.add(thrown.getMessage());
              sleep(ofSeconds(1));
              trail.add("slept on");
            });
          });
      await(owner);
      trail.expect("boom", "slept on");
    });
  }

  @Test
  void aTaskThatLosesGoesOn() {
    tidy.run(() -> {
      Task<String> slow =
          async(() -> {
            sleep(ofSeconds(10));
            return "done";
          });
      assertEquals("time", select(done(slow, v -> v), after(ofSeconds(1), () -> "time")));
      assertEquals("done", await(slow));
    });
  }

  @Test
  void theCancellationOfAScope() {
    tidy.run(() -> {
      CompletableFuture<Scope> scope = new CompletableFuture<>();
      async(() ->
          scope(s -> {
            scope.complete(s);
            sleep(ofHours(1));
          }));
      checkpoint();
      later(ofSeconds(1), () -> scope.join().cancel("enough"));
      Clause<String, RuntimeException> late = after(ofHours(1), () -> "late");
      assertEquals("cancelled", select(cancelled(scope.join(), () -> "cancelled"), late));
      assertEquals("cancelled", select(cancelled(scope.join(), () -> "cancelled")));
    });
  }

  @Test
  void aScopeThatIsNotCancelledKeepsNoSelect() {
    tidy.run(() ->
        scope(s -> {
          Task<?> outside =
              async(() ->
                  shield(() -> select(cancelled(s, () -> {}), after(ofSeconds(1), () -> {}))));
          await(outside);
          assertEquals(List.of(), Inside.field(s, "onCancel"));
        }));
  }

  @Test
  void time() {
    tidy.run(() -> {
      var began = now();
      Channel<Integer> never = Channel.rendezvous();
      assertEquals(
          "second",
          select(
              after(ofSeconds(5), () -> "first"),
              on(never, _ -> ""),
              after(ofSeconds(3), () -> "second"),
              after(ofSeconds(4), () -> "third")));
      assertEquals(ofSeconds(3), between(began, now()));
      assertNobodyWaits(never);
    });
  }

  @Test
  void otherwiseAndNoTimeWinOnlyIfNothingElseIsReady() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(100);
      for (int i = 0; i < 50; i++) {
        assertEquals("none", select(otherwise(() -> "none"), on(channel, _ -> "item")));
        assertEquals("none", select(after(ZERO, () -> "none"), on(channel, _ -> "item")));
        channel.send(i);
        assertEquals("item", select(otherwise(() -> "none"), on(channel, _ -> "item")));
        channel.send(i);
        assertEquals("item", select(after(ZERO, () -> "none"), on(channel, _ -> "item")));
      }
      assertEquals("none", select(otherwise(() -> "none")));
      assertNobodyWaits(channel);
    });
  }

  @Test
  void aReaderOfABroadcast() {
    tidy.run(() -> {
      Broadcast<Integer> broadcast = Broadcast.create(2);
      try (Broadcast.Reader<Integer> one = broadcast.subscribe();
          Broadcast.Reader<Integer> other = broadcast.subscribe()) {
        later(ofSeconds(1), () -> broadcast.send(1));
        selectFirst(
            on(
                one,
                item -> {
                  trail.add("one " + item);
                }),
            on(
                other,
                item -> {
                  trail.add("other " + item);
                }));
        assertEquals(1, one.size() + other.size());
        selectFirst(
            on(
                one,
                item -> {
                  trail.add("one " + item);
                }),
            on(
                other,
                item -> {
                  trail.add("other " + item);
                }));
        trail.expect("one 1", "other 1");
        assertEquals(0, Inside.receivers(one));
        assertEquals(0, Inside.receivers(other));
      }
    });
  }

  // The action

  @Test
  void whatAnActionThrowsComesOutUnchanged() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(1);
      channel.send(1);
      IOException boom = new IOException("boom");
      try {
        select(
            on(
                channel,
                item -> {
                  throw boom;
                }),
            after(ofSeconds(1), () -> {}));
        throw new AssertionError("it must throw");
      } catch (IOException e) {
        assertSame(boom, e);
      }
      assertEquals(0, channel.size());
    });
  }

  @Test
  void anActionWithoutValueGivesNull() {
    tidy.run(() -> assertNull(select(after(ZERO, () -> {}))));
  }

  @Test
  void anActionMayWaitAndSelectAgain() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(3);
      channel.send(1);
      channel.send(2);
      later(ofSeconds(1), () -> channel.send(3));
      String all =
          select(
              on(
                  channel,
                  a -> a + select(on(channel, b -> b + select(on(channel, c -> " and " + c))))),
              after(ofHours(1), () -> "late"));
      assertEquals("12 and 3", all);
      assertNobodyWaits(channel);
    });
  }

  // Which one wins

  @Test
  void ofSeveralThatAreReadyEachHasTheSameChanceWhereverItStands() {
    tidy.run(() -> {
      Channel<Integer> a = Channel.unlimited();
      Channel<Integer> b = Channel.unlimited();
      Channel<Integer> c = Channel.unlimited();
      Channel<Integer> never = Channel.rendezvous();
      int[] wins = new int[3];
      int rounds = 6000;
      for (int i = 0; i < rounds; i++) {
        a.trySend(i);
        b.trySend(i);
        int winner =
            select(
                on(a, _ -> 0),
                on(never, _ -> -1),
                on(never, _ -> -1),
                on(b, _ -> 1),
                after(ofHours(1), () -> -1),
                send(c, i, () -> 2));
        wins[winner]++;
      }
      for (int count : wins) {
        assertTrue(
            Math.abs(count - rounds / 3) < 220,
            () -> "not fair: " + List.of(wins[0], wins[1], wins[2]));
      }
    });
  }

  @Test
  void selectFirstPrefersTheOneListedFirst() {
    tidy.run(() -> {
      Channel<Integer> urgent = Channel.unlimited();
      Channel<Integer> rest = Channel.unlimited();
      for (int i = 0; i < 100; i++) {
        urgent.send(i);
        rest.send(i);
      }
      for (int i = 0; i < 200; i++) {
        String from = selectFirst(on(urgent, _ -> "urgent"), on(rest, _ -> "rest"));
        assertEquals(i < 100 ? "urgent" : "rest", from);
      }
    });
  }

  @Test
  void whoWaitsInASelectIsServedInTurnWithThoseWhoJustReceive() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Channel<Integer> never = Channel.rendezvous();
      async(() -> trail.add("first " + channel.receive()));
      async(() ->
          select(
              on(never, _ -> {}),
              on(
                  channel,
                  item -> {
                    trail.add("second " + item);
                  })));
      async(() -> trail.add("third " + channel.receive()));
      checkpoint();
      for (int i = 0; i < 3; i++) {
        channel.send(i);
      }
      checkpoint();
      trail.expect("first 0", "second 1", "third 2");
      assertNobodyWaits(channel, never);
    });
  }

  // The losers

  @Test
  void aClauseThatLosesLeavesNoTraceAndTakesAndSendsNothing() {
    tidy.run(() -> {
      Channel<Integer> in = Channel.rendezvous();
      Channel<Integer> other = Channel.rendezvous();
      Channel<Integer> out = Channel.buffered(1);
      out.send(0);
      for (int i = 0; i < 20; i++) {
        int number = i;
        Task<?> winner = async(() -> in.send(number));
        Task<?> selecting =
            async(() ->
                select(
                    on(in, _ -> {}), on(other, _ -> {}), send(out, -1, () -> {}), on(in, _ -> {})));
        await(selecting);
        await(winner);
        assertNobodyWaits(in, other, out);
      }
      assertEquals(0, out.receive());
      assertEquals(0, out.size());
    });
  }

  @Test
  void anItemThatComesAfterTheWinAndBeforeTheSelectRunsGoesToSomebodyElse() {
    tidy.run(() -> {
      Channel<String> one = Channel.rendezvous();
      Channel<String> other = Channel.rendezvous();
      async(() ->
          select(
              on(
                  one,
                  item -> {
                    trail.add("one " + item);
                  }),
              on(
                  other,
                  item -> {
                    trail.add("other " + item);
                  })));
      async(() -> trail.add("plain " + other.receive()));
      checkpoint();
      one.send("a");
      other.send("b");
      checkpoint();
      trail.expect("one a", "plain b");
      assertNobodyWaits(one, other);
    });
  }

  @Test
  void theSameChannelInSeveralClausesGivesOneItem() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(2);
      Task<Integer> waiting =
          async(() -> select(on(channel, i -> i), on(channel, i -> i), on(channel, i -> i)));
      checkpoint();
      assertEquals(3, Inside.receivers(channel));
      channel.send(1);
      channel.send(2);
      assertEquals(1, await(waiting));
      assertEquals(2, channel.receive());
      assertNobodyWaits(channel);
    });
  }

  @Test
  void aChannelThatEndsEndsASelectOnceThoughItStandsInSeveralClauses() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Task<?> waiting =
          async(() ->
              select(
                  on(
                      channel,
                      _ -> {},
                      () -> {
                        trail.add("end");
                      }),
                  on(
                      channel,
                      _ -> {},
                      () -> {
                        trail.add("end");
                      })));
      checkpoint();
      channel.close();
      await(waiting);
      trail.expect("end");
      assertNobodyWaits(channel);
    });
  }

  // Selects that meet

  @Test
  void aSelectDoesNotMeetItself() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      for (int i = 0; i < 20; i++) {
        assertEquals(
            "nobody",
            select(
                send(channel, 1, () -> "sent"),
                on(channel, _ -> "received"),
                after(ofSeconds(1), () -> "nobody")));
      }
      assertNobodyWaits(channel);
    });
  }

  @Test
  void twoSelectsThatBothSendAndReceiveOnOneChannelMeetOnce() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      for (int i = 0; i < 50; i++) {
        List<Task<String>> both = new ArrayList<>();
        for (int k = 0; k < 2; k++) {
          both.add(
              async(() ->
                  select(
                      send(channel, 1, () -> "sent"),
                      on(channel, _ -> "received"),
                      after(ofSeconds(1), () -> "nobody"))));
        }
        assertEquals(
            List.of("received", "sent"), both.stream().map(Async::await).sorted().toList());
        assertNobodyWaits(channel);
      }
    });
  }

  @Test
  void selectsThatFaceEachOtherLoseAndDoubleNothing() {
    tidy.run(() -> {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.rendezvous();
      List<Integer> received = new ArrayList<>();
      List<Integer> sent = new ArrayList<>();
      scope(s -> {
        for (int k = 0; k < 4; k++) {
          int number = k;
          s.async(() -> {
            for (int i = 0; i < 200; i++) {
              int item = number * 1000 + i;
              select(
                  send(
                      a,
                      item,
                      () -> {
                        sent.add(item);
                      }),
                  send(
                      b,
                      item,
                      () -> {
                        sent.add(item);
                      }),
                  on(
                      number % 2 == 0 ? a : b,
                      got -> {
                        received.add(got);
                      }),
                  after(ofSeconds(number + 1), () -> {}));
            }
          });
        }
      });
      assertTrue(sent.size() > 100, () -> sent.size() + " only");
      assertEquals(sent.stream().sorted().toList(), received.stream().sorted().toList());
      assertNobodyWaits(a, b);
    });
  }

  // Ends

  @Test
  void aChannelThatHasEndedIsReadyForItsEnd() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(1);
      channel.send(1);
      channel.close();
      assertEquals("item", select(on(channel, _ -> "item", () -> "end")));
      assertEquals("end", select(on(channel, _ -> "item", () -> "end")));
      assertThrows(ChannelClosedException.class, () -> select(on(channel, _ -> "item")));
      assertThrows(
          ChannelClosedException.class, () -> select(on(channel, _ -> {}), otherwise(() -> {})));
      assertThrows(ChannelClosedException.class, () -> select(send(channel, 1, () -> "sent")));
    });
  }

  @Test
  void aChannelThatEndsMeanwhileWins() {
    tidy.run(() -> {
      Channel<Integer> in = Channel.rendezvous();
      Channel<Integer> out = Channel.rendezvous();
      Clause<String, RuntimeException> late = after(ofHours(1), () -> "late");
      later(ofSeconds(1), () -> in.close());
      assertEquals(
          "end", select(on(in, _ -> "item", () -> "end"), send(out, 1, () -> "sent"), late));
      later(ofSeconds(1), () -> out.close());
      assertThrows(
          ChannelClosedException.class,
          () -> select(send(out, 1, () -> "sent"), after(ofHours(1), () -> "late")));
      assertNobodyWaits(in, out);
    });
  }

  // Cancellation

  @Test
  void aSelectThatIsCancelledTakesNothingAndLeavesNothing() {
    tidy.run(() -> {
      Channel<Integer> in = Channel.rendezvous();
      Channel<Integer> out = Channel.rendezvous();
      Task<?> never = async(() -> sleep(ofHours(1)));
      Task<?> selecting =
          async(() ->
              select(
                  on(in, _ -> {}),
                  send(out, 1, () -> {}),
                  done(never, _ -> {}),
                  after(ofHours(2), () -> {})));
      checkpoint();
      assertEquals(1, Inside.receivers(in));
      selecting.cancel("enough");
      assertEquals(false, in.trySend(1));
      checkpoint();
      assertEquals(new Outcome.Cancelled<>("enough"), selecting.outcome());
      assertNobodyWaits(in, out);
      assertNull(Inside.field(never, "watchers"));
      never.cancel("enough");
    });
  }

  @Test
  void aSelectThatIsCancelledAfterTheWinDeliversIt() {
    tidy.run(() -> {
      Channel<Integer> in = Channel.rendezvous();
      Task<?> selecting =
          async(() -> {
            select(
                on(
                    in,
                    item -> {
                      trail.add("got " + item);
                    }),
                after(ofHours(1), () -> {}));
            trail.add("goes on");
            checkpoint();
            trail.add("never");
          });
      checkpoint();
      in.send(1);
      selecting.cancel("too late");
      checkpoint();
      trail.expect("got 1", "goes on");
      assertEquals(new Outcome.Cancelled<>("too late"), selecting.outcome());
    });
  }

  @Test
  void aCancelledTaskSelectsNothingThoughItNeedNotWait() {
    tidy.run(() -> {
      Channel<Integer> in = Channel.buffered(1);
      in.send(1);
      Task<?> selecting =
          async(() -> {
            current().cancel("enough");
            select(on(in, _ -> {}), otherwise(() -> {}));
          });
      checkpoint();
      assertEquals(new Outcome.Cancelled<>("enough"), selecting.outcome());
      assertEquals(1, in.size());
    });
  }

  @Test
  void aTimeoutAroundASelectLeavesNothing() {
    tidy.run(() -> {
      Channel<Integer> in = Channel.rendezvous();
      assertThrows(
          TimeoutException.class,
          () -> timeout(ofSeconds(1), () -> select(on(in, i -> i), after(ofHours(1), () -> 0))));
      assertNobodyWaits(in);
    });
  }

  @Test
  void anItemInTheTurnInWhichTheTimeIsOverStaysWithItsSender() {
    tidy.run(() -> {
      Channel<Integer> in = Channel.rendezvous();
      Task<Boolean> sender =
          async(() -> {
            sleep(ofSeconds(1));
            return in.trySend(1);
          });
      Task<String> selecting =
          async(() -> select(on(in, _ -> "item"), after(ofSeconds(1), () -> "time")));
      assertEquals(await(sender), await(selecting).equals("item"));
    });
  }

  // Wrong use

  @Test
  void aClauseServesOnce() {
    tidy.run(() -> {
      Clause<String, RuntimeException> clause = otherwise(() -> "value");
      assertEquals("value", select(clause));
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> select(clause));
      assertTrue(refused.getMessage().contains("make new ones"), refused.getMessage());
    });
  }

  @Test
  void theSameClauseTwiceInOneSelectIsRefused() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Clause<Integer, RuntimeException> clause = on(channel, i -> i);
      assertThrows(IllegalStateException.class, () -> select(clause, clause));
      assertNobodyWaits(channel);
    });
  }

  @Test
  void whatASelectWaitsForCanBeRead() {
    tidy.run(() -> {
      Channel<Integer> in = Channel.<Integer>builder().name("orders").build();
      Channel<Integer> out = Channel.<Integer>builder().name("bills").capacity(1).build();
      out.send(0);
      Task<?> worker = async("worker", () -> sleep(ofHours(1)));
      Task<?> selecting =
          async(() ->
              select(
                  on(in, _ -> {}),
                  send(out, 1, () -> {}),
                  done(worker, _ -> {}),
                  after(ofSeconds(90), () -> {})));
      checkpoint();
      assertEquals(
          "select(receive from channel orders (rendezvous), send to channel bills (1 of 1 items),"
              + " task worker, after 90 s)",
          String.valueOf(((TaskImpl<?>) selecting).blockedOn()));
      selecting.cancel("seen");
      worker.cancel("seen");
    });
  }
}
