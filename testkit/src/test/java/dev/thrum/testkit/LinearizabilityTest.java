package dev.thrum.testkit;

import static dev.thrum.Async.async;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Async;
import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.sync.Mutex;
import dev.thrum.sync.Semaphore;
import dev.thrum.testkit.Model.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Histories against sequential models.
class LinearizabilityTest {

  // Models

  sealed interface QueueOp {}

  record Send(int item) implements QueueOp {}

  record Receive() implements QueueOp {}

  record Close() implements QueueOp {}

  record QueueState(List<Integer> items, boolean closed) {
    QueueState plus(int item) {
      List<Integer> more = new ArrayList<>(items);
      more.add(item);
      return new QueueState(List.copyOf(more), closed);
    }

    QueueState minusFirst() {
      return new QueueState(List.copyOf(items.subList(1, items.size())), closed);
    }

    QueueState close() {
      return new QueueState(items, true);
    }
  }

  private static final QueueState EMPTY = new QueueState(List.of(), false);

  private static List<Answer<QueueState>> queueAnswers(QueueState queue, QueueOp operation) {
    return switch (operation) {
      case Send _ when queue.closed -> List.of(Answer.failure(ChannelClosedException.class, queue));
      case Send(int item) -> List.of(Answer.done(queue.plus(item)));
      case Receive() when !queue.items.isEmpty() ->
          List.of(Answer.value(queue.items.getFirst(), queue.minusFirst()));
      case Receive() when queue.closed ->
          List.of(Answer.failure(ChannelClosedException.class, queue));
      case Receive() -> List.of();
      case Close() -> List.of(Answer.done(queue.close()));
    };
  }

  private static final Model<QueueState, QueueOp> QUEUE =
      Model.of(EMPTY, LinearizabilityTest::queueAnswers);

  private static final Model<QueueState, QueueOp> STRICT_QUEUE =
      Model.strict(EMPTY, LinearizabilityTest::queueAnswers);

  sealed interface RegisterOp {}

  record Write(int value) implements RegisterOp {}

  record Read() implements RegisterOp {}

  private static final Model<Integer, RegisterOp> REGISTER =
      Model.of(
          0,
          (value, operation) ->
              switch (operation) {
                case Write(int next) -> List.of(Answer.done(next));
                case Read() -> List.of(Answer.value(value, value));
              });

  private static final Model<Integer, String> TWO_PERMITS =
      Model.of(
          2,
          (permits, operation) ->
              switch (operation) {
                case "acquire" -> permits > 0 ? List.of(Answer.done(permits - 1)) : List.of();
                case "try" ->
                    permits > 0
                        ? List.of(Answer.value(true, permits - 1), Answer.value(false, permits))
                        : List.of(Answer.value(false, permits));
                case "release" -> List.of(Answer.done(permits + 1));
                default -> throw new IllegalArgumentException(operation);
              });

  private static final Model<String, String> MUTEX =
      Model.of(
          "",
          (owner, operation) -> {
            boolean lock = operation.startsWith("lock ");
            String who = operation.substring(operation.indexOf(' ') + 1);
            if (lock) {
              return owner.isEmpty() ? List.of(Answer.done(who)) : List.of();
            }
            return List.of(
                owner.equals(who)
                    ? Answer.done("")
                    : Answer.failure(IllegalStateException.class, owner));
          });

  private static <S, O> String refusal(History<O> history, Model<S, O> model) {
    return assertThrows(AssertionError.class, () -> Linearizability.check(history, model))
        .getMessage();
  }

  // Real objects

  @Test
  void aChannelIsAQueue() {
    var channel = Channel.<Integer>buffered(2);
    var history = new History<QueueOp>();
    JumpingTime.run(() ->
        gather(
            () -> {
              for (int i = 0; i < 6; i++) {
                int item = i;
                history.call(new Send(item), () -> channel.send(item));
              }
            },
            () -> {
              for (int i = 10; i < 16; i++) {
                int item = i;
                history.call(new Send(item), () -> channel.send(item));
                checkpoint();
              }
              history.call(new Close(), () -> channel.close());
              assertThrows(
                  ChannelClosedException.class,
                  () -> history.call(new Send(16), () -> channel.send(16)));
            },
            () -> receiveAll(history, channel),
            () -> receiveAll(history, channel)));
    assertTrue(history.calls().size() >= 26, history::toString);
    Linearizability.check(history, STRICT_QUEUE);
  }

