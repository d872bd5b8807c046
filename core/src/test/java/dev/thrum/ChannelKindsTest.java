package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.ChannelFullException;
import dev.thrum.channel.Overflow;
import dev.thrum.channel.Select;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What each kind of channel keeps, gives first, and does when it is full.
@ParameterizedClass(name = "{0}")
@EnumSource
class ChannelKindsTest {
  private final Tidy tidy;
  private final Trail trail = new Trail();

  ChannelKindsTest(Tidy tidy) {
    this.tidy = tidy;
  }

  private static <T> List<T> rest(Channel<T> channel) {
    List<T> rest = new ArrayList<>();
    for (Optional<T> item = channel.tryReceive(); item.isPresent(); item = channel.tryReceive()) {
      rest.add(item.get());
    }
    return rest;
  }

  private static void assertWaits(VoidBody<?> call) {
    assertThrows(
        TimeoutException.class,
        () -> {
          VoidBody<RuntimeException> body =
              () -> {
                try {
                  call.run();
                } catch (RuntimeException e) {
                  throw e;
                } catch (Throwable e) {
                  throw new AssertionError(e);
                }
              };
          timeout(ofSeconds(1), body);
        });
  }

  // Room

  @Test
  void aRendezvousHoldsNothing() {
    tidy.run(() -> {
      Channel<String> channel = Channel.rendezvous();
      assertFalse(channel.trySend("item"));
      assertWaits(() -> channel.send("item"));
      async(() -> {
        channel.send("item");
        trail.add("sent");
      });
      checkpoint();
      assertEquals(0, channel.size());
      trail.expect();
      assertEquals(Optional.of("item"), channel.tryReceive());
      checkpoint();
      trail.expect("sent");
    });
  }

  @Test
  void aBufferedChannelHoldsAsManyAsItHasRoomForAndNotOneMore() {
    for (int capacity : new int[] {1, 2, 3, 15, 16, 17, 100}) {
      tidy.run(() -> {
        Channel<Integer> channel = Channel.buffered(capacity);
        for (int i = 0; i < capacity; i++) {
          assertTrue(i % 2 == 0 ? channel.trySend(i) : sent(channel, i));
        }
        assertFalse(channel.trySend(-1));
        assertWaits(() -> channel.send(-1));
        assertEquals(capacity, channel.size());
        assertEquals(IntStream.range(0, capacity).boxed().toList(), rest(channel));
      });
    }
  }

  private static boolean sent(Channel<Integer> channel, int item) {
    channel.send(item);
    return true;
  }

  @Test
  void theLargestCapacityIsAsGoodAsNone() {
    Channel<Integer> channel = Channel.<Integer>builder().capacity(Integer.MAX_VALUE).build();
    for (int i = 0; i < 100; i++) {
      channel.send(i);
    }
    assertEquals(100, rest(channel).size());
  }

