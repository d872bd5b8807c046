package dev.thrum;

import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.select;
import static java.time.Duration.ofNanos;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Broadcast;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.ChannelFullException;
import dev.thrum.channel.Overflow;
import dev.thrum.channel.Watch;
import dev.thrum.channel.WorkQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One to many, and many to some: broadcasts, watches and work queues between tasks of several
/// loops and plain threads, with cancellations at random moments. `-Dthrum.seed=…` begins with a
/// given seed.
class BroadcastStressTest {

  @Test
  void everyReaderGetsEveryItemInOneOrder() {
    Rounds.SHORT.run("broadcasts", 0, BroadcastStressTest::broadcast);
  }

  @Test
  @Tag("soak")
  void everyReaderGetsEveryItemInOneOrderForLong() {
    Rounds.LONG.run("broadcasts", 1_000_000, BroadcastStressTest::broadcast);
  }

  @Test
  void aWatchNeverGoesBackAndEndsWithTheLastValue() {
    Rounds.SHORT.run("watches", 0, BroadcastStressTest::watch);
  }

  @Test
  @Tag("soak")
  void aWatchNeverGoesBackAndEndsWithTheLastValueForLong() {
    Rounds.LONG.run("watches", 500_000, BroadcastStressTest::watch);
  }

  @Test
  void aWorkQueueIsJoinedWhenAllIsDone() {
    Rounds.SHORT.run("work queues", 0, BroadcastStressTest::work);
  }

  @Test
  @Tag("soak")
  void aWorkQueueIsJoinedWhenAllIsDoneForLong() {
    Rounds.LONG.run("work queues", 1_000_000, BroadcastStressTest::work);
  }

  // Broadcasts

  /// A subscription, and what each of those who share it got.
  private record Listening(Broadcast.Reader<Integer> reader, List<List<Integer>> parts) {

    List<Integer> part() {
      List<Integer> part = new ArrayList<>();
      parts.add(part);
      return part;
    }

    /// What they got together is a run of the order; with gaps only if the reader counted them.
    void check(List<Integer> order, boolean gaps) {
      parts.forEach(part -> checkRising(part, order));
      int[] places =
          parts.stream().flatMap(List::stream).mapToInt(order::get).sorted().distinct().toArray();
      assertEquals(parts.stream().mapToInt(List::size).sum(), places.length, "items of a reader");
      if (places.length > 0) {
        int skipped = places[places.length - 1] - places[0] + 1 - places.length;
        long known = gaps ? reader.missed() : 0;
        assertTrue(skipped <= known, () -> "it missed " + skipped + " items and knows of " + known);
      }
    }

    private static void checkRising(List<Integer> part, List<Integer> order) {
      int last = -1;
      for (int item : part) {
        int place = order.get(item);
        assertTrue(place > last, () -> "item " + item + " came out of order");
        last = place;
      }
    }
  }

