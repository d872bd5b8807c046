package dev.thrum;

import static dev.thrum.channel.Select.after;
import static dev.thrum.channel.Select.cancelled;
import static dev.thrum.channel.Select.done;
import static dev.thrum.channel.Select.on;
import static dev.thrum.channel.Select.otherwise;
import static dev.thrum.channel.Select.select;
import static dev.thrum.channel.Select.selectFirst;
import static dev.thrum.channel.Select.send;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Broadcast;
import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.ChannelFullException;
import dev.thrum.channel.Clause;
import dev.thrum.channel.Overflow;
import dev.thrum.channel.Watch;
import dev.thrum.channel.WorkQueue;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/// What channels refuse, and that the refusal says what to do instead.
class ChannelBadUseTest {
  private final Channel<String> channel = Channel.<String>builder().name("jobs").build();

  private static <E extends Throwable> void refused(
      Class<E> expected, String useful, VoidBody<?> call) {
    E refusal = assertThrows(expected, call::run);
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(useful), () -> "'" + message + "' does not say '" + useful + "'");
  }

  private static void isNull(String what, VoidBody<?> call) {
    NullPointerException refusal = assertThrows(NullPointerException.class, call::run);
    assertTrue(refusal.getMessage().startsWith(what), refusal.getMessage());
  }

  private static void contradicts(String useful, Channel.Builder<Integer> builder) {
    refused(IllegalArgumentException.class, useful, builder::build);
  }

  // Making one

  @Test
  void roomForLessThanNothing() {
    for (int capacity : new int[] {-1, Integer.MIN_VALUE}) {
      refused(
          IllegalArgumentException.class,
          "unlimited()",
          () -> Channel.builder().capacity(capacity));
      refused(IllegalArgumentException.class, "rendezvous()", () -> Channel.buffered(capacity));
      refused(IllegalArgumentException.class, "at least 1", () -> Broadcast.create(capacity));
      refused(IllegalArgumentException.class, "at least 1", () -> WorkQueue.create(capacity));
    }
    refused(IllegalArgumentException.class, "rendezvous()", () -> Channel.buffered(0));
    refused(IllegalArgumentException.class, "at least 1", () -> Broadcast.create(0));
    refused(IllegalArgumentException.class, "at least 1", () -> WorkQueue.create(0));
  }

  @Test
  void settingsThatContradictEachOther() {
    Comparator<Integer> order = Comparator.naturalOrder();
    contradicts("choose one", Channel.<Integer>builder().unlimited().priority(order).lifo());
    contradicts("give capacity(n)", Channel.<Integer>builder().lifo());
    contradicts("give capacity(n)", Channel.<Integer>builder().priority(order));
    contradicts("latest()", Channel.<Integer>builder().overflow(Overflow.DROP_OLDEST));
    contradicts(
        "DROP_NEWEST",
        Channel.<Integer>builder().capacity(2).priority(order).overflow(Overflow.DROP_OLDEST));
    refused(
        IllegalArgumentException.class,
        "use DROP_OLDEST",
        () -> Broadcast.create(2, Overflow.DROP_NEWEST));
  }

  @Test
  void noneOfTheSettingsMayBeNull() {
    Channel.Builder<Integer> builder = Channel.builder();
    isNull("policy", () -> builder.overflow(null));
    isNull("order", () -> builder.priority(null));
    isNull("listener", () -> builder.onDiscard(null));
    isNull("name", () -> builder.name(null));
    isNull("order", () -> Channel.priority(null));
    isNull("order", () -> WorkQueue.priority(null));
    isNull("slowReader", () -> Broadcast.create(1, null));
    isNull("value", () -> Watch.of(null));
  }

  // Items

  @Test
  void noItemMayBeNull() {
    Channel<String> open = Channel.buffered(1);
    isNull("item: a channel carries no null; send an Optional", () -> open.send(null));
    isNull("item", () -> open.trySend(null));
    isNull("item", () -> open.sender().send(null));
    isNull("item", () -> open.sender().trySend(null));
    isNull("item", () -> send(open, null, () -> {}));
    isNull("item", () -> Broadcast.<String>create(1).send(null));
    isNull("item", () -> Broadcast.<String>create(1).trySend(null));
    isNull("item", () -> WorkQueue.<String>create().put(null));
    isNull("item", () -> Watch.of("").set(null));
    isNull("item", () -> Watch.of("").update(_ -> null));
    isNull("change", () -> Watch.of("").update(null));
    isNull("wanted", () -> Watch.of("").await(null));
    isNull("body", () -> WorkQueue.<String>create().work(null));
    assertEquals(0, open.size());
  }

  @Test
  void nullComesBeforeTheEnd() {
    channel.close();
    isNull("item", () -> channel.send(null));
  }

  // The end

  @Test
  void closingTwice() {
    channel.close();
    refused(
        IllegalStateException.class,
        "channel jobs (rendezvous, closed) is closed already: let the one who sends last close it,"
            + " or give each sender its own handle with sender()",
        channel::close);
    refused(IllegalStateException.class, "sender()", () -> channel.close(new Exception()));
    Broadcast<String> broadcast = Broadcast.create(1);
    broadcast.close();
    refused(IllegalStateException.class, "let the one who sends last", broadcast::close);
    refused(IllegalStateException.class, "closed already", () -> broadcast.close(new Exception()));
    Watch<String> watch = Watch.of("");
    watch.close();
    refused(IllegalStateException.class, "closed already", watch::close);
    WorkQueue<String> queue = WorkQueue.create();
    queue.shutdown();
    refused(IllegalStateException.class, "let the one who puts last", queue::shutdown);
  }

  @Test
  void closingWithNoErrorAtAllLeavesItOpen() {
    isNull("error", () -> channel.close(null));
    isNull("error", () -> channel.sender().close(null));
    Broadcast<String> broadcast = Broadcast.create(1);
    isNull("error", () -> broadcast.close(null));
    assertFalse(channel.isClosed());
    assertFalse(broadcast.isClosed());
  }

  @Test
  void sendingIntoWhatHasEnded() {
    var handle = channel.sender();
    handle.close();
    refused(ChannelClosedException.class, "handle of channel jobs", () -> handle.send("item"));
    Channel<String> cancelled = Channel.<String>builder().name("bills").build();
    cancelled.cancel();
    refused(
        ChannelClosedException.class,
        "channel bills is cancelled by its receiver: nothing can be sent any more",
        () -> cancelled.send("item"));
    refused(ChannelClosedException.class, "nothing can be sent", cancelled::sender);
  }

  @Test
  void receivingFromWhatHasEnded() {
    channel.close();
    refused(
        ChannelClosedException.class,
        "channel jobs is closed and empty: a for statement or next() ends there quietly",
        channel::receive);
  }

  @Test
  void aFullChannelThatFailsSaysWhatMayHelp() {
    Channel<Integer> full = Channel.<Integer>builder().overflow(Overflow.FAIL).build();
    refused(ChannelFullException.class, "give it more room", () -> full.send(1));
  }

  @Test
  void asAnIteratorIsAskedForMoreThanThereIs() {
    channel.close();
    Iterator<String> items = channel.iterator();
    refused(NoSuchElementException.class, "ask hasNext() before each next()", items::next);
    refused(NoSuchElementException.class, "channel jobs", items::next);
    assertThrows(UnsupportedOperationException.class, items::remove);
  }

  @Test
  void batchesOfNothing() {
    refused(
        IllegalArgumentException.class,
        "give at least 1",
        () -> channel.receiveUpTo(0, ofSeconds(1)));
    refused(
        IllegalArgumentException.class,
        "must not be negative",
        () -> channel.receiveUpTo(1, ofSeconds(-1)));
    isNull("the patience", () -> channel.receiveUpTo(1, null));
  }

  @Test
  void doneMoreOftenThanPut() {
    WorkQueue<String> queue = WorkQueue.create();
    refused(IllegalStateException.class, "let work(body) call it", queue::done);
  }

  // Select

  @Test
  void aSelectOfNothing() {
    refused(IllegalArgumentException.class, "at least one", () -> select());
    refused(IllegalArgumentException.class, "at least one", () -> selectFirst());
  }

  @Test
  void clausesOfNothing() {
    Clause<String, RuntimeException> good = otherwise(() -> "");
    isNull("clause", () -> select(good, null));
    isNull("channel", () -> on((Channel<String>) null, _ -> {}));
    isNull("channel", () -> send((Channel<String>) null, "", () -> {}));
    isNull("task", () -> done(null, _ -> {}));
    isNull("scope", () -> cancelled(null, () -> {}));
    isNull("the time of after(…)", () -> after(null, () -> {}));
    refused(
        IllegalArgumentException.class,
        "must not be negative",
        () -> after(ofSeconds(-1), () -> {}));
    Body<String, RuntimeException> noBody = null;
    BodyOf<String, String, RuntimeException> noBodyOf = null;
    VoidBody<RuntimeException> noEnd = null;
    isNull("action", () -> on(channel, noBodyOf));
    isNull("atEnd", () -> on(channel, _ -> {}, noEnd));
    isNull("action", () -> send(channel, "", noBody));
    isNull("action", () -> after(ofSeconds(1), noBody));
    isNull("action", () -> otherwise(noBody));
    Async.run(() ->
        Async.scope(s -> {
          isNull("action", () -> cancelled(s, noBody));
        }));
  }

  @Test
  void aClauseUsedTwice() {
    Clause<String, RuntimeException> clause = otherwise(() -> "");
    select(clause);
    refused(
        IllegalStateException.class,
        "a clause serves one select: make new ones where the select is called",
        () -> select(clause));
  }

  // What people read

  @Test
  void aChannelSaysWhatItIsAndHowFull() {
    assertEquals("channel jobs (rendezvous)", channel.toString());
    Channel<Integer> three = Channel.<Integer>builder().capacity(3).name("three").build();
    three.send(1);
    assertEquals("channel three (1 of 3 items)", three.toString());
    assertEquals("handle of channel three (1 of 3 items)", three.sender().toString());
    three.close();
    assertEquals("channel three (1 of 3 items, closed)", three.toString());
    Channel<Integer> unlimited = Channel.unlimited();
    unlimited.send(1);
    assertTrue(unlimited.toString().matches("channel@\\d+ \\(1 items\\)"), unlimited::toString);
    Broadcast<Integer> broadcast = Broadcast.create(1);
    assertTrue(
        broadcast.subscribe().toString().matches("reader of broadcast@\\d+"), broadcast::toString);
  }
}
