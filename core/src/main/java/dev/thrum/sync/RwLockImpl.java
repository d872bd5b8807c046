package dev.thrum.sync;

import dev.thrum.DeadlockException;
import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitGraph;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One writer or some readers, and a queue in which both stand.
///
/// Who reads and who writes is changed under the guard, and looked at without it by who searches
/// for a cycle.
final class RwLockImpl extends Labelled implements RwLock, Held {

  /// What somebody wants to do.
  private enum Mode {
    READ,
    WRITE
  }

  private final WaitQueue queue = new WaitQueue();
  private final Set<Party> readers = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Party writer;
  private @Nullable String brokenBy;

  RwLockImpl(@Nullable String name) {
    super("rwlock", name);
  }

  @Override
  public void lockRead() {
    lock(Mode.READ);
  }

  @Override
  public void lockWrite() {
    lock(Mode.WRITE);
  }

  private void lock(Mode mode) {
    Party me = Party.current();
    me.enter();
    Waiter waiter = lockOrQueue(me, mode);
    if (waiter == null) {
      me.passed();
      return;
    }
    lookForEnded();
    List<DeadlockException.Wait> cycle = WaitGraph.cycle(me, this);
    if (cycle != null && leave(queue, waiter)) {
      var _ = serve();
      throw new DeadlockException(me + " would wait for itself: " + this, cycle);
    }
    if (!me.await(waiter) && leave(queue, waiter)) {
      var _ = serve(); // readers may stand behind a writer that leaves
      throw me.cancelled();
    }
    if (waiter.take() instanceof String by) {
      throw broken(by);
    }
    me.holds(this);
  }

  private @Nullable Waiter lockOrQueue(Party me, Mode mode) {
    guard();
    try {
      if (takeIfFirst(me, mode)) {
        return null;
      }
      return queue(queue, me, mode);
    } finally {
      unguard();
    }
  }

  private boolean takeIfFirst(Party me, Mode mode) {
    if (brokenBy != null) {
      throw broken(brokenBy);
    }
    if (writer == me || readers.contains(me)) {
      throw heldAlready(me, mode);
    }
    if (queue.peek() != null || !admits(mode)) {
      return false;
    }
    admit(me, mode);
    me.holds(this);
    return true;
  }

  private boolean admits(Mode mode) {
    return writer == null && (mode == Mode.READ || readers.isEmpty());
  }

  private void admit(Party party, Mode mode) {
    if (mode == Mode.READ) {
      readers.add(party);
    } else {
      writer = party;
    }
  }

  @Override
  public boolean tryLockRead() {
    return tryLock(Mode.READ);
  }

  @Override
  public boolean tryLockWrite() {
    return tryLock(Mode.WRITE);
  }

  private boolean tryLock(Mode mode) {
    Party me = Party.current();
    boolean locked = tryLock(me, mode);
    if (!locked) {
      lookForEnded();
      locked = tryLock(me, mode);
    }
    return locked;
  }

  private boolean tryLock(Party me, Mode mode) {
    guard();
    try {
      return takeIfFirst(me, mode);
    } finally {
      unguard();
    }
  }

  @Override
  public void unlockRead() {
    unlock(Mode.READ);
  }

  @Override
  public void unlockWrite() {
    unlock(Mode.WRITE);
  }

  private void unlock(Mode mode) {
    Party me = Party.current();
    guard();
    try {
      if (mode == Mode.READ ? !readers.remove(me) : writer != me) {
        throw notHeld(me, mode);
      }
      if (mode == Mode.WRITE) {
        writer = null;
      }
      me.holdsNoMore(this);
    } finally {
      unguard();
    }
    var _ = serve();
  }

  /// Lets in who can go in, in order.
  private boolean serve() {
    boolean any = false;
    for (Waiter next = serveFirst(); next != null; next = serveFirst()) {
      next.wake();
      any = true;
    }
    return any;
  }

  /// Readers stand behind a writer that has been cancelled.
  @Override
  public boolean letIn() {
    return serve();
  }

  private @Nullable Waiter serveFirst() {
    guard();
    try {
      for (Waiter next = queue.peek(); next != null; next = queue.peek()) {
        if (!(next.item() instanceof Mode mode) || !admits(mode)) {
          return null;
        }
        if (queue.claim(next)) {
          admit(next.party(), mode);
          next.hand(null);
          return next;
        }
      }
      return null;
    } finally {
      unguard();
    }
  }

  /// Nobody tells when a thread ends.
  private void lookForEnded() {
    Party known = writer;
    if (known != null && known.isOver()) {
      abandonedBy(known);
    }
    for (Party reader : readers) {
      if (reader.isOver()) {
        abandonedBy(reader);
      }
    }
  }

  @Override
  public void abandonedBy(Party ended) {
    List<Waiter> woken;
    guard();
    try {
      if (writer == ended) {
        writer = null;
      } else if (!readers.remove(ended)) {
        return;
      }
      brokenBy = ended.toString();
      woken = queue.handAll(brokenBy);
    } finally {
      unguard();
    }
    woken.forEach(Waiter::wake);
  }

  @Override
  public List<Party> holders() {
    look();
    Party known = writer;
    return known == null ? List.copyOf(readers) : List.of(known);
  }

  @Override
  public int readers() {
    look();
    return readers.size();
  }

  @Override
  public boolean isWriteLocked() {
    look();
    return writer != null;
  }

  private BrokenException broken(String by) {
    return new BrokenException(
        label()
            + " is broken: "
            + by
            + " ended without unlocking it, so what it guards may be half changed. Unlock in a"
            + " finally, or use withRead(body) and withWrite(body)",
        null);
  }

  private IllegalStateException heldAlready(Party me, Mode mode) {
    boolean upgrade = mode == Mode.WRITE && writer != me;
    return new IllegalStateException(
        me
            + (writer == me ? " writes under " : " reads under ")
            + label()
            + " already, and "
            + (upgrade
                ? "cannot become its writer meanwhile: two readers that tried would wait for each"
                    + " other. Call unlockRead(), then lockWrite(), and look at the state again"
                : "it is not reentrant: split the method into an outer one that locks and an inner"
                    + " one that expects it locked"));
  }

  private IllegalStateException notHeld(Party me, Mode mode) {
    boolean read = mode == Mode.READ;
    return new IllegalStateException(
        me
            + (read ? " does not read under " : " does not write under ")
            + this
            + ": only who called "
            + (read ? "lockRead()" : "lockWrite()")
            + " can end it, once for each; "
            + (read ? "withRead(body)" : "withWrite(body)")
            + " does it right");
  }

  @Override
  public String toString() {
    look();
    Party known = writer;
    if (known != null) {
      return label() + ", written by " + known;
    }
    List<Party> reading = List.copyOf(readers);
    return reading.isEmpty() ? label() : label() + ", read by " + reading;
  }
}