  private static long broadcast(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    Overflow policy =
        switch (random.nextInt(4)) {
          case 0 -> Overflow.DROP_OLDEST;
          case 1 -> Overflow.FAIL;
          default -> Overflow.SUSPEND;
        };
    Broadcast<Integer> broadcast = Broadcast.create(1 + random.nextInt(6), policy);
    List<Listening> listening = new CopyOnWriteArrayList<>();
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(broadcast));
    int senders = policy == Overflow.SUSPEND ? 1 + random.nextInt(3) : 1;
    int items = senders * random.nextInt(1, 500);
    AtomicInteger open = new AtomicInteger(senders);
    for (int i = 0; i < senders; i++) {
      int first = i;
      swarm.add(
          "sender " + i,
          me -> {
            for (int item = first; item < items; item += senders) {
              sendTo(me, broadcast, item);
            }
            if (open.decrementAndGet() == 0) {
              broadcast.close();
            }
          });
    }
    Listening witness = subscribe(broadcast, listening);
    List<Integer> all = witness.part();
    swarm.add("witness", me -> read(me, witness.reader, all, Integer.MAX_VALUE));
    for (int i = random.nextInt(4); i > 0; i--) {
      Listening shared = subscribe(broadcast, listening);
      for (int sharing = 1 + random.nextInt(2); sharing > 0; sharing--) {
        List<Integer> part = shared.part();
        swarm.add("reader", me -> read(me, shared.reader, part, Integer.MAX_VALUE));
      }
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      swarm.add("guest", me -> visit(me, broadcast, listening));
    }
    long done = swarm.run();
    Queues.checkNobodyIsLeft(broadcast);
    Queues.checkNobodyIsLeft(listening.stream().map(Listening::reader).toArray());
    List<Integer> order = policy == Overflow.SUSPEND ? placesIn(all) : placesIn(items);
    assertEquals(items, order.size(), "what the witness got");
    listening.forEach(one -> one.check(order, policy == Overflow.DROP_OLDEST));
    if (policy == Overflow.DROP_OLDEST) {
      assertEquals(items, all.size() + witness.reader.missed(), "what the witness got or missed");
    }
    return done;
  }

  private static List<Integer> placesIn(int items) {
    return IntStream.range(0, items).boxed().toList();
  }

  private static List<Integer> placesIn(List<Integer> order) {
    Integer[] places = new Integer[order.size()];
    for (int i = 0; i < places.length; i++) {
      places[order.get(i)] = i;
    }
    return List.of(places);
  }

  private static Listening subscribe(Broadcast<Integer> broadcast, List<Listening> all) {
    Listening one = new Listening(broadcast.subscribe(), new ArrayList<>());
    all.add(one);
    return one;
  }

  private static void sendTo(Member me, Broadcast<Integer> broadcast, int item) throws Throwable {
    while (me.random.nextBoolean()
        ? !me.certainly(() -> broadcast.trySend(item))
        : !me.maybeAttempt(() -> broadcast.send(item))) {
      me.pause();
    }
  }

  /// Comes late and may go early.
  private static void visit(Member me, Broadcast<Integer> broadcast, List<Listening> all)
      throws Throwable {
    try {
      for (int i = me.random.nextInt(20); i > 0; i--) {
        me.pause();
        Listening one = subscribe(broadcast, all);
        try (one.reader) {
          read(me, one.reader, one.part(), me.random.nextInt(50));
        }
      }
    } catch (ChannelClosedException _) {
      // It is over.
    }
  }

  private static void read(
      Member me, Broadcast.Reader<Integer> reader, List<Integer> got, int enough) throws Throwable {
    try {
      for (int i = 0; i < enough; i++) {
        if (me.random.nextInt(8) == 0) {
          me.certainly(() -> reader.tryReceive().ifPresent(got::add));
        } else {
          me.maybeAttempt(() -> readSome(me, reader, got));
        }
      }
    } catch (ChannelClosedException | ChannelFullException _) {
      // It is over.
    }
  }

  private static void readSome(Member me, Broadcast.Reader<Integer> reader, List<Integer> got) {
    int nanos = me.random.nextInt(20_000);
    switch (me.random.nextInt(6)) {
      case 0 -> got.addAll(reader.receiveUpTo(3, ofNanos(nanos)));
      case 1 -> select(on(reader, item -> got.add(item)));
      case 2 -> select(on(reader, item -> got.add(item)), after(ofNanos(nanos), () -> false));
      default -> got.add(reader.receive());
    }
  }

  // Watches

  private static long watch(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    Watch<Integer> watch = Watch.of(0);
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(watch));
    int changes = 1 + random.nextInt(300);
    int writers = 1 + random.nextInt(3);
    AtomicInteger open = new AtomicInteger(writers);
    for (int i = 0; i < writers; i++) {
      swarm.add(
          "writer " + i,
          me -> {
            for (int change = 0; change < changes; change++) {
              me.certainly(() -> watch.update(value -> value + 1));
              if (me.random.nextInt(4) == 0) {
                me.pause();
              }
            }
            if (open.decrementAndGet() == 0) {
              watch.close();
            }
          });
    }
    List<Broadcast.Reader<Integer>> readers = new CopyOnWriteArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      Broadcast.Reader<Integer> reader = watch.observe();
      readers.add(reader);
      swarm.add("observer", me -> observe(me, reader, writers * changes));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      swarm.add("waiter", me -> awaitValues(me, watch, writers * changes));
    }
    long done = swarm.run();
    assertEquals(writers * changes, watch.get());
    Queues.checkNobodyIsLeft(readers.toArray());
    return done;
  }

  private static void observe(Member me, Broadcast.Reader<Integer> reader, int last)
      throws Throwable {
    List<Integer> got = new ArrayList<>(List.of(-1));
    read(me, reader, got, Integer.MAX_VALUE);
    for (int i = 1; i < got.size(); i++) {
      assertTrue(got.get(i) > got.get(i - 1), "a watch went back");
    }
    assertEquals(last, got.getLast(), "the last value of a watch");
  }

  private static void awaitValues(Member me, Watch<Integer> watch, int last) throws Throwable {
    int[] seen = {0};
    while (seen[0] < last) {
      int wanted = Math.min(last, seen[0] + me.random.nextInt(20));
      try {
        me.maybeAttempt(() -> {
          int value = watch.await(now -> now >= wanted);
          assertTrue(value >= wanted, "a value that was not waited for");
          seen[0] = value;
        });
      } catch (ChannelClosedException _) {
        return;
      }
    }
  }

  // Work queues

  private static long work(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    WorkQueue<Integer> queue =
        switch (random.nextInt(4)) {
          case 0 -> WorkQueue.create();
          case 1 -> WorkQueue.lifo();
          case 2 -> WorkQueue.priority(Comparator.naturalOrder());
          default -> WorkQueue.create(1 + random.nextInt(5));
        };
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(queue));
    AtomicInteger put = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    boolean now = random.nextInt(4) == 0;
    int items = random.nextInt(500);
    int putters = 1 + random.nextInt(3);
    AtomicInteger open = new AtomicInteger(putters);
    for (int i = 0; i < putters; i++) {
      swarm.add(
          "putter " + i,
          me -> {
            putItems(me, queue, items, put);
            if (open.decrementAndGet() == 0) {
              me.certainly(queue::join);
              assertTrue(now || put.get() == done.get(), "joined before all was done");
              queue.shutdownNow();
            }
          });
    }
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      swarm.add("worker " + i, me -> workOn(me, queue, put, done));
    }
    swarm.add(
        "joiner",
        me -> {
          for (int i = random.nextInt(100); i > 0; i--) {
            me.attempt(queue::join);
          }
          if (now) {
            queue.shutdownNow();
          }
        });
    long operations = swarm.run();
    assertEquals(0, queue.unfinished(), "items not done");
    Queues.checkNobodyIsLeft(queue);
    return operations;
  }

  private static void putItems(Member me, WorkQueue<Integer> queue, int items, AtomicInteger put)
      throws Throwable {
    try {
      for (int i = 0; i < items; i++) {
        int item = i;
        while (me.random.nextInt(4) == 0
            ? !me.certainly(() -> queue.tryPut(item))
            : !me.maybeAttempt(() -> queue.put(item))) {
          me.pause();
        }
        put.incrementAndGet();
      }
    } catch (ChannelClosedException _) {
      // It was shut down at once.
    }
  }

  private static void workOn(
      Member me, WorkQueue<Integer> queue, AtomicInteger put, AtomicInteger done) throws Throwable {
    try {
      while (true) {
        if (me.random.nextInt(4) == 0) {
          me.attempt(() -> queue.work(item -> workOn(me, queue, item, put, done)));
        } else {
          Integer[] taken = {null};
          me.maybeAttempt(() -> taken[0] = queue.take());
          if (taken[0] != null) {
            workOn(me, queue, taken[0], put, done);
            queue.done();
          }
        }
      }
    } catch (ChannelClosedException _) {
      // There is no more.
    }
  }

  /// Work may bring more work.
  private static void workOn(
      Member me, WorkQueue<Integer> queue, int item, AtomicInteger put, AtomicInteger done) {
    try {
      if (item > 0 && me.random.nextInt(3) == 0 && queue.tryPut(item / 2)) {
        put.incrementAndGet();
      }
    } catch (ChannelClosedException _) {
      // It was shut down at once.
    }
    done.incrementAndGet();
  }
}
