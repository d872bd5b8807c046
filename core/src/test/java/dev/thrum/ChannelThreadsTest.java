package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import dev.thrum.spi.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Channels between loops and plain threads: S13, and what must hold when things meet by chance.
///
/// Slow, because what meets by chance must have many chances.
@Tag("slow")
class ChannelThreadsTest {
  private final Crew crew = new Crew();

  private record Item(int sender, int number) {}

  private static List<Supplier<Channel<Item>>> kinds() {
    return List.of(
        Channel::rendezvous,
        () -> Channel.buffered(1),
        () -> Channel.buffered(50),
        Channel::unlimited);
  }

  /// Every item once, and those of one sender in its order, as each receiver saw them.
  private static void assertWhole(int senders, int each, List<List<Item>> received) {
    Map<Item, Integer> count = new HashMap<>();
    for (List<Item> own : received) {
      int[] last = new int[senders];
      java.util.Arrays.fill(last, -1);
      for (Item item : own) {
        count.merge(item, 1, Integer::sum);
        assertTrue(last[item.sender] < item.number, () -> item + " came too late");
        last[item.sender] = item.number;
      }
    }
    assertEquals(senders * each, count.size());
    assertTrue(count.values().stream().allMatch(times -> times == 1), "an item came twice");
  }

  // S13

