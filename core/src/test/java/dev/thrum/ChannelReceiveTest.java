package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.current;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.between;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Broadcast;
import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.Receiver;
import dev.thrum.channel.Select;
import dev.thrum.internal.Sneaky;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Ways to receive: one by one, by iteration, as a stream, in batches; and how each of them ends.
@ParameterizedClass(name = "{0}")
@EnumSource
class ChannelReceiveTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  ChannelReceiveTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private static Channel<Integer> filled(int items) {
    Channel<Integer> channel = Channel.unlimited();
    for (int i = 0; i < items; i++) {
      channel.send(i);
    }
    return channel;
  }

  // Closing with an error

  @Test
  void anErrorComesOutAtTheEndAsItIsInEveryWayToReceive() {
    IOException broken = new IOException("broken");
    List<VoidBodyOf<Channel<Integer>, ?>> ways =
        List.of(
            Channel::receive,
            Channel::next,
            Channel::tryReceive,
            channel -> channel.receiveUpTo(3, ofSeconds(1)),
            channel -> assertTrue(channel.iterator().hasNext()),
            channel -> channel.iterator().next(),
            channel -> channel.stream().forEach(_ -> {}),
            channel -> Select.select(Select.on(channel, _ -> {})),
            channel -> Select.select(Select.on(channel, _ -> {}, () -> {})));
    tidy.run(() -> {
      for (VoidBodyOf<Channel<Integer>, ?> way : ways) {
        Channel<Integer> channel = filled(1);
        channel.close(broken);
        assertEquals(0, channel.receive());
        assertSame(broken, assertThrows(IOException.class, () -> way.run(channel)));
        Channel<Integer> later = Channel.rendezvous();
        if (way != ways.get(2)) {
          Task<?> waiting =
              async(
                  () -> assertSame(broken, assertThrows(IOException.class, () -> way.run(later))));
          checkpoint();
          later.close(broken);
          await(waiting);
        }
      }
    });
  }

  @Test
  void sendersLearnOfTheErrorAsTheCause() {
    Channel<Integer> channel = Channel.buffered(1);
    IOException broken = new IOException("broken");
    channel.close(broken);
    ChannelClosedException refused =
        assertThrows(ChannelClosedException.class, () -> channel.send(1));
    assertSame(broken, refused.getCause());
  }

  // Iteration

  @Test
  void aForStatementEndsWithTheChannel() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      async(() -> {
        try (channel) {
          for (int i = 0; i < 5; i++) {
            channel.send(i);
          }
        }
      });
      List<Integer> seen = new ArrayList<>();
      for (int item : channel) {
        seen.add(item);
      }
      assertEquals(List.of(0, 1, 2, 3, 4), seen);
    });
  }

  @Test
  void severalTasksShareTheItems() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(2);
      List<Integer> seen = new ArrayList<>();
      scope(s -> {
        for (int i = 0; i < 3; i++) {
          s.async(() -> {
            for (int item : channel) {
              checkpoint();
              seen.add(item);
            }
          });
        }
        for (int i = 0; i < 100; i++) {
          channel.send(i);
        }
        channel.close();
      });
      assertEquals(IntStream.range(0, 100).boxed().toList(), seen.stream().sorted().toList());
    });
  }

  @Test
  void anIteratorTakesOneItemHoweverOftenItIsAsked() {
    Channel<Integer> channel = filled(2);
    channel.close();
    Iterator<Integer> items = channel.iterator();
    assertTrue(items.hasNext());
    assertTrue(items.hasNext());
    assertEquals(1, channel.size());
    assertEquals(0, items.next());
    assertEquals(1, items.next());
    assertFalse(items.hasNext());
    assertFalse(items.hasNext());
    assertTrue(
        assertThrows(NoSuchElementException.class, items::next).getMessage().contains("hasNext()"));
  }

  @Test
  void aCancelledForStatementTakesNoItem() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Task<?> reader = async(() -> channel.forEach(item -> trail.add("got " + item)));
      checkpoint();
      reader.cancel("enough");
      assertFalse(channel.trySend(1));
      checkpoint();
      trail.expect();
    });
  }

  @Test
  void aStreamTakesNoMoreThanItNeeds() {
    tidy.run(() -> {
      Channel<Integer> channel = filled(10);
      assertEquals(List.of(0, 1, 2), channel.stream().limit(3).toList());
      assertEquals(Optional.of(4), channel.stream().filter(i -> i > 3).findFirst());
      assertEquals(5, channel.size());
      channel.close();
      assertEquals(35, channel.stream().mapToInt(i -> i).sum());
    });
  }

  // Batches

  @Test
  void aBatchIsWhatIsThereUpToItsSize() {
    tidy.run(() -> {
      Channel<Integer> channel = filled(5);
      assertEquals(List.of(0, 1, 2), channel.receiveUpTo(3, ofHours(1)));
      assertEquals(List.of(3, 4), channel.receiveUpTo(3, ZERO));
    });
  }

  @Test
  void aBatchWaitsForItsFirstItemAndThenForTheTimeSinceThat() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      async(() -> {
        for (int i = 0; i < 10; i++) {
          sleep(ofSeconds(4));
          channel.send(i);
        }
      });
      var began = now();
      assertEquals(List.of(0, 1, 2), channel.receiveUpTo(10, ofSeconds(10)));
      assertEquals(ofSeconds(14), between(began, now()));
      assertEquals(List.of(3, 4), channel.receiveUpTo(2, ofSeconds(10)));
      assertEquals(ofSeconds(20), between(began, now()));
      assertEquals(List.of(5), channel.receiveUpTo(2, ZERO));
      assertEquals(ofSeconds(24), between(began, now()));
      channel.receiveUpTo(4, ofDays(365_000_000));
      assertEquals(ofSeconds(40), between(began, now()));
      assertEquals(0, Inside.receivers(channel));
    });
  }

  @Test
  void aBatchTakesFromSendersThatWaitInTheirOrder() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      List<Task<?>> senders = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int number = i;
        senders.add(async(() -> channel.send(number)));
      }
      checkpoint();
      assertEquals(List.of(0, 1, 2), channel.receiveUpTo(3, ZERO));
      assertEquals(List.of(3, 4), channel.receiveUpTo(3, ofSeconds(1)));
      awaitAll(senders);
    });
  }

  @Test
  void aBatchEndsWithTheChannel() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(5);
      async(() -> {
        channel.send(1);
        sleep(ofSeconds(1));
        channel.send(2);
        sleep(ofSeconds(1));
        channel.close();
      });
      var began = now();
      assertEquals(List.of(1, 2), channel.receiveUpTo(10, ofHours(1)));
      assertEquals(ofSeconds(2), between(began, now()));
      assertEquals(List.of(), channel.receiveUpTo(10, ofHours(1)));
    });
  }

  @Test
  void aBatchThatAnErrorEndsIsReturnedAndTheErrorComesNext() {
    tidy.run(() -> {
      Channel<Integer> channel = filled(2);
      IOException broken = new IOException("broken");
      channel.close(broken);
      assertEquals(List.of(0, 1), channel.receiveUpTo(10, ofHours(1)));
      assertSame(
          broken,
          assertThrows(IOException.class, () -> sneaky(() -> channel.receiveUpTo(1, ZERO))));
    });
  }

  private static void sneaky(VoidBody<?> body) throws IOException {
    try {
      body.run();
    } catch (Throwable e) {
      throw Sneaky.sneak(e);
    }
  }

  @Test
  void aBatchThatIsCancelledMidwayKeepsItsItems() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Task<?> batch =
          async(() -> {
            trail.add("batch " + channel.receiveUpTo(10, ofHours(1)));
            channel.receiveUpTo(10, ofHours(1));
          });
      checkpoint();
      channel.send(1);
      channel.send(2);
      batch.cancel("enough");
      checkpoint();
      trail.expect("batch [1, 2]");
      assertEquals(new Outcome.Cancelled<>("enough"), batch.outcome());
      assertEquals(0, Inside.receivers(channel));
    });
  }

  @Test
  void aBatchThatIsCancelledBeforeItsFirstItemThrows() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Task<?> batch = async(() -> channel.receiveUpTo(10, ofHours(1)));
      checkpoint();
      batch.cancel("enough");
      checkpoint();
      assertEquals(new Outcome.Cancelled<>("enough"), batch.outcome());
      assertFalse(channel.trySend(1));
    });
  }

  @Test
  void aBatchOfACancelledTaskTakesNothing() {
    tidy.run(() -> {
      Channel<Integer> channel = filled(3);
      Task<?> batch =
          async(() -> {
            current().cancel("enough");
            channel.receiveUpTo(2, ofHours(1));
          });
      checkpoint();
      assertEquals(new Outcome.Cancelled<>("enough"), batch.outcome());
      assertEquals(3, channel.size());
    });
  }

  @Test
  void anItemThatComesWhenTheTimeIsOverStaysInTheChannel() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.buffered(2);
      async(() -> {
        channel.send(1);
        sleep(ofMillis(1001));
        channel.send(2);
      });
      assertEquals(List.of(1), channel.receiveUpTo(2, ofSeconds(1)));
      assertEquals(2, channel.receive());
    });
  }

  @Test
  void aPlainThreadReceivesBatchesToo() {
    Channel<Integer> channel = filled(3);
    assertEquals(List.of(0, 1), channel.receiveUpTo(2, ofMillis(1)));
    assertEquals(List.of(2), channel.receiveUpTo(2, ofMillis(1)));
  }

  // What a channel keeps

  private static void assertGone(String what, WeakReference<?> reference)
      throws InterruptedException {
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
      Thread.sleep(1);
    }
    assertNull(reference.get(), what);
  }

  private static WeakReference<Object> send(Channel<Object> channel) {
    Object item = new Object();
    channel.send(item);
    return new WeakReference<>(item);
  }

  private static void receiveAndForget(Receiver<Object> channel) {
    assertNotNull(channel.receive());
  }

  @Test
  void whatWasReceivedIsNotKept() throws Exception {
    tidy.run(() -> {
      for (Channel<Object> channel :
          List.<Channel<Object>>of(
              Channel.buffered(4),
              Channel.unlimited(),
              Channel.lifo(),
              Channel.priority(Comparator.comparingInt(Object::hashCode)))) {
        List<WeakReference<Object>> items = List.of(send(channel), send(channel), send(channel));
        for (int i = 0; i < 3; i++) {
          receiveAndForget(channel);
        }
        for (WeakReference<Object> item : items) {
          assertGone(channel + " keeps an item", item);
        }
        channel.send("so that the channel is in use");
      }
    });
  }

  @Test
  void whatWasHandedOverIsKeptByNeitherSide() throws Exception {
    tidy.run(() -> {
      Channel<Object> channel = Channel.rendezvous();
      List<WeakReference<Object>> items = new ArrayList<>();
      Task<?> receiver =
          async(() -> {
            receiveAndForget(channel);
            sleep(ofSeconds(1));
          });
      checkpoint();
      items.add(send(channel));
      Task<?> sender =
          async(() -> {
            items.add(send(channel));
            sleep(ofSeconds(1));
          });
      checkpoint();
      receiveAndForget(channel);
      Task<?> selector =
          async(() -> {
            Select.select(Select.on(channel, _ -> {}), Select.on(Channel.rendezvous(), _ -> {}));
            sleep(ofSeconds(1));
          });
      checkpoint();
      items.add(send(channel));
      checkpoint();
      for (WeakReference<Object> item : items) {
        assertGone("an item is kept", item);
      }
      awaitAll(List.of(receiver, sender, selector));
    });
  }

  @Test
  void aTaskThatWaitsNoMoreDoesNotKeepTheChannelItWaitedFor() throws Exception {
    tidy.run(() -> {
      WeakReference<Channel<Object>> channel = waitInAChannel();
      assertGone("the channel is kept", channel);
      sleep(ofSeconds(1));
    });
  }

  private static WeakReference<Channel<Object>> waitInAChannel() {
    Channel<Object> channel = Channel.rendezvous();
    async(() -> channel.send("item"));
    receiveAndForget(channel);
    checkpoint();
    return new WeakReference<>(channel);
  }

  @Test
  void whatABroadcastsReadersHaveReceivedIsNotKept() throws Exception {
    tidy.run(() -> {
      Broadcast<Object> broadcast = Broadcast.create(4);
      Broadcast.Reader<Object> one = broadcast.subscribe();
      Broadcast.Reader<Object> other = broadcast.subscribe();
      Object item = new Object();
      WeakReference<Object> first = new WeakReference<>(item);
      broadcast.send(item);
      item = null;
      receiveAndForget(one);
      assertNotNull(first.get());
      receiveAndForget(other);
      assertGone("the broadcast keeps an item", first);
      one.close();
      other.close();
    });
  }
}
