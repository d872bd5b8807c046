package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Broadcast;
import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.Select;
import dev.thrum.channel.Sender;
import dev.thrum.channel.Watch;
import dev.thrum.channel.WorkQueue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Channels (CH), what queues do that channels do too (QU), and the semantics S2 to S5 and S12.
@ParameterizedClass(name = "{0}")
@EnumSource
class ChannelConformanceTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  ChannelConformanceTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private void receiveInto(Channel<?> channel, String who) {
    try {
      trail.add(who + " got " + channel.receive());
    } catch (CancelledException e) {
      trail.add(who + " cancelled");
      throw e;
    }
  }

  private <T> void sendFrom(Sender<T> channel, T item) {
    try {
      channel.send(item);
      trail.add("sent " + item);
    } catch (CancelledException e) {
      trail.add(item + " cancelled");
      throw e;
    } catch (ChannelClosedException e) {
      trail.add(item + " refused");
    }
  }

  // CH-01

  @Test
  void ch01_afterTheCloseWhatIsInTheChannelIsDeliveredAndThenTheEnd() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(3);
      channel.send(1);
      channel.send(2);
      channel.close();
      assertTrue(channel.isClosed());
      assertEquals(1, channel.receive());
      assertEquals(Optional.of(2), channel.next());
      assertEquals(Optional.empty(), channel.next());
      assertThrows(ChannelClosedException.class, channel::receive);
      assertThrows(ChannelClosedException.class, channel::tryReceive);
      assertEquals(List.of(), channel.receiveUpTo(2, ZERO));
      for (int item : channel) {
        throw new AssertionError("there is no item, and here is " + item);
      }
    });
  }

  @Test
  void ch01_whoWaitsToReceiveLearnsOfTheClose() {
    tidy.run(() -> {
      Channel<String> channel = Channel.rendezvous();
      Task<Optional<String>> next = async(() -> channel.next());
      Task<?> receive = async(() -> assertThrows(ChannelClosedException.class, channel::receive));
      Task<?> iterate = async(() -> channel.forEach(trail::add));
      Task<List<String>> batch = async(() -> channel.receiveUpTo(3, ofHours(1)));
      checkpoint();
      channel.close();
      assertEquals(Optional.empty(), await(next));
      assertEquals(List.of(), await(batch));
      awaitAll(List.of(receive, iterate));
      trail.expect();
      assertEquals(0, Inside.receivers(channel));
    });
  }

  @Test
  void ch01_whoWaitsToSendWhenItIsClosedIsRefusedAndItsItemNotSent() {
    tidy.run(() -> {
      Channel<String> channel = Channel.buffered(1);
      channel.send("inside");
      async(() -> sendFrom(channel, "waiting"));
      checkpoint();
      channel.close();
      checkpoint();
      trail.expect("waiting refused");
      assertThrows(ChannelClosedException.class, () -> channel.send("late"));
      assertThrows(ChannelClosedException.class, () -> channel.trySend("late"));
      assertEquals(List.of("inside"), channel.stream().toList());
      assertEquals(0, Inside.senders(channel));
    });
  }

  @Test
  void ch01_theReceiverCancelsAndSendersLearnOfItAlsoThoseWhoWait() {
    tidy.run(() -> {
      List<String> discarded = new ArrayList<>();
      Channel<String> channel =
          Channel.<String>builder().capacity(1).onDiscard(discarded::add).build();
      channel.send("inside");
      async(() -> sendFrom(channel, "waiting"));
      checkpoint();
      channel.cancel();
      assertEquals(List.of("inside"), discarded);
      checkpoint();
      trail.expect("waiting refused");
      assertThrows(ChannelClosedException.class, () -> channel.send("late"));
      channel.cancel();
      assertEquals(0, channel.size());
    });
  }

  @Test
  void ch01_whoReceivesFromAChannelThatItsReceiverCancelledLearnsOfItAlsoThoseWhoWait() {
    tidy.run(() -> {
      Channel<String> channel = Channel.rendezvous();
      Task<?> waiting = async(() -> assertThrows(ChannelClosedException.class, channel::receive));
      checkpoint();
      channel.cancel();
      await(waiting);
      assertThrows(ChannelClosedException.class, channel::receive);
      assertEquals(Optional.empty(), channel.next());
    });
  }

  @Test
  void ch01_aSenderMayCloseWhatItsReceiverHasCancelled() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(4);
      Task<?> producer =
          async(() -> {
            try (channel) {
              channel.send(1);
              sleep(ofSeconds(1));
            }
          });
      checkpoint();
      channel.cancel();
      await(producer);
      assertThrows(IllegalStateException.class, channel::close);
    });
  }

  @Test
  void ch01_theLastOfSeveralHandlesClosesTheChannel() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      for (int i = 0; i < 3; i++) {
        Sender<Integer> handle = channel.sender();
        int number = i;
        async(() -> {
          try (handle) {
            sleep(ofSeconds(number));
            handle.send(number);
          }
        });
      }
      assertEquals(List.of(0, 1, 2), channel.stream().toList());
      assertTrue(channel.isClosed());
    });
  }

  @Test
  void ch01_aClosedHandleRefusesItselfAndWhoWaitsInItButNotTheOthers() {
    tidy.run(() -> {
      Channel<String> channel = Channel.rendezvous();
      Sender<String> mine = channel.sender();
      Sender<String> other = channel.sender();
      async(() -> sendFrom(mine, "plain"));
      async(() ->
          assertThrows(
              ChannelClosedException.class,
              () -> Select.select(Select.send(mine, "selected", () -> {}))));
      async(() -> sendFrom(other, "other's"));
      checkpoint();
      mine.close();
      mine.close();
      checkpoint();
      trail.expect("plain refused");
      assertEquals(1, Inside.senders(channel));
      assertThrows(ChannelClosedException.class, () -> mine.send("late"));
      assertThrows(ChannelClosedException.class, () -> mine.trySend("late"));
      assertTrue(mine.isClosed());
      assertFalse(other.isClosed());
      assertFalse(channel.isClosed());
      assertEquals("other's", channel.receive());
      other.close();
      assertTrue(channel.isClosed());
      assertThrows(ChannelClosedException.class, channel::sender);
    });
  }

  @Test
  void ch01_anErrorOfOneHandleEndsTheChannelAndALaterOneIsNoError() {
    tidy.run(() -> {
      Channel<String> channel = Channel.buffered(2);
      Sender<String> first = channel.sender();
      Sender<String> second = channel.sender();
      first.send("before");
      IllegalArgumentException broken = new IllegalArgumentException("broken");
      first.close(broken);
      assertSame(
          broken, assertThrows(ChannelClosedException.class, () -> second.send("late")).getCause());
      second.close(new IllegalArgumentException("also"));
      second.close();
      first.close();
      assertEquals("before", channel.receive());
      assertSame(broken, assertThrows(IllegalArgumentException.class, channel::receive));
      assertSame(broken, assertThrows(IllegalArgumentException.class, channel::next));
    });
  }

  // CH-03, S5

  @Test
  void ch03_aWaitingReceiverOwnsTheItemThatIsSentToIt() {
    for (Channel<String> channel :
        List.of(Channel.<String>rendezvous(), Channel.<String>buffered(1))) {
      Trail own = new Trail();
      tidy.run(() -> {
        async(() -> own.add("owner got " + channel.receive()));
        checkpoint();
        channel.send("item");
        own.add("bystander got " + channel.tryReceive());
        async(() -> own.add("later got " + channel.receive()));
        checkpoint();
        channel.send("second");
      });
      own.expect("bystander got Optional.empty", "owner got item", "later got second");
    }
  }

  @Test
  void ch03_aWaitingSenderOwnsThePlaceThatComesFree() {
    tidy.run(() -> {
      Channel<String> channel = Channel.buffered(1);
      channel.send("first");
      async(() -> sendFrom(channel, "second"));
      checkpoint();
      assertEquals("first", channel.receive());
      assertFalse(channel.trySend("bystander's"));
      assertEquals(1, channel.size());
      checkpoint();
      trail.expect("sent second");
      assertEquals("second", channel.receive());
    });
  }

  @Test
  void ch03_waitersAreServedInTheOrderTheyCame() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      for (int i = 0; i < 5; i++) {
        int number = i;
        async(() -> trail.add(number + " got " + channel.receive()));
      }
      checkpoint();
      for (int i = 0; i < 5; i++) {
        channel.send(i);
      }
      checkpoint();
      trail.expect("0 got 0", "1 got 1", "2 got 2", "3 got 3", "4 got 4");
      for (int i = 0; i < 5; i++) {
        int number = i;
        async(() -> channel.send(number));
      }
      checkpoint();
      assertEquals(List.of(0, 1, 2, 3, 4), channel.stream().limit(5).toList());
    });
  }

  @Test
  void ch03_whoLeavesDoesNotChangeTheOrderOfTheOthers() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      List<Task<?>> waiting = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int number = i;
        waiting.add(async(() -> trail.add(number + " got " + channel.receive())));
      }
      checkpoint();
      waiting.get(0).cancel("first");
      waiting.get(3).cancel("middle");
      waiting.get(5).cancel("last");
      checkpoint();
      assertEquals(3, Inside.receivers(channel));
      for (int i = 0; i < 3; i++) {
        channel.send(i);
      }
      checkpoint();
      trail.expect("1 got 0", "2 got 1", "4 got 2");
    });
  }

  // CH-04

  @Test
  void ch04_anItemIsNotSentToAReceiverThatHasJustBeenCancelled() {
    for (Channel<String> channel :
        List.of(Channel.<String>rendezvous(), Channel.<String>buffered(1))) {
      Trail own = new Trail();
      tidy.run(() -> {
        Task<String> gone = async(channel::receive);
        async(() -> own.add("next got " + channel.receive()));
        checkpoint();
        gone.cancel("gone");
        channel.send("item");
        checkpoint();
        own.expect("next got item");
        assertEquals(new Outcome.Cancelled<>("gone"), gone.outcome());
      });
    }
  }

  @Test
  void ch04_withNobodyElseTheItemStaysWithTheSender() {
    tidy.run(() -> {
      Channel<String> channel = Channel.rendezvous();
      Task<String> gone = async(channel::receive);
      checkpoint();
      gone.cancel("gone");
      assertFalse(channel.trySend("item"));
      async(() -> sendFrom(channel, "item"));
      checkpoint();
      trail.expect();
      assertEquals("item", channel.receive());
    });
  }

  @Test
  void ch04_aReceiverWhoseTimeIsOverInTheSameTurnTakesNothing() {
    tidy.run(() -> {
      Channel<String> channel = Channel.buffered(1);
      async(() -> {
        sleep(ofSeconds(1));
        channel.send("item");
      });
      assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), () -> channel.receive()));
      checkpoint();
      assertEquals(Optional.of("item"), channel.tryReceive());
    });
  }

  // QU-01

  @Test
  void qu01_aReceiverCancelledAfterItWasServedGetsItsItem() {
    tidy.run(() -> {
      Channel<String> channel = Channel.rendezvous();
      Task<?> served =
          async(() -> {
            receiveInto(channel, "served");
            receiveInto(channel, "served");
          });
      async(() -> receiveInto(channel, "next"));
      checkpoint();
      channel.send("one");
      served.cancel("too late");
      channel.send("two");
      checkpoint();
      trail.expect("served got one", "served cancelled", "next got two");
    });
  }

  @Test
  void qu01_manyReceiversCancelledBeforeTheyWereServedLoseNothingAndKeepTheOrder() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(10);
      List<Task<?>> cancelled = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        cancelled.add(async(() -> receiveInto(channel, "cancelled")));
      }
      checkpoint();
      cancelled.forEach(task -> task.cancel("enough"));
      for (int i = 0; i < 4; i++) {
        channel.send(i);
      }
      assertEquals(4, channel.size());
      channel.close();
      assertEquals(List.of(0, 1, 2, 3), channel.stream().toList());
    });
  }

  // QU-03

  @Test
  void qu03_aSenderCancelledBeforeThePlaceComesFreeSendsNothingAndTheNextOneDoes() {
    tidy.run(() -> {
      Channel<String> channel = Channel.buffered(1);
      channel.send("inside");
      Task<?> gone = async(() -> sendFrom(channel, "gone"));
      async(() -> sendFrom(channel, "next"));
      checkpoint();
      gone.cancel("too slow");
      assertEquals("inside", channel.receive());
      checkpoint();
      trail.expect("gone cancelled", "sent next");
      assertEquals("next", channel.receive());
      assertEquals(0, channel.size());
    });
  }

  @Test
  void qu03_aSenderCancelledAfterThePlaceCameFreeHasSent() {
    tidy.run(() -> {
      Channel<String> channel = Channel.buffered(1);
      channel.send("inside");
      Task<?> sender =
          async(() -> {
            sendFrom(channel, "in time");
            sendFrom(channel, "never");
          });
      checkpoint();
      assertEquals("inside", channel.receive());
      sender.cancel("too late");
      checkpoint();
      trail.expect("sent in time", "never cancelled");
      assertEquals("in time", channel.receive());
      assertEquals(Optional.empty(), channel.tryReceive());
    });
  }

  // QU-04

  @Test
  void qu04_whoIsCancelledOrTooLateLeavesNoEntry() {
    tidy.run(() -> {
      Channel<Integer> empty = Channel.rendezvous();
      Channel<Integer> full = Channel.buffered(1);
      full.send(0);
      for (int i = 0; i < 100; i++) {
        assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), () -> empty.receive()));
        assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), () -> full.send(1)));
        Task<?> receiver = async(() -> receiveInto(empty, "receiver"));
        Task<?> sender = async(() -> full.send(1));
        checkpoint();
        receiver.cancel("enough");
        sender.cancel("enough");
        checkpoint();
      }
      assertEquals(0, Inside.receivers(empty));
      assertEquals(0, Inside.senders(full));
      assertEquals(1, full.size());
    });
  }

  @Test
  void qu04_aWaiterThatWasPassedOverMayLeaveLater() {
    tidy.run(() -> {
      Channel<String> channel = Channel.rendezvous();
      Task<?> gone = async(() -> receiveInto(channel, "gone"));
      async(() -> receiveInto(channel, "next"));
      checkpoint();
      gone.cancel("enough");
      channel.send("item");
      assertEquals(0, Inside.receivers(channel));
      async(() -> receiveInto(channel, "last"));
      checkpoint();
      channel.send("second");
      checkpoint();
      trail.expect("gone cancelled", "next got item", "last got second");
    });
  }

  // S2

  @Test
  void s2_everythingThatCanWaitChecksForCancellationFirstThoughItNeedNotWait() {
    Map<String, VoidBody<?>> calls = new LinkedHashMap<>();
    Channel<Integer> channel = Channel.buffered(100);
    channel.send(1);
    Sender<Integer> handle = channel.sender();
    calls.put("send", () -> channel.send(2));
    calls.put("send of a handle", () -> handle.send(2));
    calls.put("receive", channel::receive);
    calls.put("next", channel::next);
    calls.put("receiveUpTo", () -> channel.receiveUpTo(1, ZERO));
    calls.put("hasNext", () -> assertTrue(channel.iterator().hasNext()));
    calls.put("stream", () -> channel.stream().forEach(_ -> {}));
    Broadcast<Integer> broadcast = Broadcast.create(4);
    Broadcast.Reader<Integer> reader = broadcast.subscribe();
    broadcast.send(1);
    calls.put("send of a broadcast", () -> broadcast.send(2));
    calls.put("receive of a reader", reader::receive);
    Watch<String> watch = Watch.of("value");
    calls.put("await of a watch", () -> watch.await(_ -> true));
    WorkQueue<Integer> queue = WorkQueue.create(10);
    calls.put("join", queue::join);
    calls.put("put", () -> queue.put(1));
    WorkQueue<Integer> filled = WorkQueue.create();
    filled.put(1);
    calls.put("take", filled::take);
    calls.put("work", () -> filled.work(_ -> {}));
    calls.put("select", () -> Select.select(Select.on(channel, _ -> 1)));
    calls.put("select otherwise", () -> Select.select(Select.otherwise(() -> 1)));
    tidy.run(() -> {
      for (Map.Entry<String, VoidBody<?>> call : calls.entrySet()) {
        AtomicBoolean came = new AtomicBoolean();
        Task<?> task =
            async(() -> {
              current().cancel("enough");
              call.getValue().run();
              came.set(true);
            });
        while (!task.isDone()) {
          checkpoint();
        }
        assertFalse(came.get(), () -> call.getKey() + " did not look");
        assertEquals(new Outcome.Cancelled<>("enough"), task.outcome(), call.getKey());
      }
      assertEquals(1, channel.size());
      assertEquals(1, reader.size());
      assertEquals(0, queue.unfinished());
      assertEquals(1, filled.size());
    });
  }

  @Test
  void s2_whatNeverWaitsWorksInACancelledTask() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(1);
      Watch<Integer> watch = Watch.of(1);
      scope(s -> {
        s.cancel("enough");
        assertTrue(channel.trySend(1));
        assertEquals(Optional.of(1), channel.tryReceive());
        watch.set(2);
        channel.close();
      });
      assertEquals(2, watch.get());
    });
  }

  // S12

  @Test
  void s12_aProducerAndAConsumerOnABigBufferStarveNobody() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.unlimited();
      AtomicBoolean stop = new AtomicBoolean();
      int[] turns = {0};
      async(() -> {
        for (int i = 0; !stop.get(); i++) {
          channel.send(i);
        }
        channel.close();
      });
      async(() -> channel.forEach(_ -> {}));
      for (int i = 0; i < 50; i++) {
        checkpoint();
        turns[0]++;
      }
      stop.set(true);
      assertEquals(50, turns[0]);
    });
  }

  @Test
  void s12_aTaskYieldsAfter128OperationsThatDidNotWait() {
    Map<String, VoidBody<?>> calls = new LinkedHashMap<>();
    Channel<Integer> channel = Channel.unlimited();
    for (int i = 0; i < 1000; i++) {
      channel.send(i);
    }
    Broadcast<Integer> broadcast = Broadcast.create(1);
    WorkQueue<Integer> queue = WorkQueue.create();
    Watch<Integer> watch = Watch.of(1);
    calls.put("send", () -> channel.send(1));
    calls.put("receive", channel::receive);
    calls.put("next", channel::next);
    calls.put("receiveUpTo", () -> channel.receiveUpTo(1, ofSeconds(1)));
    calls.put("send of a broadcast", () -> broadcast.send(1));
    calls.put("join", queue::join);
    calls.put("put", () -> queue.put(1));
    calls.put("take", queue::take);
    calls.put("await of a watch", () -> watch.await(_ -> true));
    calls.put("select of an item", () -> Select.select(Select.on(channel, _ -> 1)));
    calls.put("select of room", () -> Select.select(Select.send(channel, 1, () -> 1)));
    calls.put("select otherwise", () -> Select.select(Select.otherwise(() -> 1)));
    calls.put("select after zero", () -> Select.select(Select.after(ZERO, () -> 1)));
    tidy.run(() -> {
      for (Map.Entry<String, VoidBody<?>> call : calls.entrySet()) {
        checkpoint();
        AtomicBoolean ran = new AtomicBoolean();
        async(() -> ran.set(true));
        int operations = 0;
        while (!ran.get() && operations < 1000) {
          runIt(call.getValue());
          operations++;
        }
        assertEquals(128, operations, call.getKey());
      }
    });
  }

  private static void runIt(VoidBody<?> body) {
    try {
      body.run();
    } catch (Throwable e) {
      throw dev.thrum.internal.Sneaky.sneak(e);
    }
  }
}
