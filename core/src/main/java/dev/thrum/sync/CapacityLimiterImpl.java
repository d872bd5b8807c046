package dev.thrum.sync;

import dev.thrum.Task;
import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The borrowers, and those who want to be.
final class CapacityLimiterImpl extends Labelled implements CapacityLimiter {

  /// What a borrower holds. A limiter is not itself [Held]: who waits for it waits for any one of
  /// the borrowers, not for all of them.
  private final class Token implements Held {
    @Override
    public List<Party> holders() {
      return List.of();
    }

    @Override
    public void abandonedBy(Party ended) {
      giveBack(ended);
    }
  }

  private final Token token = new Token();
  private final WaitQueue queue = new WaitQueue();
  private final Set<Party> borrowers = new HashSet<>();
  private final Set<Party> threads = new HashSet<>(); // those of the borrowers that are no tasks
  private int total;

  CapacityLimiterImpl(@Nullable String name, int total) {
    super("capacity limiter", name);
    this.total = checkTotal(total);
  }

  @Override
  public void acquire() {
    Party me = Party.current();
    me.enter();
    Waiter waiter = takeOrQueue(me);
    if (waiter == null) {
      me.passed();
      return;
    }
    lookForEnded();
    if (!me.await(waiter) && leave(queue, waiter)) {
      throw me.cancelled();
    }
    var _ = waiter.take();
    me.holds(token);
  }

  private @Nullable Waiter takeOrQueue(Party me) {
    guard();
    try {
      if (takeIfFirst(me)) {
        return null;
      }
      return queue(queue, me, null);
    } finally {
      unguard();
    }
  }

  private boolean takeIfFirst(Party me) {
    if (borrowers.contains(me)) {
      throw new IllegalStateException(
          me
              + " has a token of "
              + label()
              + " already, and one is all that a task or thread can borrow: release() it first, or"
              + " let a child of its own borrow the second");
    }
    if (borrowers.size() >= total || queue.peek() != null) {
      return false;
    }
    lend(me);
    me.holds(token);
    return true;
  }

  private void lend(Party borrower) {
    borrowers.add(borrower);
    if (!(borrower instanceof Task)) {
      threads.add(borrower);
    }
  }

  /// Nobody tells when a thread ends.
  private void lookForEnded() {
    List<Party> ended;
    guard();
    try {
      ended = threads.isEmpty() ? List.of() : threads.stream().filter(Party::isOver).toList();
    } finally {
      unguard();
    }
    ended.forEach(this::giveBack);
  }

  @Override
  public boolean tryAcquire() {
    Party me = Party.current();
    boolean taken = tryAcquire(me);
    if (!taken) {
      lookForEnded();
      taken = tryAcquire(me);
    }
    return taken;
  }

  private boolean tryAcquire(Party me) {
    guard();
    try {
      return takeIfFirst(me);
    } finally {
      unguard();
    }
  }

  @Override
  public void release() {
    Party me = Party.current();
    if (!giveBack(me)) {
      throw new IllegalStateException(
          me
              + " has no token of "
              + label()
              + " to release: only the task or thread that borrowed it can, once for each"
              + " acquire(); withToken(body) does it right");
    }
    me.holdsNoMore(token);
  }

  private boolean giveBack(Party borrower) {
    guard();
    try {
      if (!borrowers.remove(borrower)) {
        return false;
      }
      threads.remove(borrower);
    } finally {
      unguard();
    }
    serve();
    return true;
  }

  @Override
  public void resize(int size) {
    checkTotal(size);
    guard();
    total = size;
    unguard();
    serve();
  }

  /// Hands out what tokens there are, in order.
  private void serve() {
    for (Waiter next = serveFirst(); next != null; next = serveFirst()) {
      next.wake();
    }
  }

  private @Nullable Waiter serveFirst() {
    guard();
    try {
      Waiter next = borrowers.size() < total ? queue.poll() : null;
      if (next != null) {
        lend(next.party());
        next.hand(null);
      }
      return next;
    } finally {
      unguard();
    }
  }

  private int checkTotal(int size) {
    if (size < 0) {
      throw new IllegalArgumentException(label() + " cannot have " + size + " tokens");
    }
    return size;
  }

  @Override
  public int total() {
    guard();
    int now = total;
    unguard();
    return now;
  }

  @Override
  public int borrowed() {
    guard();
    int now = borrowers.size();
    unguard();
    return now;
  }

  @Override
  public int waiting() {
    guard();
    try {
      return queue.waiting();
    } finally {
      unguard();
    }
  }

  @Override
  public String toString() {
    look();
    return label()
        + ", "
        + borrowers.size()
        + " of "
        + total
        + " borrowed, "
        + queue.size()
        + " waiting";
  }
}
