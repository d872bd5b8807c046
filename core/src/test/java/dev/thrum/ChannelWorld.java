package dev.thrum;

import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.otherwise;
import static dev.thrum.channel.Select.selectFirst;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.ChannelModel.Won;
import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.ChannelFullException;
import dev.thrum.channel.Clause;
import dev.thrum.channel.Overflow;
import dev.thrum.channel.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Two or three channels of any kind, each beside its model.
final class ChannelWorld implements Lockstep.World {
  private static final Object NOTHING = Lockstep.mark("nothing");

  private final RandomGenerator random;
  private final Pair[] pairs;
  private int items;

  /// A channel and its model.
  private static final class Pair {
    final ChannelModel model;
    final Channel<Integer> channel;
    final List<Integer> discarded = new ArrayList<>();

    Pair(RandomGenerator random) {
      Channel.Builder<Integer> builder = Channel.<Integer>builder().onDiscard(discarded::add);
      int capacity = random.nextInt(4);
      Overflow overflow = Overflow.SUSPEND;
      ChannelModel.Order order = ChannelModel.Order.FIRST_IN_FIRST_OUT;
      if (capacity > 0) {
        switch (random.nextInt(6)) {
          case 0 -> order = ChannelModel.Order.LAST_IN_FIRST_OUT;
          case 1 -> order = ChannelModel.Order.PRIORITY;
          case 2 ->
              overflow = List.of(Overflow.values()).get(random.nextInt(Overflow.values().length));
          case 3 -> capacity = Integer.MAX_VALUE;
          default -> {}
        }
      }
      builder.capacity(capacity).overflow(overflow);
      switch (order) {
        case LAST_IN_FIRST_OUT -> builder.lifo();
        case PRIORITY -> builder.priority(ChannelModel.PRIORITY);
        default -> {}
      }
      model = new ChannelModel(capacity, overflow, order);
      channel = builder.build();
    }

    void compareDiscarded() {
      assertEquals(
          model.discarded.stream().sorted().toList(),
          discarded.stream().sorted().toList(),
          "what was discarded");
    }
  }

