package dev.thrum;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Lockstep.Waiting;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A thing that is waited for, and its model: a queue, in which only the first who still waits can
/// be served.
abstract class QueueModel {
  static final Object DONE = Lockstep.mark("done");
  static final Object FAILED = Lockstep.mark("failed");

  final RandomGenerator random;
  final ArrayDeque<Wish> queue = new ArrayDeque<>();

  /// One who waits for so many, or to do something.
  record Wish(Waiting who, int wanted) {}

  QueueModel(RandomGenerator random) {
    this.random = random;
  }

  abstract Object thing();

  /// Something random, by one task.
  abstract void turn(Lockstep.Actor me) throws Throwable;

  /// All wait: whether the thing looks as its model.
  abstract void compare() throws Throwable;

  /// All wait: lets those get on who would wait for ever.
  void help() {}

  /// Somebody has left the queue who was not served.
  void left() {}

  @Nullable Wish first() {
    while (!queue.isEmpty() && queue.peek().who.isServed()) {
      queue.remove();
    }
    return queue.peek();
  }

  int waiting() {
    queue.removeIf(wish -> wish.who.isServed());
    return queue.size();
  }

  void serveAll(Object with) {
    for (Wish wish = first(); wish != null; wish = first()) {
      wish.who.serve(with);
    }
  }

  void compareQueue(String name) throws ReflectiveOperationException {
    assertEquals(waiting(), Queues.waiting(thing(), name), () -> "who waits for " + thing());
  }

  /// Waits in the queue if it must, and lets those behind it pass when it is cancelled there.
  Object perform(Lockstep.Actor me, String what, int wanted, boolean now, Runnable fact)
      throws Throwable {
    boolean[] queued = {false};
    Object got =
        me.perform(
            what + " " + thing(),
            waiting -> {
              if (now) {
                return DONE;
              }
              queued[0] = true;
              queue.add(new Wish(waiting, wanted));
              return null;
            },
            () -> done(fact));
    if (queued[0] && got == Lockstep.CANCELLED) {
      left();
    }
    return got;
  }

  void pause(Lockstep.Actor me) {
    switch (random.nextInt(4)) {
      case 0 -> checkpoint();
      case 1 -> sleep(ofMillis(1));
      case 2 -> me.meddle();
      default -> {}
    }
  }

  static Object done(Runnable action) {
    try {
      action.run();
      return DONE;
    } catch (CancelledException e) {
      throw e;
    } catch (IllegalStateException _) {
      return FAILED;
    }
  }
}
