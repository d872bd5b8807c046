package dev.thrum.channel;

import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.OpenWait;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.Selection;
import dev.thrum.internal.wait.Waiter;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One run of a select.
///
/// It first tries each clause that looks ready by itself. If none is it takes the guards of all, in
/// one order for everybody, looks once more and queues a node for each: whoever comes later
/// therefore finds all of them or none. The nodes share a [Selection], which the first counterpart
/// wins; what others find of the losers they pass over. When it runs again it takes the losers'
/// nodes out.
final class Selecting<R extends @Nullable Object, X extends Throwable> implements OpenWait {
  private static final int WAIT = -1;

  private final Party me;
  private final ClauseImpl<R, X>[] clauses;
  private final boolean fair;

  /// The clauses to try, at its beginning.
  private final int[] order;

  private final Selection selection = new Selection();
  private Waiter[] nodes = {};
  private @Nullable Object handed;

  /// A select that looks at its clauses in a random order, or as they are listed.
  Selecting(Party me, ClauseImpl<R, X>[] clauses, boolean fair) {
    this.me = me;
    this.clauses = clauses;
    this.fair = fair;
    this.order = new int[clauses.length];
  }

  R run() throws X {
    int ready = attemptEach();
    if (ready == WAIT) {
      ready = atOnce();
    }
    if (ready != WAIT) {
      me.passed();
    } else {
      ready = await();
    }
    return clauses[ready].finish(handed);
  }

  private int attemptEach() {
    int count = lookReady();
    for (int k = 0; k < count; k++) {
      int i = pick(k, count);
      ClauseImpl<R, X> clause = clauses[i];
      Guarded guarded = clause.guarded();
      Object served = null;
      Object got;
      if (guarded == null) {
        got = clause.poll();
      } else {
        guarded.guard();
        try {
          got = clause.poll();
          served = clause.takeServed();
        } finally {
          guarded.unguard();
        }
      }
      if (got != null) {
        Inlet.wake(served);
        handed = got;
        return i;
      }
    }
    return WAIT;
  }

  /// Notes the clauses that are worth a try.
  private int lookReady() {
    int count = 0;
    for (int i = 0; i < clauses.length; i++) {
      if (clauses[i].mayBeReady()) {
        order[count++] = i;
      }
    }
    return count;
  }

  /// The one to try at a turn, of those that were noted and not tried yet.
  private int pick(int turn, int count) {
    if (fair && turn < count - 1) {
      int other = turn + me.choose(count - turn);
      int chosen = order[other];
      order[other] = order[turn];
      order[turn] = chosen;
    }
    return order[turn];
  }

  private int atOnce() {
    for (int i = 0; i < clauses.length; i++) {
      if (clauses[i].winsAtOnce()) {
        return i;
      }
    }
    return WAIT;
  }

  private int await() {
    int timer = earliest();
    nodes = new Waiter[clauses.length];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = new Waiter(me, selection, i);
      nodes[i].begin(this, clauses[i].offered());
    }
    int ready = attemptAllOrQueue();
    if (ready != WAIT) {
      me.passed();
      return ready;
    }
    boolean done =
        timer == WAIT
            ? me.await(nodes[0])
            : me.await(nodes[0], ((ClauseImpl.After<R, X>) clauses[timer]).nanos);
    if (!done && selection.win(Selection.GIVEN_UP)) {
      leave(WAIT);
      if (timer == WAIT || me.mustLeave()) {
        throw me.cancelled();
      }
      me.passed(); // its time may have been over before it could wait
      return timer;
    }
    awaitHandOver();
    int winner = selection.winner();
    leave(winner);
    handed = nodes[winner].take();
    return winner;
  }

  /// Somebody has won it, and hands over within a few instructions unless its thread rests.
  private void awaitHandOver() {
    for (int spins = 0; !nodes[0].isDone(); spins++) {
      Guarded.spin(spins);
    }
  }

  private int earliest() {
    int earliest = WAIT;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < clauses.length; i++) {
      if (clauses[i] instanceof ClauseImpl.After<R, X> after && after.nanos < least) {
        least = after.nanos;
        earliest = i;
      }
    }
    return earliest;
  }

  private int attemptAllOrQueue() {
    Guarded[] guards = guards();
    Object served = null;
    int ready = WAIT;
    int taken = 0;
    try {
      for (; taken < guards.length; taken++) {
        guards[taken].guard();
      }
      int count = lookReady();
      for (int k = 0; k < count && ready == WAIT; k++) {
        int i = pick(k, count);
        handed = clauses[i].poll();
        served = clauses[i].takeServed();
        ready = handed == null ? WAIT : i;
      }
      for (int i = 0; i < clauses.length && ready == WAIT; i++) {
        if (clauses[i].guarded() != null) {
          clauses[i].register(nodes[i]);
        }
      }
    } finally {
      while (taken > 0) {
        guards[--taken].unguard();
      }
    }
    Inlet.wake(served);
    for (int i = 0; i < clauses.length && ready == WAIT; i++) {
      if (clauses[i].guarded() == null) {
        clauses[i].register(nodes[i]);
      }
    }
    return ready;
  }

  /// Each guard once, in the order in which everybody takes them.
  private Guarded[] guards() {
    Guarded[] found = new Guarded[clauses.length];
    int count = 0;
    for (ClauseImpl<R, X> clause : clauses) {
      Guarded guarded = clause.guarded();
      if (guarded != null) {
        count = insert(found, count, guarded);
      }
    }
    return count == found.length ? found : Arrays.copyOf(found, count);
  }

  private static int insert(Guarded[] sorted, int count, Guarded guarded) {
    int at = count;
    while (at > 0 && sorted[at - 1].number() > guarded.number()) {
      at--;
    }
    if (at > 0 && sorted[at - 1] == guarded) {
      return count;
    }
    System.arraycopy(sorted, at, sorted, at + 1, count - at);
    sorted[at] = guarded;
    return count + 1;
  }

  /// Whether one of its nodes brings an item for a handle. Under the guard of the channel.
  boolean sendsVia(Waiter node, SenderHandle<?> handle) {
    for (int i = 0; i < nodes.length; i++) {
      if (nodes[i] == node) {
        return clauses[i] instanceof ClauseImpl.Send<?, ?, ?> send && send.isVia(handle);
      }
    }
    return false;
  }

  private void leave(int winner) {
    for (int i = 0; i < nodes.length; i++) {
      Guarded guarded = clauses[i].guarded();
      if (i == winner) {
        continue;
      }
      if (guarded == null) {
        clauses[i].unregister(nodes[i]);
      } else if (nodes[i].isQueued()) {
        guarded.guard();
        try {
          clauses[i].unregister(nodes[i]);
        } finally {
          guarded.unguard();
        }
      }
    }
  }

  @Override
  public String toString() {
    return Stream.of(clauses)
        .map(ClauseImpl::toString)
        .collect(Collectors.joining(", ", "select(", ")"));
  }
}