  @Test
  void s13_severalLoopsAndThreadsShareAChannel() throws Exception {
    int each = 3000;
    for (Supplier<Channel<Item>> kind : kinds()) {
      Channel<Item> channel = kind.get();
      List<List<Item>> received = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        List<Item> own = new ArrayList<>();
        received.add(own);
        crew.start(i % 2 == 0, () -> channel.forEach(own::add));
      }
      List<Sender<Item>> handles = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        handles.add(channel.sender());
      }
      for (int i = 0; i < 4; i++) {
        int number = i;
        crew.start(
            i % 2 == 0,
            () -> {
              try (Sender<Item> handle = handles.get(number)) {
                for (int k = 0; k < each; k++) {
                  handle.send(new Item(number, k));
                }
              }
            });
      }
      crew.join();
      assertWhole(4, each, received);
      assertEquals(0, Inside.receivers(channel));
      assertEquals(0, Inside.senders(channel));
    }
  }

  @Test
  void s13_aLoopThatWaitsForAThreadIsWoken() throws Exception {
    Channel<Integer> toLoop = Channel.rendezvous();
    Channel<Integer> back = Channel.rendezvous();
    crew.start(
        false,
        () -> {
          for (int i = 0; i < 2000; i++) {
            toLoop.send(i);
            assertEquals(i + 1, back.receive());
          }
          toLoop.close();
        });
    Async.run(() -> {
      for (int item : toLoop) {
        back.send(item + 1);
      }
    });
    crew.join();
  }

  @Test
  void s13_whatIsSentHappensBeforeItsReceipt() throws Exception {
    class Plain {
      int value;
    }
    Channel<Plain> channel = Channel.rendezvous();
    Channel<Plain> back = Channel.buffered(1);
    crew.start(
        true,
        () -> {
          for (Plain plain : channel) {
            plain.value++;
            back.send(plain);
          }
        });
    Plain plain = new Plain();
    for (int i = 0; i < 20_000; i += 2) {
      assertEquals(i, plain.value);
      plain.value++;
      channel.send(plain);
      assertSame(plain, back.receive());
    }
    channel.close();
    crew.join();
  }

  @Test
  void s13_everyReaderOfABroadcastSeesTheSameOrder() throws Exception {
    Broadcast<Integer> broadcast = Broadcast.create(8);
    List<List<Integer>> seen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<Integer> own = new ArrayList<>();
      seen.add(own);
      Broadcast.Reader<Integer> reader = broadcast.subscribe();
      crew.start(i % 2 == 0, () -> reader.forEach(own::add));
    }
    CountDownLatch left = new CountDownLatch(3);
    for (int i = 0; i < 3; i++) {
      int number = i;
      crew.start(
          i == 1,
          () -> {
            for (int k = 0; k < 2000; k++) {
              broadcast.send(number * 10_000 + k);
            }
            left.countDown();
          });
    }
    left.await();
    broadcast.close();
    crew.join();
    assertEquals(6000, seen.getFirst().size());
    for (List<Integer> own : seen) {
      assertEquals(seen.getFirst(), own);
    }
  }

  @Test
  void s13_readersThatComeAndGoWhileOthersSendHoldUpNobody() throws Exception {
    Broadcast<Integer> broadcast = Broadcast.create(2);
    AtomicBoolean stop = new AtomicBoolean();
    for (int i = 0; i < 3; i++) {
      crew.start(
          i == 1,
          () -> {
            while (!stop.get()) {
              try (Broadcast.Reader<Integer> reader = broadcast.subscribe()) {
                int before = reader.receive();
                for (int k = 0; k < 5; k++) {
                  int item = reader.receive();
                  assertEquals(before + 1, item);
                  before = item;
                }
              } catch (ChannelClosedException _) {
                return;
              }
            }
          });
    }
    for (int i = 0; i < 20_000; i++) {
      broadcast.send(i);
    }
    stop.set(true);
    broadcast.close();
    crew.join();
    assertEquals(0, Inside.senders(broadcast));
  }

  // Batches

  @Test
  void aBatchWakesASenderThatComesJustBeforeItWaits() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    AtomicInteger looks = new AtomicInteger(Integer.MAX_VALUE);
    TimeSource time =
        new TimeSource() {
          @Override
          public long nanoTime() {
            if (looks.decrementAndGet() == 0) {
              crew.start(false, () -> channel.send(2));
              Crew.eventually("the sender waits", () -> Inside.senders(channel) == 1);
            }
            return 0;
          }

          @Override
          public Instant instant() {
            return Instant.EPOCH;
          }
        };
    Runner.builder()
        .time(time)
        .run(() -> {
          async(() -> channel.send(1));
          checkpoint();
          looks.set(2);
          assertEquals(List.of(1, 2), channel.receiveUpTo(2, ofMillis(1)));
        });
    crew.join();
  }

  @Test
  void batchesOfThreadsLoseNothing() throws Exception {
    for (int round = 0; round < 10; round++) {
      Channel<Item> channel = Channel.rendezvous();
      List<Sender<Item>> handles = List.of(channel.sender(), channel.sender(), channel.sender());
      for (int i = 0; i < 3; i++) {
        int number = i;
        crew.start(
            i == 1,
            () -> {
              try (Sender<Item> handle = handles.get(number)) {
                for (int k = 0; k < 500; k++) {
                  handle.send(new Item(number, k));
                }
              }
            });
      }
      List<Item> received = new ArrayList<>();
      List<Item> batch = channel.receiveUpTo(7, ofNanos(1 + 200L * round));
      while (!batch.isEmpty()) {
        received.addAll(batch);
        batch = channel.receiveUpTo(7, ofNanos(1 + 200L * round));
      }
      crew.join();
      assertWhole(3, 500, List.of(received));
    }
  }

  // Interrupts

  @Test
  void anInterruptEndsTheWaitOfAPlainThreadAndStaysSet() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    WorkQueue<Integer> queue = WorkQueue.create();
    queue.put(1);
    Broadcast<Integer> broadcast = Broadcast.create(1);
    Broadcast.Reader<Integer> reader = broadcast.subscribe();
    List<VoidBody<?>> waits =
        List.of(
            () -> channel.send(1),
            channel::receive,
            channel::next,
            () -> channel.receiveUpTo(2, ofMillis(1)),
            reader::receive,
            queue::join,
            () -> Watch.of(1).await(i -> i > 1));
    for (VoidBody<?> wait : waits) {
      Thread thread =
          crew.start(
              false,
              () -> {
                CancellationException thrown = assertThrows(CancellationException.class, wait::run);
                assertFalse(thrown instanceof CancelledException);
                assertInstanceOf(InterruptedException.class, thrown.getCause());
                assertTrue(Thread.currentThread().isInterrupted());
              });
      Crew.awaitParked(thread);
      thread.interrupt();
      crew.join();
    }
    assertEquals(0, Inside.receivers(channel) + Inside.senders(channel));
    assertEquals(0, Inside.receivers(reader) + Inside.joining(queue));
    assertEquals(Optional.empty(), channel.tryReceive());
  }

  @Test
  void anInterruptedThreadDoesNotEvenBegin() {
    Channel<Integer> channel = Channel.buffered(2);
    channel.send(1);
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, () -> channel.send(2));
    assertThrows(CancellationException.class, channel::receive);
    assertTrue(channel.trySend(2));
    assertTrue(Thread.interrupted());
    assertEquals(List.of(1, 2), channel.receiveUpTo(2, ofMillis(1)));
  }

  @Test
  void cancellingBlockingWorkEndsItsWaitInAChannel() {
    Async.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Task<?> task = async(() -> blocking(() -> channel.receive()));
      while (Inside.receivers(channel) == 0) {
        sleep(ofMillis(1));
      }
      task.cancel("enough");
      assertThrows(CancellationException.class, () -> await(task));
      assertEquals(0, Inside.receivers(channel));
    });
  }

  // Cancellation and hand-over meet

  /// Who sends and receives with limits and cancellations knows what became of each item.
  @Test
  void anItemIsReceivedExactlyIfItsSendReturned() throws Exception {
    for (Supplier<Channel<Item>> kind : kinds()) {
      Channel<Item> channel = kind.get();
      ConcurrentLinkedQueue<Item> sent = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Item> received = new ConcurrentLinkedQueue<>();
      AtomicInteger sending = new AtomicInteger(4);
      for (int i = 0; i < 2; i++) {
        int number = i;
        crew.start(true, () -> sendWithCancellations(channel, number, sent, sending));
        crew.start(false, () -> sendWithInterrupts(channel, number + 2, sent, sending));
      }
      for (int i = 0; i < 2; i++) {
        crew.start(true, () -> receiveWithCancellations(channel, received, sending));
        crew.start(false, () -> receiveWithInterrupts(channel, received, sending));
      }
      crew.join();
      channel.tryReceive().ifPresent(received::add);
      for (Optional<Item> rest = channel.tryReceive();
          rest.isPresent();
          rest = channel.tryReceive()) {
        received.add(rest.get());
      }
      assertTrue(sent.size() > 100, () -> sent.size() + " only");
      assertEquals(Map.of(), difference(sent, received));
      assertEquals(0, Inside.receivers(channel));
      assertEquals(0, Inside.senders(channel));
    }
  }

  private static Map<Item, Integer> difference(
      ConcurrentLinkedQueue<Item> sent, ConcurrentLinkedQueue<Item> received) {
    Map<Item, Integer> count = new HashMap<>();
    sent.forEach(item -> count.merge(item, 1, Integer::sum));
    received.forEach(item -> count.merge(item, -1, Integer::sum));
    count.values().removeIf(times -> times == 0);
    return count;
  }

  private static final int MEETINGS = 1500;

  private static void sendWithCancellations(
      Channel<Item> channel, int number, ConcurrentLinkedQueue<Item> sent, AtomicInteger sending) {
    for (int i = 0; i < MEETINGS; i++) {
      Item item = new Item(number, i);
      Task<?> send =
          async(() -> {
            channel.send(item);
            sent.add(item);
          });
      for (int k = 0; k < i % 4; k++) {
        checkpoint();
      }
      send.cancel("enough");
      while (!send.isDone()) {
        checkpoint();
      }
    }
    sending.decrementAndGet();
  }

  private static void receiveWithCancellations(
      Channel<Item> channel, ConcurrentLinkedQueue<Item> received, AtomicInteger sending) {
    for (int i = 0; sending.get() > 0; i++) {
      Task<?> receive = async(() -> received.add(channel.receive()));
      for (int k = 0; k < i % 4; k++) {
        checkpoint();
      }
      receive.cancel("enough");
      while (!receive.isDone()) {
        checkpoint();
      }
    }
  }

  private static void sendWithInterrupts(
      Channel<Item> channel, int number, ConcurrentLinkedQueue<Item> sent, AtomicInteger sending) {
    Crew.interruptedNowAndThen(i -> {
      if (i >= MEETINGS) {
        return false;
      }
      Item item = new Item(number, i);
      channel.send(item);
      sent.add(item);
      return true;
    });
    sending.decrementAndGet();
  }

  private static void receiveWithInterrupts(
      Channel<Item> channel, ConcurrentLinkedQueue<Item> received, AtomicInteger sending) {
    Crew.interruptedNowAndThen(_ -> {
      if (sending.get() == 0) {
        return false;
      }
      received.add(channel.receive());
      return true;
    });
  }

  @Test
  void closingFromAnyThreadEndsEveryWait() throws Exception {
    for (int round = 0; round < 30; round++) {
      Channel<Item> channel = round % 2 == 0 ? Channel.rendezvous() : Channel.buffered(2);
      ConcurrentLinkedQueue<Item> sent = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Item> received = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < 4; i++) {
        int number = i;
        crew.start(i % 2 == 0, () -> channel.forEach(received::add));
        crew.start(
            i % 2 == 0,
            () -> {
              try {
                for (int k = 0; ; k++) {
                  Item item = new Item(number, k);
                  channel.send(item);
                  sent.add(item);
                }
              } catch (ChannelClosedException _) {
                // As planned.
              }
            });
      }
      Crew.eventually("there is traffic", () -> received.size() > 20);
      channel.close();
      crew.join();
      assertEquals(Map.of(), difference(sent, received));
    }
  }

  @Test
  void aHandleThatIsClosedElsewhereEndsASelectThatWaitsInIt() throws Exception {
    for (int i = 0; i < 200; i++) {
      Channel<Integer> channel = Channel.rendezvous();
      Sender<Integer> open = channel.sender();
      Sender<Integer> handle = channel.sender();
      crew.start(
          false,
          () ->
              assertThrows(
                  ChannelClosedException.class,
                  () -> Select.select(Select.send(handle, 1, () -> {}))));
      crew.start(false, () -> assertThrows(ChannelClosedException.class, () -> handle.send(1)));
      if (i % 2 == 0) {
        Crew.eventually("somebody waits", () -> Inside.senders(channel) > 0);
      }
      handle.close();
      crew.join();
      assertEquals(0, Inside.senders(channel));
      open.close();
    }
  }

  // Never a deadlock

  @Test
  void aLoopWhoseTasksAllWaitInChannelsIsNoDeadlock() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    Broadcast<Integer> broadcast = Broadcast.create(1);
    Broadcast.Reader<Integer> reader = broadcast.subscribe();
    WorkQueue<Integer> queue = WorkQueue.create();
    queue.put(1);
    AtomicBoolean waiting = new AtomicBoolean();
    Thread helper =
        Thread.ofPlatform()
            .start(() -> {
              Crew.eventually("all wait", waiting::get);
              Crew.pause();
              channel.send(1);
              broadcast.send(2);
              queue.done();
            });
    Async.run(() ->
        scope(s -> {
          Task<Integer> one = s.async(channel::receive);
          Task<Integer> two = s.async(reader::receive);
          s.async(queue::join);
          s.async(() -> waiting.set(true));
          assertEquals(3, await(one) + await(two));
        }));
    helper.join();
  }
}