  ChannelWorld(RandomGenerator random) {
    this.random = random;
    this.pairs = new Pair[2 + random.nextInt(2)];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = new Pair(random);
    }
  }

  @Override
  public void turn(Lockstep.Actor me) throws Throwable {
    int index = random.nextInt(pairs.length);
    Pair pair = pairs[index];
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> send(me, pair, items++);
      case 5 -> trySend(me, pair, items++);
      case 6, 7, 8, 9 -> receive(me, pair);
      case 10 -> tryReceive(me, pair);
      case 11 -> next(me, pair);
      case 12, 13 -> receiveSome(me, pair, 1 + random.nextInt(4));
      case 14 -> end(me, index);
      default -> selectSome(me);
    }
  }

  private void send(Lockstep.Actor me, Pair pair, int item) throws Throwable {
    me.perform(
        "send " + item + " to " + pair.channel,
        waiting -> {
          Object now = pair.model.send(item);
          if (now == null) {
            pair.model.awaitSending(waiting, -1, item);
          }
          return now;
        },
        () ->
            orEnd(() -> {
              pair.channel.send(item);
              return ChannelModel.SENT;
            }));
  }

  private void trySend(Lockstep.Actor me, Pair pair, int item) throws Throwable {
    Object expected = pair.model.send(item);
    me.performAtOnce(
        "try to send " + item + " to " + pair.channel,
        expected == ChannelModel.CLOSED ? expected : expected == ChannelModel.SENT,
        () -> orEnd(() -> pair.channel.trySend(item)));
  }

  private void receive(Lockstep.Actor me, Pair pair) throws Throwable {
    me.perform(
        "receive from " + pair.channel,
        waiting -> receiveOrWait(pair, waiting),
        () -> orEnd(pair.channel::receive));
  }

  private static @Nullable Object receiveOrWait(Pair pair, Lockstep.Waiting waiting) {
    Object now = pair.model.receive();
    if (now == null) {
      pair.model.awaitReceiving(waiting, -1);
    }
    return now;
  }

  private void tryReceive(Lockstep.Actor me, Pair pair) throws Throwable {
    Object expected = pair.model.receive();
    me.performAtOnce(
        "try to receive from " + pair.channel,
        expected == null ? NOTHING : expected,
        () -> orEnd(() -> pair.channel.tryReceive().<Object>map(item -> item).orElse(NOTHING)));
  }

  private void next(Lockstep.Actor me, Pair pair) throws Throwable {
    me.perform(
        "next of " + pair.channel,
        waiting -> receiveOrWait(pair, waiting),
        () -> {
          Optional<Integer> next = pair.channel.next();
          return next.isPresent() ? next.get() : ChannelModel.CLOSED;
        });
  }

  /// The first item is waited for; more are taken when the task runs.
  private void receiveSome(Lockstep.Actor me, Pair pair, int most) throws Throwable {
    List<Integer> got = new ArrayList<>();
    Object first =
        me.perform(
            "receive up to " + most + " from " + pair.channel,
            waiting -> receiveOrWait(pair, waiting),
            () -> {
              got.addAll(pair.channel.receiveUpTo(most, ZERO));
              return got.isEmpty() ? ChannelModel.CLOSED : got.getFirst();
            });
    if (first instanceof Integer) {
      List<Object> expected = new ArrayList<>(List.of(first));
      Object more = expected.size() < most ? pair.model.receive() : null;
      while (more instanceof Integer) {
        expected.add(more);
        more = expected.size() < most ? pair.model.receive() : null;
      }
      assertEquals(expected, got, "a batch");
    }
  }

  private void end(Lockstep.Actor me, int index) throws Throwable {
    Pair pair = pairs[index];
    if (random.nextInt(4) > 0 && !pair.model.closed) {
      return;
    }
    pairs[index] = new Pair(random);
    if (!pair.model.closed && random.nextBoolean()) {
      pair.model.close();
      me.performAtOnce("close " + pair.channel, NOTHING, () -> done(pair.channel::close));
    } else {
      pair.model.cancel();
      me.performAtOnce("cancel " + pair.channel, NOTHING, () -> done(pair.channel::cancel));
    }
    pair.compareDiscarded();
  }

  private static Object done(Runnable action) {
    action.run();
    return NOTHING;
  }

  private static Object orEnd(Body<?, RuntimeException> operation) {
    try {
      return operation.call();
    } catch (ChannelClosedException _) {
      return ChannelModel.CLOSED;
    } catch (ChannelFullException _) {
      return ChannelModel.FULL;
    }
  }

  // Select

  /// What a clause is about: something to send, or nothing to receive.
  private record Part(Pair pair, @Nullable Integer item) {
    Clause<Object, RuntimeException> clause(int number) {
      return item == null
          ? on(
              pair.channel, got -> new Won(number, got), () -> new Won(number, ChannelModel.CLOSED))
          : Select.send(pair.channel, item, () -> new Won(number, ChannelModel.SENT));
    }

    @Override
    public String toString() {
      return item == null ? "from " + pair.channel : item + " to " + pair.channel;
    }
  }

  @SuppressWarnings("unchecked")
  private void selectSome(Lockstep.Actor me) throws Throwable {
    List<Part> parts = new ArrayList<>();
    List<Clause<Object, RuntimeException>> clauses = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      Part part =
          new Part(pairs[random.nextInt(pairs.length)], random.nextBoolean() ? items++ : null);
      clauses.add(part.clause(parts.size()));
      parts.add(part);
    }
    boolean impatient = random.nextInt(4) == 0;
    if (impatient) {
      clauses.add(random.nextBoolean() ? otherwise(() -> NOTHING) : after(ZERO, () -> NOTHING));
    }
    me.perform(
        "select " + parts + (impatient ? " or not" : ""),
        waiting -> {
          Object now = selectNow(parts);
          if (now == null && impatient) {
            return NOTHING;
          }
          if (now == null) {
            register(parts, waiting);
          }
          return now;
        },
        () -> orEnd(() -> selectFirst(clauses.toArray(Clause[]::new))));
  }

  private static @Nullable Object selectNow(List<Part> parts) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Object now = part.item == null ? part.pair.model.receive() : part.pair.model.send(part.item);
      if (now != null) {
        boolean thrown = part.item != null && now != ChannelModel.SENT;
        return thrown ? now : new Won(i, now);
      }
    }
    return null;
  }

  private static void register(List<Part> parts, Lockstep.Waiting waiting) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.item == null) {
        part.pair.model.awaitReceiving(waiting, i);
      } else {
        part.pair.model.awaitSending(waiting, i, part.item);
      }
    }
  }

  // At rest

  @Override
  public void atRest(Lockstep run) throws Throwable {
    for (Pair pair : pairs) {
      assertEquals(pair.model.items.size(), pair.channel.size(), "items");
      pair.compareDiscarded();
      assertEquals(pair.model.waitingSenders(), Queues.waiting(pair.channel, "senders"), "senders");
      assertEquals(
          pair.model.waitingReceivers(), Queues.waiting(pair.channel, "receivers"), "receivers");
      Queues.checkNobodyIsToBeWoken(pair.channel);
    }
    int index = random.nextInt(pairs.length);
    Pair pair = pairs[index];
    run.note("at rest", "cancel " + pair.channel);
    pairs[index] = new Pair(random);
    pair.model.cancel();
    pair.channel.cancel();
  }
}
