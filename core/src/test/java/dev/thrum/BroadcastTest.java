package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Broadcast;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.ChannelFullException;
import dev.thrum.channel.Overflow;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Broadcasts: who gets what, what a slow reader does to the others, and how it ends.
@ParameterizedClass(name = "{0}")
@EnumSource
class BroadcastTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  BroadcastTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private static <T> List<T> rest(Broadcast.Reader<T> reader) {
    return reader.size() == 0 ? List.of() : reader.receiveUpTo(1000, ZERO);
  }

  @Test
  void everyReaderGetsEveryItemInOrder() {
    tidy.run(() -> {
      Broadcast<Integer> broadcast = Broadcast.create(4);
      List<List<Integer>> seen = new ArrayList<>();
      scope(s -> {
        for (int i = 0; i < 3; i++) {
          Broadcast.Reader<Integer> reader = broadcast.subscribe();
          List<Integer> own = new ArrayList<>();
          seen.add(own);
          int pause = i;
          s.async(() -> {
            for (int item : reader) {
              own.add(item);
              sleep(ofMillis(pause));
            }
          });
        }
        for (int i = 0; i < 100; i++) {
          broadcast.send(i);
        }
        broadcast.close();
      });
      List<Integer> all = IntStream.range(0, 100).boxed().toList();
      assertEquals(List.of(all, all, all), seen);
    });
  }

  @Test
  void aReaderGetsWhatIsSentFromItsBeginningToItsEnd() {
    Broadcast<Integer> broadcast = Broadcast.create(8);
    broadcast.send(0);
    Broadcast.Reader<Integer> early = broadcast.subscribe();
    broadcast.send(1);
    Broadcast.Reader<Integer> late = broadcast.subscribe();
    broadcast.send(2);
    assertEquals(2, early.size());
    assertEquals(List.of(1, 2), rest(early));
    early.close();
    broadcast.send(3);
    assertEquals(List.of(2, 3), rest(late));
    assertEquals(Optional.empty(), early.next());
    assertThrows(ChannelClosedException.class, early::receive);
    assertEquals(1, broadcast.readers());
  }

  @Test
  void withoutReadersWhatIsSentIsGoneAndNobodyWaits() {
    tidy.run(() -> {
      Broadcast<Integer> broadcast = Broadcast.create(1);
      for (int i = 0; i < 10; i++) {
        broadcast.send(i);
        assertTrue(broadcast.trySend(i));
      }
      Broadcast.Reader<Integer> late = broadcast.subscribe();
      broadcast.close();
      assertEquals(List.of(), late.stream().toList());
    });
  }

  @Test
  void sendersWaitForTheSlowestReaderInTheirOrder() {
    tidy.run(() -> {
      Broadcast<Integer> broadcast = Broadcast.create(2);
      Broadcast.Reader<Integer> fast = broadcast.subscribe();
      Broadcast.Reader<Integer> slow = broadcast.subscribe();
      broadcast.send(1);
      broadcast.send(2);
      assertEquals(List.of(1, 2), rest(fast));
      assertFalse(broadcast.trySend(3));
      for (int i = 3; i <= 4; i++) {
        int number = i;
        async(() -> {
          broadcast.send(number);
          trail.add("sent " + number);
        });
      }
      Task<Integer> waiting = async(fast::receive);
      checkpoint();
      trail.expect();
      assertEquals(1, slow.receive());
      assertFalse(broadcast.trySend(5));
      assertEquals(3, await(waiting));
      trail.expect("sent 3");
      slow.close();
      checkpoint();
      trail.expect("sent 3", "sent 4");
      assertEquals(4, fast.receive());
      assertEquals(0, Inside.senders(broadcast));
    });
  }

  @Test
  void aSenderThatIsCancelledHasSentToNobody() {
    tidy.run(() -> {
      Broadcast<Integer> broadcast = Broadcast.create(1);
      Broadcast.Reader<Integer> one = broadcast.subscribe();
      Broadcast.Reader<Integer> other = broadcast.subscribe();
      broadcast.send(1);
      assertEquals(1, one.receive());
      assertThrows(TimeoutException.class, () -> timeout(ofSeconds(1), () -> broadcast.send(2)));
      Task<?> gone = async(() -> broadcast.send(3));
      Task<?> next = async(() -> broadcast.send(4));
      checkpoint();
      gone.cancel("enough");
      assertEquals(1, other.receive());
      await(next);
      assertEquals(List.of(4), rest(one));
      assertEquals(List.of(4), rest(other));
    });
  }

  @Test
  void aReaderThatIsCancelledWhileItWaitsMissesNothing() {
    tidy.run(() -> {
      Broadcast<Integer> broadcast = Broadcast.create(3);
      Broadcast.Reader<Integer> reader = broadcast.subscribe();
      Task<?> waiting = async(() -> trail.add("got " + reader.receive()));
      checkpoint();
      waiting.cancel("enough");
      broadcast.send(1);
      broadcast.send(2);
      checkpoint();
      trail.expect();
      assertEquals(List.of(1, 2), rest(reader));
      assertEquals(0, reader.missed());
    });
  }

  @Test
  void ofSeveralTasksThatShareAReaderEachItemGoesToOne() {
    tidy.run(() -> {
      Broadcast<Integer> broadcast = Broadcast.create(3);
      Broadcast.Reader<Integer> reader = broadcast.subscribe();
      List<Task<Integer>> both = List.of(async(reader::receive), async(reader::receive));
      checkpoint();
      broadcast.send(1);
      broadcast.send(2);
      broadcast.send(3);
      assertEquals(List.of(1, 2), awaitAll(both));
      assertEquals(3, reader.receive());
    });
  }

  // Slow readers

  @Test
  void dropOldestLetsTheSlowReaderMissTheOldestAndCountsThem() {
    Broadcast<Integer> broadcast = Broadcast.create(3, Overflow.DROP_OLDEST);
    Broadcast.Reader<Integer> slow = broadcast.subscribe();
    Broadcast.Reader<Integer> fast = broadcast.subscribe();
    for (int i = 0; i < 10; i++) {
      broadcast.send(i);
      assertEquals(i, fast.receive());
    }
    assertTrue(broadcast.trySend(10));
    assertEquals(3, slow.size());
    assertEquals(List.of(8, 9, 10), rest(slow));
    assertEquals(8, slow.missed());
    assertEquals(0, fast.missed());
    assertEquals(10, fast.receive());
  }

  @Test
  void failPutsTheSlowReaderOutAndTellsItSo() {
    Broadcast<Integer> broadcast = Broadcast.create(2, Overflow.FAIL);
    Broadcast.Reader<Integer> slow = broadcast.subscribe();
    Broadcast.Reader<Integer> fast = broadcast.subscribe();
    for (int i = 0; i < 3; i++) {
      broadcast.send(i);
      assertEquals(i, fast.receive());
    }
    assertEquals(1, broadcast.readers());
    assertEquals(0, slow.size());
    ChannelFullException out = assertThrows(ChannelFullException.class, slow::receive);
    assertTrue(out.getMessage().contains("2 items behind"), out.getMessage());
    assertThrows(ChannelFullException.class, slow::tryReceive);
    assertThrows(ChannelFullException.class, slow::next);
    slow.close();
    slow.cancel();
    broadcast.send(3);
    assertEquals(3, fast.receive());
  }

  @Test
  void severalSlowReadersAreOutAtOnce() {
    Broadcast<Integer> broadcast = Broadcast.create(1, Overflow.FAIL);
    List<Broadcast.Reader<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(broadcast.subscribe());
    }
    broadcast.send(1);
    assertEquals(1, readers.get(1).receive());
    broadcast.send(2);
    assertEquals(1, broadcast.readers());
    assertEquals(2, readers.get(1).receive());
    assertThrows(ChannelFullException.class, readers.get(0)::receive);
    assertThrows(ChannelFullException.class, readers.get(2)::receive);
  }

  // The end

  @Test
  void afterTheCloseReadersGetWhatTheyHaveBeforeThemAndThenTheEnd() {
    tidy.run(() -> {
      Broadcast<Integer> broadcast = Broadcast.create(2);
      Broadcast.Reader<Integer> behind = broadcast.subscribe();
      Broadcast.Reader<Integer> waiting = broadcast.subscribe();
      broadcast.send(1);
      broadcast.send(2);
      assertEquals(List.of(1, 2), rest(waiting));
      Task<Optional<Integer>> end = async(waiting::next);
      Task<?> refused =
          async(() -> assertThrows(ChannelClosedException.class, () -> broadcast.send(3)));
      checkpoint();
      broadcast.close();
      assertTrue(broadcast.isClosed());
      assertEquals(Optional.empty(), await(end));
      await(refused);
      assertThrows(ChannelClosedException.class, () -> broadcast.send(4));
      assertThrows(ChannelClosedException.class, () -> broadcast.trySend(4));
      assertThrows(ChannelClosedException.class, broadcast::subscribe);
      assertEquals(List.of(1, 2), behind.stream().toList());
      assertThrows(ChannelClosedException.class, behind::receive);
    });
  }

  @Test
  void anErrorComesToEveryReaderAtItsEnd() {
    Broadcast<Integer> broadcast = Broadcast.create(2);
    Broadcast.Reader<Integer> one = broadcast.subscribe();
    Broadcast.Reader<Integer> other = broadcast.subscribe();
    broadcast.send(1);
    IOException broken = new IOException("broken");
    broadcast.close(broken);
    for (Broadcast.Reader<Integer> reader : List.of(one, other)) {
      assertEquals(1, reader.receive());
      assertSame(broken, assertThrows(IOException.class, reader::receive));
    }
    assertSame(
        broken, assertThrows(ChannelClosedException.class, () -> broadcast.send(2)).getCause());
  }

  @Test
  void whoWaitsInAReaderThatIsClosedLearnsOfIt() {
    tidy.run(() -> {
      Broadcast<Integer> broadcast = Broadcast.create(2);
      Broadcast.Reader<Integer> reader = broadcast.subscribe();
      Task<?> loop = async(() -> reader.forEach(item -> trail.add("got " + item)));
      checkpoint();
      broadcast.send(1);
      checkpoint();
      reader.close();
      reader.close();
      broadcast.send(2);
      await(loop);
      trail.expect("got 1");
      assertEquals(0, broadcast.readers());
    });
  }

  // Against a model

  /// What readers should have before them, item by item.
  private static final class Model {
    final Map<Broadcast.Reader<Integer>, Deque<Integer>> before = new HashMap<>();
    final int capacity;

    Model(int capacity) {
      this.capacity = capacity;
    }

    boolean isFull() {
      return before.values().stream().anyMatch(items -> items.size() >= capacity);
    }

    void send(int item) {
      before.values().forEach(items -> items.addLast(item));
    }
  }

  @Test
  void readersThatComeAndGoSeeWhatTheyShould() {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.generator(seed);
    for (int round = 0; round < 120; round++) {
      Overflow policy =
          List.of(Overflow.SUSPEND, Overflow.DROP_OLDEST, Overflow.FAIL).get(round % 3);
      int capacity = 1 + random.nextInt(5);
      Broadcast<Integer> broadcast = Broadcast.create(capacity, policy);
      Model model = new Model(capacity);
      List<Broadcast.Reader<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        step(random, broadcast, policy, model, readers, i);
        assertEquals(model.before.size(), broadcast.readers(), () -> "-Dthrum.seed=" + seed);
        for (Broadcast.Reader<Integer> reader : readers) {
          assertEquals(
              model.before.get(reader).size(), reader.size(), () -> "-Dthrum.seed=" + seed);
        }
      }
      for (Broadcast.Reader<Integer> reader : readers) {
        assertEquals(List.copyOf(model.before.get(reader)), rest(reader), "-Dthrum.seed=" + seed);
      }
    }
  }

  private static void step(
      RandomGenerator random,
      Broadcast<Integer> broadcast,
      Overflow policy,
      Model model,
      List<Broadcast.Reader<Integer>> readers,
      int item) {
    int choice = random.nextInt(20);
    if (choice < 2 && readers.size() < 5) {
      Broadcast.Reader<Integer> reader = broadcast.subscribe();
      readers.add(reader);
      model.before.put(reader, new ArrayDeque<>());
    } else if (choice < 3 && !readers.isEmpty()) {
      Broadcast.Reader<Integer> reader = readers.remove(random.nextInt(readers.size()));
      reader.close();
      model.before.remove(reader);
    } else if (choice < 11) {
      makeRoom(policy, model, readers);
      assertEquals(!model.isFull(), broadcast.trySend(item));
      if (!model.isFull()) {
        model.send(item);
      }
    } else if (!readers.isEmpty()) {
      Broadcast.Reader<Integer> reader = readers.get(random.nextInt(readers.size()));
      assertEquals(Optional.ofNullable(model.before.get(reader).pollFirst()), reader.tryReceive());
    }
  }

  private static void makeRoom(
      Overflow policy, Model model, List<Broadcast.Reader<Integer>> readers) {
    for (Broadcast.Reader<Integer> reader : List.copyOf(readers)) {
      if (model.before.get(reader).size() >= model.capacity) {
        switch (policy) {
          case DROP_OLDEST -> model.before.get(reader).removeFirst();
          case FAIL -> {
            readers.remove(reader);
            model.before.remove(reader);
          }
          default -> {}
        }
      }
    }
  }
}
