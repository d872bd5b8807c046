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
/// It first looks at each clause by itself. If none is ready it takes the guards of all, in one
/// order for everybody, looks once more and queues a node for each: whoever comes later therefore
/// finds all of them or none. The nodes share a [Selection], which the first counterpart wins; what
/// others find of the losers they pass over. When it runs again it takes the losers' nodes out.
final class Selecting<R extends @Nullable Object, X extends Throwable> implements OpenWait {
  private static final int WAIT = -1;

  private final Party me;
  private final ClauseImpl<R, X>[] clauses;
  private final int start;
  private final Selection selection = new Selection();
  private @Nullable Object handed;

  Selecting(Party me, ClauseImpl<R, X>[] clauses, int start) {
    this.me = me;
    this.clauses = clauses;
    this.start = start;
  }

  R run() throws X {
    int ready = attemptEach();
    if (ready == WAIT) {
      ready = otherwise();
    }
    if (ready != WAIT) {
      me.passed();
    } else {
      ready = await();
    }
    return clauses[ready].finish(handed);
  }

  private int attemptEach() {
    for (int k = 0; k < clauses.length; k++) {
      int i = (start + k) % clauses.length;
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

  private int otherwise() {
    for (int i = 0; i < clauses.length; i++) {
      if (clauses[i] instanceof ClauseImpl.Otherwise) {
        return i;
      }
    }
    return WAIT;
  }

  private int await() {
    int timer = earliest();
    Waiter[] nodes = new Waiter[clauses.length];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = new Waiter(me, selection, i);
      nodes[i].begin(this, clauses[i].offered());
    }
    int ready = attemptAllOrQueue(nodes);
    if (ready != WAIT) {
      return ready;
    }
    boolean done =
        timer == WAIT
            ? me.await(nodes[0])
            : me.await(nodes[0], ((ClauseImpl.After<R, X>) clauses[timer]).nanos);
    if (!done && selection.win(Selection.GIVEN_UP)) {
      leave(nodes, WAIT);
      if (timer == WAIT || me.mustLeave()) {
        throw me.cancelled();
      }
      return timer;
    }
    while (!nodes[0].isDone()) {
      Thread.onSpinWait(); // somebody has won it and is about to hand it over
    }
    int winner = selection.winner();
    leave(nodes, winner);
    handed = nodes[winner].take();
    return winner;
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

  private int attemptAllOrQueue(Waiter[] nodes) {
    Guarded[] guards = guards();
    Object served = null;
    int ready = WAIT;
    int taken = 0;
    try {
      for (; taken < guards.length; taken++) {
        guards[taken].guard();
      }
      for (int k = 0; k < clauses.length && ready == WAIT; k++) {
        int i = (start + k) % clauses.length;
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

  private void leave(Waiter[] nodes, int winner) {
    for (int i = 0; i < nodes.length; i++) {
      if (i != winner) {
        Guarded guarded = clauses[i].guarded();
        if (guarded == null) {
          clauses[i].unregister(nodes[i]);
        } else {
          guarded.guard();
          try {
            clauses[i].unregister(nodes[i]);
          } finally {
            guarded.unguard();
          }
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
