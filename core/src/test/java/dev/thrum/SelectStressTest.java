package dev.thrum;

import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.select;
import static dev.thrum.channel.Select.send;
import static java.time.Duration.ofNanos;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.Clause;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Selects against each other, of tasks of several loops and plain threads, with cancellations at
/// random moments. `-Dthrum.seed=…` begins with a given seed.
class SelectStressTest {

  @Test
  void selectsAgainstEachOtherLoseNothing() {
    Rounds.SHORT.run("selects", 0, SelectStressTest::relay);
  }

  @Test
  @Tag("soak")
  void selectsAgainstEachOtherLoseNothingForLong() {
    Rounds.LONG.run("selects", 1_000_000, SelectStressTest::relay);
  }

  @Test
  void whoSendsAndReceivesInOneSelectDoesOneOfTheTwo() {
    Rounds.SHORT.run("exchanges", 0, SelectStressTest::exchange);
  }

  @Test
  @Tag("soak")
  void whoSendsAndReceivesInOneSelectDoesOneOfTheTwoForLong() {
    Rounds.LONG.run("exchanges", 1_000_000, SelectStressTest::exchange);
  }

  /// Items go from channel to channel, through brokers that send what they hold and receive more in
  /// one select.
  private static long relay(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    Ledger ledger = new Ledger();
    List<Channel<Ledger.Item>> in = channels(random);
    List<Channel<Ledger.Item>> out = channels(random);
    Object[] all = Stream.concat(in.stream(), out.stream()).toArray();
    Swarm swarm = new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(all));
    int items = 1 + random.nextInt(300);
    int sources = 1 + random.nextInt(3);
    int brokers = 1 + random.nextInt(3);
    AtomicInteger openSources = new AtomicInteger(sources);
    AtomicInteger openBrokers = new AtomicInteger(brokers);
    for (int i = 0; i < sources; i++) {
      Ledger.Producer source = ledger.producer();
      swarm.add(
          "source " + i,
          me -> {
            while (source.count() < items) {
              me.maybeAttempt(() -> select(sendToAny(in, source.next(), source::sent)));
            }
            if (openSources.decrementAndGet() == 0) {
              in.forEach(Channel::close);
            }
          });
    }
    for (int i = 0; i < brokers; i++) {
      swarm.add(
          "broker " + i,
          me -> {
            broke(me, in, out);
            if (openBrokers.decrementAndGet() == 0) {
              out.forEach(Channel::close);
            }
          });
    }
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      Ledger.Consumer sink = ledger.consumer(false);
      swarm.add("sink " + i, me -> drain(me, out, sink));
    }
    long done = swarm.run();
    Queues.checkNobodyIsLeft(all);
    ledger.check();
    return done;
  }

  private static List<Channel<Ledger.Item>> channels(RandomGenerator random) {
    return Stream.generate(() -> Channel.<Ledger.Item>builder().capacity(random.nextInt(3)).build())
        .limit(1 + random.nextInt(3))
        .toList();
  }

  @SuppressWarnings("unchecked")
  private static Clause<Object, RuntimeException>[] sendToAny(
      List<Channel<Ledger.Item>> channels, Ledger.Item item, Runnable sent) {
    return channels.stream()
        .map(channel -> send(channel, item, () -> sent.run()))
        .toArray(Clause[]::new);
  }

  private static void broke(
      Member me, List<Channel<Ledger.Item>> in, List<Channel<Ledger.Item>> out) throws Throwable {
    List<Channel<Ledger.Item>> open = new ArrayList<>(in);
    ArrayDeque<Ledger.Item> held = new ArrayDeque<>();
    while (!open.isEmpty() || !held.isEmpty()) {
      me.maybeAttempt(() -> select(clauses(me.random, open, out, held)));
    }
  }

  @SuppressWarnings("unchecked")
  private static Clause<Object, RuntimeException>[] clauses(
      RandomGenerator random,
      List<Channel<Ledger.Item>> in,
      List<Channel<Ledger.Item>> out,
      ArrayDeque<Ledger.Item> held) {
    List<Clause<Object, RuntimeException>> clauses = new ArrayList<>();
    if (held.size() < 3) {
      for (Channel<Ledger.Item> channel : in) {
        clauses.add(on(channel, item -> held.add(item), () -> in.remove(channel)));
      }
    }
    if (!held.isEmpty()) {
      Ledger.Item next = held.peek();
      out.forEach(channel -> clauses.add(send(channel, next, () -> held.remove(next))));
    }
    if (random.nextInt(10) == 0) {
      clauses.add(after(ofNanos(random.nextInt(20_000)), () -> {}));
    }
    Collections.shuffle(clauses, random);
    return clauses.toArray(Clause[]::new);
  }

  @SuppressWarnings("unchecked")
  private static void drain(Member me, List<Channel<Ledger.Item>> out, Ledger.Consumer sink)
      throws Throwable {
    List<Channel<Ledger.Item>> open = new ArrayList<>(out);
    while (!open.isEmpty()) {
      me.maybeAttempt(() ->
          select(
              open.stream()
                  .map(channel -> on(channel, sink::got, () -> open.remove(channel)))
                  .toArray(Clause[]::new)));
    }
  }

  /// All offer and ask on the same few channels; two that meet exchange one item.
  private static long exchange(long seed) throws Exception {
    RandomGenerator random = Seeds.generator(seed);
    Ledger ledger = new Ledger();
    List<Channel<Ledger.Item>> channels = channels(random);
    Swarm swarm =
        new Swarm(random, 1 + random.nextInt(3), () -> Queues.describe(channels.toArray()));
    AtomicInteger left = new AtomicInteger(1 + random.nextInt(2000));
    for (int i = 2 + random.nextInt(5); i > 0; i--) {
      Ledger.Producer source = ledger.producer();
      Ledger.Consumer sink = ledger.consumer(false);
      swarm.add("trader " + i, me -> trade(me, channels, source, sink, left));
    }
    long done = swarm.run();
    Queues.checkNobodyIsLeft(channels.toArray());
    for (Channel<Ledger.Item> channel : channels) {
      channel.forEach(ledger::discarded);
    }
    ledger.check();
    return done;
  }

  private static void trade(
      Member me,
      List<Channel<Ledger.Item>> channels,
      Ledger.Producer source,
      Ledger.Consumer sink,
      AtomicInteger left)
      throws Throwable {
    int[] effects = {0};
    try {
      while (left.getAndDecrement() > 0) {
        effects[0] = 0;
        boolean over = me.maybeAttempt(() -> select(bothWays(channels, source, sink, effects)));
        assertEquals(over ? 1 : 0, effects[0], "how many clauses had an effect");
      }
      channels.forEach(SelectStressTest::closeOnce);
    } catch (ChannelClosedException _) {
      // Somebody else has counted down.
    }
  }

  private static void closeOnce(Channel<?> channel) {
    try {
      channel.close();
    } catch (IllegalStateException _) {
      // Somebody else did.
    }
  }

  @SuppressWarnings("unchecked")
  private static Clause<Object, RuntimeException>[] bothWays(
      List<Channel<Ledger.Item>> channels,
      Ledger.Producer source,
      Ledger.Consumer sink,
      int[] effects) {
    List<Clause<Object, RuntimeException>> clauses = new ArrayList<>();
    for (Channel<Ledger.Item> channel : channels) {
      clauses.add(
          send(
              channel,
              source.next(),
              () -> {
                source.sent();
                effects[0]++;
              }));
      clauses.add(
          on(
              channel,
              item -> {
                sink.got(item);
                effects[0]++;
              }));
    }
    return clauses.toArray(Clause[]::new);
  }
}
