package dev.thrum;

import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.otherwise;
import static dev.thrum.channel.Select.select;
import static dev.thrum.channel.Select.selectFirst;
import static dev.thrum.channel.Select.send;
import static java.time.Duration.ofNanos;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.ChannelFullException;
import dev.thrum.channel.Overflow;
import dev.thrum.channel.Sender;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Channels of every kind between tasks of several loops and plain threads, with cancellations at
/// random moments. `-Dthrum.seed=…` begins with a given seed.
///
/// What must hold: an item whose sending returned arrives once, one whose sending threw never, the
/// items of one sender in its order; and nobody is left waiting.
class ChannelStressTest {

  @Test
  void onOneLoopChannelsDoWhatTheModelDoes() {
    Rounds.SHORT.run("channels on one loop", 0, ChannelStressTest::lockstep);
  }

  @Test
  @Tag("soak")
  void onOneLoopChannelsDoWhatTheModelDoesForLong() {
    Rounds.LONG.run("channels on one loop", 3_000_000, ChannelStressTest::lockstep);
  }

  private static long lockstep(long seed) throws Throwable {
    RandomGenerator random = Seeds.generator(seed);
    Lockstep run = new Lockstep(random, new ChannelWorld(random));
    return run.run(2 + random.nextInt(8), 2000);
  }

  @Test
  void everyItemArrivesOnce() {
    Rounds.SHORT.run("channels", 0, ChannelStressTest::flow);
  }

  @Test
  @Tag("soak")
  void everyItemArrivesOnceForLong() {
    Rounds.LONG.run("channels", 2_000_000, ChannelStressTest::flow);
  }

  /// A channel, and how a round ends it.
  private record Pipe(Channel<Ledger.Item> channel, boolean ordered, Ending ending) {
    private enum Ending {
      LAST_PRODUCER,
      LAST_HANDLE,
      RECEIVER
    }

    static Pipe random(RandomGenerator random, Ledger ledger) {
      Channel.Builder<Ledger.Item> builder =
          Channel.<Ledger.Item>builder().onDiscard(ledger::discarded);
      Comparator<Ledger.Item> order = Comparator.comparingInt(item -> item.number() % 3);
      boolean ordered = true;
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {}
        case 3 -> builder.unlimited();
        case 4 -> builder.capacity(1 + random.nextInt(4)).overflow(anyOf(random));
        case 5 -> {
          builder.capacity(1 + random.nextInt(4)).priority(order);
          ordered = false;
        }
        case 6 -> {
          builder.capacity(1 + random.nextInt(4)).lifo();
          ordered = false;
        }
        default -> builder.capacity(1 + random.nextInt(20));
      }
      Ending[] endings = Ending.values();
      return new Pipe(builder.build(), ordered, endings[random.nextInt(endings.length)]);
    }

    private static Overflow anyOf(RandomGenerator random) {
      Overflow[] all = Overflow.values();
      return all[random.nextInt(all.length)];
    }
  }

  private static long flow(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    Ledger ledger = new Ledger();
    Pipe pipe = Pipe.random(random, ledger);
    Channel<Ledger.Item> channel = pipe.channel;
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(channel));
    int items = 1 + random.nextInt(1000);
    int producers = 1 + random.nextInt(4);
    AtomicInteger open = new AtomicInteger(producers);
    for (int i = 0; i < producers; i++) {
      Sender<Ledger.Item> sender =
          pipe.ending == Pipe.Ending.LAST_HANDLE ? channel.sender() : channel;
      Ledger.Producer source = ledger.producer();
      swarm.add(
          "producer " + i,
          me -> {
            produce(me, sender, source, items);
            if (pipe.ending == Pipe.Ending.LAST_HANDLE || open.decrementAndGet() == 0) {
              close(sender, pipe.ending);
            }
          });
    }
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      Ledger.Consumer sink = ledger.consumer(pipe.ordered);
      int enough = pipe.ending == Pipe.Ending.RECEIVER ? random.nextInt(items) : Integer.MAX_VALUE;
      swarm.add("consumer " + i, me -> consume(me, channel, sink, enough));
    }
    long done = swarm.run();
    assertEquals(0, channel.size(), "items left");
    Queues.checkNobodyIsLeft(channel);
    ledger.check();
    return done;
  }

  private static void close(Sender<?> sender, Pipe.Ending ending) {
    try {
      sender.close();
    } catch (IllegalStateException e) {
      if (ending != Pipe.Ending.RECEIVER) {
        throw e;
      }
    }
  }

  private static void produce(
      Member me, Sender<Ledger.Item> sender, Ledger.Producer source, int items) throws Throwable {
    try {
      while (source.count() < items) {
        if (isSent(me, sender, source.next())) {
          source.sent();
        } else {
          me.pause();
        }
      }
    } catch (ChannelClosedException _) {
      // A consumer has had enough.
    }
  }

  private static boolean isSent(Member me, Sender<Ledger.Item> sender, Ledger.Item item)
      throws Throwable {
    try {
      return switch (me.random.nextInt(8)) {
        case 0 -> me.certainly(() -> sender.trySend(item));
        case 1 -> me.maybeAttempt(() -> select(send(sender, item, () -> {})));
        case 2 ->
            me.certainly(() -> select(send(sender, item, () -> true), otherwise(() -> false)));
        case 3 -> {
          int nanos = me.random.nextInt(20_000);
          yield me.certainly(
              () -> select(send(sender, item, () -> true), after(ofNanos(nanos), () -> false)));
        }
        default -> me.maybeAttempt(() -> sender.send(item));
      };
    } catch (ChannelFullException _) {
      return false;
    }
  }

  private static void consume(
      Member me, Channel<Ledger.Item> channel, Ledger.Consumer sink, int enough) throws Throwable {
    for (int i = 0; i < enough; i++) {
      try {
        if (me.random.nextInt(8) == 0) {
          me.certainly(() -> channel.tryReceive().ifPresent(sink::got));
        } else if (!me.maybeAttempt(() -> take(me, channel, sink))) {
          me.pause();
        }
      } catch (ChannelClosedException _) {
        return;
      }
    }
    channel.cancel();
  }

  private static void take(Member me, Channel<Ledger.Item> channel, Ledger.Consumer sink) {
    int some = me.random.nextInt(5);
    int nanos = me.random.nextInt(20_000);
    switch (me.random.nextInt(10)) {
      case 0 -> channel.next().ifPresent(sink::got);
      case 1 -> channel.receiveUpTo(1 + some, ofNanos(nanos)).forEach(sink::got);
      case 2 -> select(on(channel, sink::got));
      case 3 -> select(on(channel, sink::got), after(ofNanos(nanos), () -> {}));
      case 4 -> selectFirst(on(channel, sink::got, () -> {}), otherwise(() -> {}));
      case 5 -> iterate(channel, sink, some);
      default -> sink.got(channel.receive());
    }
  }

  private static void iterate(Channel<Ledger.Item> channel, Ledger.Consumer sink, int some) {
    int left = some;
    for (Ledger.Item item : channel) {
      sink.got(item);
      if (left-- == 0) {
        return;
      }
    }
  }
}