  @Test
  void anUnlimitedChannelTakesABurstAndGivesTheMemoryBack() {
    Channel<Integer> channel = Channel.unlimited();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 100_000; i++) {
        channel.send(i);
      }
      assertEquals(100_000, channel.size());
      for (int i = 0; i < 100_000; i++) {
        assertEquals(i, channel.receive());
      }
    }
    Object[] ring = (Object[]) Inside.field(Inside.field(channel, "buffer"), "ring");
    assertTrue(ring.length < 5_000, () -> ring.length + " places for nothing");
  }

  @Test
  void theLatestIsTheOnlyOneThatIsKept() {
    tidy.run(() -> {
      Channel<Integer> channel = Channel.latest();
      for (int i = 0; i < 10; i++) {
        channel.send(i);
      }
      assertEquals(List.of(9), rest(channel));
      Task<Integer> waiting = async(channel::receive);
      checkpoint();
      channel.send(10);
      channel.send(11);
      channel.send(12);
      assertEquals(10, await(waiting));
      assertEquals(12, channel.receive());
    });
  }

  // Order

  @Test
  void whateverIsSentAndReceivedItComesOutInTheOrderOfItsKind() {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.generator(seed);
    Comparator<String> byLength = Comparator.comparingInt(String::length);
    for (int round = 0; round < 200; round++) {
      int capacity = 1 + random.nextInt(40);
      follows(random, Channel.buffered(capacity), new ArrayDeque<>(), capacity, seed);
      follows(random, Channel.unlimited(), new ArrayDeque<>(), 1000, seed);
      Channel<String> lifo = Channel.<String>builder().capacity(capacity).lifo().build();
      follows(random, lifo, new Stack(), capacity, seed);
      Channel<String> least =
          Channel.<String>builder().capacity(capacity).priority(byLength).build();
      follows(random, least, new Sorted(byLength), capacity, seed);
    }
  }

  /// Does the same with a channel and with a collection.
  private static void follows(
      RandomGenerator random, Channel<String> channel, Deque<String> model, int room, long seed) {
    int limit = 1 + random.nextInt(20);
    for (int i = 0; i < 200; i++) {
      if (random.nextInt(limit + 4) < limit / 2 + 2) {
        String item = "x".repeat(random.nextInt(6)) + "." + i % 10;
        boolean fits = model.size() < room;
        assertEquals(fits, channel.trySend(item), () -> "-Dthrum.seed=" + seed);
        if (fits) {
          model.addLast(item);
        }
      } else {
        assertEquals(
            Optional.ofNullable(model.pollFirst()),
            channel.tryReceive(),
            () -> "-Dthrum.seed=" + seed);
      }
      assertEquals(model.size(), channel.size());
    }
  }

  private static final class Stack extends ArrayDeque<String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void addLast(String item) {
      addFirst(item);
    }
  }

  /// The least first, by a stable sort.
  private static final class Sorted extends ArrayDeque<String> {
    private static final long serialVersionUID = 1L;
    private final transient Comparator<String> order;

    Sorted(Comparator<String> order) {
      this.order = order;
    }

    @Override
    public void addLast(String item) {
      super.addLast(item);
      List<String> sorted = stream().sorted(order).toList();
      clear();
      sorted.forEach(super::addLast);
    }
  }

  @Test
  void ofEqualPrioritiesTheOneSentFirstComesFirst() {
    record Job(int priority, int number) {}

    Channel<Job> channel = Channel.priority(Comparator.comparingInt(Job::priority));
    RandomGenerator random = Seeds.generator(7);
    for (int i = 0; i < 1000; i++) {
      channel.send(new Job(random.nextInt(5), i));
    }
    Job before = channel.receive();
    for (Job job : rest(channel)) {
      assertTrue(
          before.priority < job.priority
              || (before.priority == job.priority && before.number < job.number),
          before + " before " + job);
      before = job;
    }
  }

  @Test
  void aWaitingSendersItemIsPutInOrderOnceThereIsRoomForIt() {
    tidy.run(() -> {
      Channel<Integer> channel =
          Channel.<Integer>builder()
              .capacity(2)
              .priority(Comparator.<Integer>naturalOrder())
              .build();
      channel.send(5);
      channel.send(6);
      async(() -> channel.send(1));
      async(() -> channel.send(2));
      checkpoint();
      assertEquals(List.of(5, 1, 2, 6), rest(channel));
    });
  }

  @Test
  void theNewestOfALifoComesFirst() {
    Channel<Integer> channel = Channel.lifo();
    channel.send(1);
    channel.send(2);
    assertEquals(2, channel.receive());
    channel.send(3);
    assertEquals(List.of(3, 1), rest(channel));
  }

  // An order that throws

  private static final class Incomparable extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Compares numbers, and throws while it is armed, from a given comparison on.
  private static final class Faulty implements Comparator<Integer> {
    int left = Integer.MAX_VALUE;

    @Override
    public int compare(Integer a, Integer b) {
      if (left-- <= 0) {
        throw new Incomparable();
      }
      return Integer.compare(a, b);
    }
  }

  @Test
  void anOrderThatThrowsLosesAndDoublesNothing() {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.generator(seed);
    for (int round = 0; round < 100; round++) {
      Faulty order = new Faulty();
      Channel<Integer> channel = Channel.priority(order);
      PriorityQueue<Integer> model = new PriorityQueue<>();
      for (int i = 0; i < 100; i++) {
        order.left = random.nextInt(8);
        int number = random.nextInt(1000);
        try {
          if (random.nextInt(3) > 0) {
            channel.send(number);
            model.add(number);
          } else {
            assertEquals(Optional.ofNullable(model.peek()), channel.tryReceive());
            var _ = model.poll();
          }
        } catch (Incomparable _) {
          // Then nothing has changed.
        }
        assertEquals(model.size(), channel.size(), () -> "-Dthrum.seed=" + seed);
      }
      order.left = Integer.MAX_VALUE;
      assertEquals(model.stream().sorted().toList(), rest(channel), () -> "-Dthrum.seed=" + seed);
    }
  }

  @Test
  void anOrderThatThrowsInABatchLeavesTheBatchWhole() {
    Faulty order = new Faulty();
    Channel<Integer> channel = Channel.priority(order);
    for (int i = 0; i < 7; i++) {
      channel.send(i);
    }
    order.left = 5;
    List<Integer> batch = channel.receiveUpTo(7, ZERO);
    assertFalse(batch.isEmpty());
    assertThrows(Incomparable.class, () -> channel.receiveUpTo(7, ZERO));
    order.left = Integer.MAX_VALUE;
    List<Integer> all = new ArrayList<>(batch);
    all.addAll(channel.receiveUpTo(7, ZERO));
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), all);
  }

  @Test
  void aWaitingSenderWhoseItemCannotBeComparedGetsTheExceptionAndThePlaceGoesToTheNext() {
    tidy.run(() -> {
      List<Object> failures = new ArrayList<>();
      Comparator<Object> order =
          (a, b) -> {
            if (a instanceof String) {
              throw new AssertionError(a + " is no number");
            }
            return Integer.compare((Integer) a, (Integer) b);
          };
      Channel<Object> channel = Channel.builder().capacity(2).priority(order).build();
      channel.send(1);
      channel.send(2);
      for (Object item : List.of("one", "two", 3, 4)) {
        async(() -> {
          try {
            channel.send(item);
            trail.add("sent " + item);
          } catch (AssertionError refused) {
            failures.add(item);
          }
        });
      }
      async(() ->
          assertThrows(
              AssertionError.class, () -> Select.select(Select.send(channel, "three", () -> {}))));
      checkpoint();
      assertEquals(1, channel.receive());
      checkpoint();
      assertEquals(List.of("one", "two"), failures);
      trail.expect("sent 3");
      assertEquals(2, channel.receive());
      assertEquals(3, channel.receive());
      checkpoint();
      trail.expect("sent 3", "sent 4");
      assertEquals(4, channel.receive());
      assertEquals(0, Inside.senders(channel));
    });
  }

  @Test
  void aChannelWhoseOrderThrowsCanBeCancelledAndWhoWaitsLearnsOfIt() {
    tidy.run(() -> {
      List<Integer> discarded = new ArrayList<>();
      Faulty order = new Faulty();
      Channel<Integer> channel =
          Channel.<Integer>builder().capacity(4).priority(order).onDiscard(discarded::add).build();
      for (int i = 0; i < 4; i++) {
        channel.send(i);
      }
      Task<?> sender =
          async(() -> assertThrows(ChannelClosedException.class, () -> channel.send(5)));
      checkpoint();
      order.left = 0;
      channel.cancel();
      await(sender);
      assertEquals(List.of(0, 1, 2, 3), discarded.stream().sorted().toList());
    });
  }

  // Full

  private static Channel.Builder<Integer> full(Overflow overflow, List<Integer> discarded) {
    return Channel.<Integer>builder().capacity(2).overflow(overflow).onDiscard(discarded::add);
  }

  @Test
  void suspend() {
    tidy.run(() -> {
      List<Integer> discarded = new ArrayList<>();
      Channel<Integer> channel = full(Overflow.SUSPEND, discarded).build();
      channel.send(1);
      channel.send(2);
      assertFalse(channel.trySend(3));
      assertWaits(() -> channel.send(3));
      assertWaits(() -> Select.select(Select.send(channel, 3, () -> {})));
      assertEquals(List.of(1, 2), rest(channel));
      assertEquals(List.of(), discarded);
    });
  }

  @Test
  void dropOldest() {
    List<Integer> discarded = new ArrayList<>();
    Channel<Integer> channel = full(Overflow.DROP_OLDEST, discarded).build();
    for (int i = 1; i <= 3; i++) {
      channel.send(i);
    }
    assertTrue(channel.trySend(4));
    Select.select(Select.send(channel, 5, () -> {}));
    assertEquals(List.of(1, 2, 3), discarded);
    assertEquals(List.of(4, 5), rest(channel));
  }

  @Test
  void dropOldestOfALifo() {
    List<Integer> discarded = new ArrayList<>();
    Channel<Integer> channel = full(Overflow.DROP_OLDEST, discarded).lifo().build();
    for (int i = 1; i <= 4; i++) {
      channel.send(i);
    }
    assertEquals(List.of(1, 2), discarded);
    assertEquals(List.of(4, 3), rest(channel));
  }

  @Test
  void dropNewest() {
    List<Integer> discarded = new ArrayList<>();
    Channel<Integer> channel = full(Overflow.DROP_NEWEST, discarded).build();
    for (int i = 1; i <= 3; i++) {
      channel.send(i);
    }
    assertTrue(channel.trySend(4));
    Select.select(Select.send(channel, 5, () -> {}));
    assertEquals(List.of(3, 4, 5), discarded);
    assertEquals(List.of(1, 2), rest(channel));
  }

  @Test
  void dropNewestOfAPriorityChannelDropsTheNewItemHoweverImportant() {
    List<Integer> discarded = new ArrayList<>();
    Channel<Integer> channel =
        full(Overflow.DROP_NEWEST, discarded).priority(Comparator.<Integer>naturalOrder()).build();
    channel.send(7);
    channel.send(8);
    channel.send(1);
    assertEquals(List.of(1), discarded);
    assertEquals(List.of(7, 8), rest(channel));
  }

  @Test
  void fail() {
    List<Integer> discarded = new ArrayList<>();
    Channel<Integer> channel = full(Overflow.FAIL, discarded).name("jobs").build();
    channel.send(1);
    channel.send(2);
    ChannelFullException full = assertThrows(ChannelFullException.class, () -> channel.send(3));
    assertTrue(full.getMessage().contains("jobs (2 of 2 items) is full"), full.getMessage());
    assertFalse(channel.trySend(3));
    assertThrows(
        ChannelFullException.class, () -> Select.select(Select.send(channel, 3, () -> {})));
    assertEquals(List.of(1, 2), rest(channel));
    assertEquals(List.of(), discarded);
    channel.send(4);
  }

  @Test
  void aRendezvousMayDropOrFailWhatNobodyWaitsFor() {
    tidy.run(() -> {
      List<Integer> discarded = new ArrayList<>();
      Channel<Integer> dropping = full(Overflow.DROP_NEWEST, discarded).capacity(0).build();
      Channel<Integer> failing = full(Overflow.FAIL, discarded).capacity(0).build();
      dropping.send(1);
      assertEquals(List.of(1), discarded);
      assertThrows(ChannelFullException.class, () -> failing.send(1));
      Task<Integer> one = async(dropping::receive);
      Task<Integer> other = async(failing::receive);
      checkpoint();
      dropping.send(2);
      failing.send(3);
      assertEquals(2, await(one));
      assertEquals(3, await(other));
      assertEquals(List.of(1), discarded);
    });
  }

  // Told of what is lost

  @Test
  void aListenerThatThrowsComesOutWhereTheItemWasLostAndTheOthersAreToldAllTheSame() {
    List<Integer> told = new ArrayList<>();
    Channel<Integer> channel =
        Channel.<Integer>builder()
            .capacity(3)
            .overflow(Overflow.DROP_OLDEST)
            .onDiscard(item -> {
              told.add(item);
              throw new IllegalStateException("item " + item);
            })
            .build();
    channel.send(1);
    channel.send(2);
    channel.send(3);
    assertEquals(
        "item 1", assertThrows(IllegalStateException.class, () -> channel.send(4)).getMessage());
    assertEquals(
        "item 2", assertThrows(IllegalStateException.class, () -> channel.trySend(5)).getMessage());
    assertEquals(3, channel.size());
    IllegalStateException thrown = assertThrows(IllegalStateException.class, channel::cancel);
    assertEquals(List.of(1, 2, 3, 4, 5), told);
    assertEquals("item 3", thrown.getMessage());
    assertEquals(2, thrown.getSuppressed().length);
    assertSame(IllegalStateException.class, thrown.getSuppressed()[1].getClass());
  }

  @Test
  void aListenerMayUseTheChannel() {
    List<Integer> told = new ArrayList<>();
    List<Channel<Integer>> channels = new ArrayList<>();
    Channel<Integer> channel =
        Channel.<Integer>builder()
            .capacity(1)
            .overflow(Overflow.DROP_OLDEST)
            .onDiscard(item -> {
              told.add(item);
              if (item < 3) {
                channels.getFirst().send(item + 10);
              }
            })
            .build();
    channels.add(channel);
    channel.send(1);
    channel.send(2);
    assertEquals(List.of(1, 2, 11), told);
    assertEquals(List.of(12), rest(channel));
  }

  @Test
  void whatIsClosedAndReceivedIsNotDiscarded() {
    List<Integer> told = new ArrayList<>();
    Channel<Integer> channel = full(Overflow.SUSPEND, told).build();
    channel.send(1);
    channel.send(2);
    channel.close();
    assertEquals(1, channel.receive());
    assertEquals(List.of(), told);
    channel.cancel();
    assertEquals(List.of(2), told);
  }
}