  private static void receiveAll(History<QueueOp> history, Channel<Integer> channel) {
    try {
      while (true) {
        history.call(new Receive(), () -> channel.receive());
      }
    } catch (ChannelClosedException _) {
      // the end
    }
  }

  @Test
  void aMutexIsHeldByOneAtATime() {
    var mutex = Mutex.create();
    var history = new History<String>();
    JumpingTime.run(() ->
        Async.forEachAll(
            List.of("a", "b", "c", "d"),
            4,
            name -> {
              for (int i = 0; i < 4; i++) {
                history.call("lock " + name, () -> mutex.lock());
                checkpoint();
                history.call("unlock " + name, () -> mutex.unlock());
              }
              assertThrows(
                  IllegalStateException.class,
                  () -> history.call("unlock " + name, () -> mutex.unlock()));
            }));
    Linearizability.check(history, MUTEX);
  }

  @Test
  void aSemaphoreHasSoManyPermitsForThreadsToo() throws InterruptedException {
    var semaphore = Semaphore.create(2);
    var history = new History<String>();
    var start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                await(start);
                for (int round = 0; round < 4; round++) {
                  history.call("acquire", () -> semaphore.acquire());
                  history.call("release", () -> semaphore.release());
                  if (history.call("try", () -> semaphore.tryAcquire())) {
                    history.call("release", () -> semaphore.release());
                  }
                }
              }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    Linearizability.check(history, TWO_PERMITS);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new CancellationException(e.toString());
    }
  }

  // Histories by hand

  @Test
  void aReadBesideAWriteMaySeeEitherValue() {
    for (int seen : List.of(0, 1)) {
      var history = new History<RegisterOp>();
      var write = history.begin("writer", new Write(1));
      history.begin("reader", new Read()).returned(seen);
      write.returned();
      Linearizability.check(history, REGISTER);
    }
  }

  @Test
  void aReadOfAnOldValueAfterAReadOfTheNewOneIsRefused() {
    var history = new History<RegisterOp>();
    var write = history.begin("writer", new Write(1));
    var first = history.begin("reader", new Read());
    first.returned(1);
    history.begin("other reader", new Read()).returned(0);
    write.returned();
    assertEquals(
        """
        the history is not linearizable
          writer             reader     other reader
          1 Write[value=1]
          |                  2 Read[]
          |                  2 => 1
          |                             3 Read[]
          |                             3 => 0
          1 done
        the model can follow this far
          1 Write[value=1] done
          2 Read[] => 1
        and then, in the state 1, there is no place
          for 3 Read[] => 0: right would be => 1\
        """,
        refusal(history, REGISTER));
  }

  @Test
  void itemsOutOfOrderAreRefused() {
    var history = new History<QueueOp>();
    history.begin("a", new Send(1)).returned();
    history.begin("a", new Send(2)).returned();
    history.begin("b", new Receive()).returned(2);
    String refusal = refusal(history, QUEUE);
    assertTrue(refusal.contains("for 3 Receive[] => 2: right would be => 1"), refusal);
  }

  @Test
  void itemsOfOverlappingSendsMayComeInAnyOrder() {
    var history = new History<QueueOp>();
    var one = history.begin("a", new Send(1));
    var two = history.begin("b", new Send(2));
    one.returned();
    two.returned();
    history.begin("c", new Receive()).returned(2);
    history.begin("c", new Receive()).returned(1);
    Linearizability.check(history, QUEUE);
  }

  @Test
  void anAnswerOfAnOperationThatShouldHaveWaitedIsRefused() {
    var history = new History<QueueOp>();
    history.begin("a", new Receive()).returned(1);
    assertEquals(
        """
        the history is not linearizable
          a
          1 Receive[]
          1 => 1
        in the state QueueState[items=[], closed=false] there is no first operation
          for 1 Receive[] => 1: it should wait\
        """,
        refusal(history, QUEUE));
  }

  @Test
  void aWrongExceptionIsRefused() {
    var history = new History<QueueOp>();
    history.begin("a", new Send(1)).threw(new IllegalStateException("full"));
    String refusal = refusal(history, QUEUE);
    assertTrue(
        refusal.contains("1 threw java.lang.IllegalStateException: full\n")
            && refusal.contains(": right would be done"),
        refusal);
  }

  @Test
  void anOperationThatHasNotEndedMayHaveTakenEffectOrNot() {
    var received = new History<QueueOp>();
    received.begin("a", new Send(1));
    received.begin("b", new Receive()).returned(1);
    Linearizability.check(received, QUEUE);

    var notYet = new History<QueueOp>();
    notYet.begin("a", new Send(1));
    notYet.begin("b", new Send(2)).returned();
    notYet.begin("b", new Receive()).returned(2);
    notYet.begin("c", new Receive());
    Linearizability.check(notYet, QUEUE);

    var tooEarly = new History<QueueOp>();
    var receive = tooEarly.begin("b", new Receive());
    receive.returned(1);
    tooEarly.begin("a", new Send(1));
    String refusal = refusal(tooEarly, QUEUE);
    assertTrue(refusal.contains("for 1 Receive[] => 1: it should wait"), refusal);
  }

  @Test
  void anItemLostInACancelledReceiveIsFoundByAStrictModelOnly() {
    var history = new History<QueueOp>();
    history.begin("a", new Send(1)).returned();
    history.begin("a", new Send(2)).returned();
    history.begin("b", new Receive()).threw(new CancellationException("timeout"));
    history.begin("b", new Receive()).returned(2);
    Linearizability.check(history, QUEUE);
    String refusal = refusal(history, STRICT_QUEUE);
    assertTrue(refusal.contains("3 cancelled\n"), refusal);
    assertTrue(refusal.contains("for 4 Receive[] => 2: right would be => 1"), refusal);
  }

  @Test
  void aCancelledOperationMayTakeEffectLater() {
    var history = new History<QueueOp>();
    history.begin("a", new Send(1)).threw(new InterruptedException());
    history.begin("a", new Send(2)).returned();
    history.begin("b", new Receive()).returned(2);
    history.begin("b", new Receive()).returned(1);
    Linearizability.check(history, QUEUE);
    refusal(history, STRICT_QUEUE);
  }

  @Test
  void allThatFitsTheLastPlaceIsTold() {
    var history = new History<QueueOp>();
    var one = history.begin("a", new Receive());
    var two = history.begin("b", new Receive());
    two.returned(2);
    one.returned(1);
    String refusal = refusal(history, QUEUE);
    assertTrue(
        refusal.endsWith(
            "for 2 Receive[] => 2: it should wait\n  for 1 Receive[] => 1: it should wait"),
        refusal);
  }

  @Test
  void anEmptyHistoryIsFine() {
    Linearizability.check(new History<QueueOp>(), QUEUE);
  }

  @Test
  void aHistoryThatIsTooLongIsRefused() {
    var history = new History<RegisterOp>();
    for (int i = 0; i < 64; i++) {
      history.begin("a", new Write(i)).returned();
    }
    Linearizability.check(history, REGISTER);
    history.begin("a", new Read()).returned(63);
    assertThrows(IllegalArgumentException.class, () -> Linearizability.check(history, REGISTER));
  }

  @Test
  void sixtyFourOverlappingOperationsThatCommuteAreDecided() {
    var history = new History<RegisterOp>();
    List<History.Ongoing> reads = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      reads.add(history.begin("reader " + i, new Read()));
    }
    reads.forEach(read -> read.returned(0));
    Linearizability.check(history, REGISTER);
  }

  @Test
  void aSearchThatWouldTakeForEverIsGivenUp() {
    var history = new History<RegisterOp>();
    List<History.Ongoing> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      all.add(history.begin("writer " + i, new Write(i)));
    }
    all.forEach(History.Ongoing::returned);
    history.begin("reader", new Read()).returned(77);
    String given =
        assertThrows(
                IllegalStateException.class,
                () -> new Linearization<>(history.calls(), REGISTER, 10_000).check())
            .getMessage();
    assertTrue(given.startsWith("whether the history is linearizable could not be found"), given);
  }

  // What the recorder does

  @Test
  void callsOfTasksAreRecordedWithTheirOutcomes() {
    var history = new History<String>();
    JumpingTime.run(() -> {
      var pending = Channel.<Integer>rendezvous();
      assertEquals(7, history.<Integer, RuntimeException>call("seven", () -> 7));
      history.call("nothing", () -> {});
      assertThrows(
          IllegalStateException.class,
          () ->
              history.call(
                  "fail",
                  () -> {
                    throw new IllegalStateException("no");
                  }));
      var cancelled = async("other", () -> history.call("receive", () -> pending.receive()));
      checkpoint();
      assertEquals("has not ended", Timeline.answer(history.calls().getLast().outcome()));
      cancelled.cancel("enough");
      assertThrows(CancellationException.class, cancelled::await);
    });
    assertEquals(
        """
        main                                          other
        1 seven
        1 => 7
        2 nothing
        2 done
        3 fail
        3 threw java.lang.IllegalStateException: no
                                                      4 receive
                                                      4 cancelled\
        """,
        history.toString());
    assertEquals(List.of(0, 2, 4, 6), history.calls().stream().map(History.Call::begin).toList());
  }

  @Test
  void anOperationEndsOnce() {
    var history = new History<String>();
    var call = history.begin("a", "x");
    call.returned();
    assertThrows(IllegalStateException.class, () -> call.returned(1));
  }

  @Test
  void tasksOfOneNameHaveColumnsOfTheirOwn() {
    var history = new History<String>();
    JumpingTime.run(() -> history.call("x", () -> {}));
    JumpingTime.run(() -> history.call("y", () -> {}));
    assertEquals(
        List.of("main", "main (2)"), history.calls().stream().map(History.Call::by).toList());
  }

  // Against brute force

  @Test
  void theSearchAgreesWithTryingAllOrders() {
    long seed = Long.getLong("thrum.seed", RandomGenerator.getDefault().nextLong());
    var random = new SplittableRandom(seed);
    int refused = 0;
    int rounds = 1000;
    for (int round = 0; round < rounds; round++) {
      History<QueueOp> history = randomHistory(random);
      Model<QueueState, QueueOp> model = random.nextBoolean() ? QUEUE : STRICT_QUEUE;
      boolean expected = BruteForce.isLinearizable(history.calls(), model);
      boolean found = isLinearizable(history, model);
      assertEquals(expected, found, () -> "-Dthrum.seed=" + seed + "\n" + history);
      refused += found ? 0 : 1;
    }
    int share = refused * 100 / rounds;
    assertTrue(10 < share && share < 90, "refused " + share + " %, -Dthrum.seed=" + seed);
  }

  private static boolean isLinearizable(
      History<QueueOp> history, Model<QueueState, QueueOp> model) {
    try {
      Linearizability.check(history, model);
      return true;
    } catch (AssertionError _) {
      return false;
    }
  }

  /// A history that a queue could have made, of which sometimes an answer is made up.
  private static History<QueueOp> randomHistory(RandomGenerator random) {
    var history = new History<QueueOp>();
    List<History.Ongoing> open = new ArrayList<>();
    List<QueueOp> operations = new ArrayList<>();
    int next = 1;
    int begun = 0;
    while (begun < 5 || (!open.isEmpty() && random.nextInt(8) > 0)) {
      if (begun < 5 && (open.isEmpty() || random.nextInt(5) < 2)) {
        QueueOp operation =
            switch (random.nextInt(7)) {
              case 0 -> new Close();
              case 1, 2, 3 -> new Send(next++);
              default -> new Receive();
            };
        operations.add(operation);
        open.add(history.begin("t" + begun++, operation));
      } else {
        int which = random.nextInt(open.size());
        end(open.remove(which), operations.remove(which), random);
      }
    }
    return history;
  }

  private static void end(History.Ongoing call, QueueOp operation, RandomGenerator random) {
    int how = random.nextInt(12);
    if (how == 0) {
      call.threw(new CancellationException());
    } else if (operation instanceof Receive && how > 1) {
      call.returned(1 + random.nextInt(2));
    } else if (how == 1 && !(operation instanceof Close)) {
      Channel<Integer> closed = Channel.rendezvous();
      closed.close();
      call.threw(assertThrows(ChannelClosedException.class, closed::receive));
    } else {
      call.returned();
    }
  }
}
