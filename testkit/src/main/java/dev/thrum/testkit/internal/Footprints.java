package dev.thrum.testkit.internal;

import dev.thrum.internal.Steered;
import dev.thrum.internal.Steering.Touch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What each step of a run has used, and which steps had to come after which.
///
/// Things have names that are the same in every run: who made them, and as its how many-th. What no
/// task of the run has made has one name for all, so that it depends on all of its kind.
final class Footprints {
  /// Depends on everything.
  private static final long EVERYTHING = -1;

  private static final long UNKNOWN = 1;
  private static final long CANCELLATIONS = 2;
  private static final int TOUCHES = 8;

  /// By the codes of [Touch].
  private static final boolean[][] CONFLICTS = new boolean[TOUCHES][TOUCHES];

  static {
    conflicting(Touch.READ, Touch.WRITE);
    conflicting(Touch.WRITE, Touch.WRITE);
    conflicting(Touch.CHILD, Touch.JOIN);
    conflicting(Touch.CHILD_FAILED, Touch.CHILD);
    conflicting(Touch.CHILD_FAILED, Touch.CHILD_FAILED);
    conflicting(Touch.CHILD_FAILED, Touch.JOIN);
  }

  private static void conflicting(Touch one, Touch other) {
    CONFLICTS[one.code][other.code] = true;
    CONFLICTS[other.code][one.code] = true;
  }

  /// One step, or something else that has happened.
  static final class Event {
    final int key;
    final int index;

    /// The event that made it possible, or -1.
    final int enabledBy;

    /// Whether the clock had to jump for it, so that it comes after all up to that event.
    final boolean afterAll;

    long[] uses = {};
    int[] clock = {};

    /// The choice that decided for it, or -1 if there was no other.
    int node = -1;

    boolean drew;

    Event(int key, int index, int enabledBy, boolean afterAll) {
      this.key = key;
      this.index = index;
      this.enabledBy = enabledBy;
      this.afterAll = afterAll;
    }
  }

  private final IdentityHashMap<Object, Long> names = new IdentityHashMap<>();
  private final List<Event> events = new ArrayList<>();
  private long[] open = new long[32];
  private int size;
  private int[] enabledBy = new int[64];
  private int[] offeredLast = new int[64];
  private boolean[] needsJump = new boolean[64];
  private int offers;
  private boolean jumped;
  private boolean complete = true;

  void begin() {
    names.clear();
    events.clear();
    size = 0;
    offers = 1;
    jumped = false;
    Arrays.fill(offeredLast, 0);
  }

  /// Whether they are all that steps have used.
  boolean isComplete() {
    return complete;
  }

  /// A step has used what leaves no trace here.
  void incomplete() {
    complete = false;
  }

  /// The last event is over; these are the choices for the next.
  void offered(Conductor run, int count) {
    finish();
    offers++;
    for (int i = 0; i < count; i++) {
      int key = run.key(i);
      ensure(key);
      if (offeredLast[key] != offers - 1) {
        // Any timer makes it possible to move the clock early, whoever set the first.
        enabledBy[key] = run.kind(i) == Kind.SKEW ? -1 : events.size() - 1;
        needsJump[key] = jumped && run.kind(i) == Kind.FIRE;
      }
      offeredLast[key] = offers;
    }
    jumped = false;
  }

  private void ensure(int key) {
    if (key >= enabledBy.length) {
      int length = Math.max(key + 1, enabledBy.length * 2);
      enabledBy = Arrays.copyOf(enabledBy, length);
      offeredLast = Arrays.copyOf(offeredLast, length);
      needsJump = Arrays.copyOf(needsJump, length);
    }
  }

  /// The clock has moved, since nothing else could happen.
  void jumped() {
    jumped = true;
  }

  void begin(Actor actor, Kind kind) {
    int key = actor.id * Kind.COUNT + kind.code;
    events.add(new Event(key, events.size(), enabledBy[key], needsJump[key]));
    offeredLast[key] = 0; // it is possible anew if it is offered again
    size = 0;
    if (kind == Kind.CANCEL) {
      use(CANCELLATIONS, Touch.WRITE);
    } else if (kind == Kind.SKEW || kind == Kind.REST) {
      add(EVERYTHING);
    }
  }

  /// The running step depends on all others.
  void usesEverything() {
    add(EVERYTHING);
  }

  /// The last event has used all that it uses.
  void finish() {
    Event last = last();
    if (last != null && last.uses.length != size) {
      last.uses = Arrays.copyOf(open, size);
    }
  }

  @Nullable Event last() {
    return events.isEmpty() ? null : events.getLast();
  }

  List<Event> events() {
    return events;
  }

  void created(Object what, Actor by) {
    names.put(what, ((by.id + 1L) << 32) + 2L * ++by.created);
  }

  void touched(Object what, Touch how) {
    long name;
    if (what instanceof Steered task) {
      name = task.mark() instanceof Actor actor ? (actor.id + 1L) << 32 : UNKNOWN;
    } else {
      Long known = names.get(what);
      name = known != null ? known : UNKNOWN;
    }
    use(name, how);
  }

  /// Whether it makes a difference which of two goes first.
  static boolean depend(long[] some, long[] others) {
    for (long one : some) {
      for (long other : others) {
        if (one == EVERYTHING || other == EVERYTHING || conflict(one, other)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean conflict(long one, long other) {
    return one / TOUCHES == other / TOUCHES
        && CONFLICTS[(int) (one % TOUCHES)][(int) (other % TOUCHES)];
  }

  private void use(long name, Touch how) {
    add(name * TOUCHES + how.code);
  }

  private void add(long use) {
    for (int i = 0; i < size; i++) {
      if (open[i] == use) {
        return;
      }
    }
    if (size == open.length) {
      open = Arrays.copyOf(open, size * 2);
    }
    open[size++] = use;
  }
}
