package dev.thrum.testkit.internal;

import dev.thrum.internal.Menu;
import dev.thrum.internal.Sneaky;
import dev.thrum.internal.Steered;
import dev.thrum.internal.Steering;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Steers one run after the other: offers what can happen next to a [Strategy], writes down what it
/// chose, moves the clock when nothing can happen, and notices that nothing ever will.
///
/// **Time.** The clock is virtual: it stands while anything is ready and jumps to the next timer
/// then. A call of the JDK that waits for real time cannot be moved so; the run waits for it, and
/// [Uncontrolled] names the line.
///
/// **Fairness.** A strategy may starve a task that another one waits for in a loop. After some
/// thousand steps the loop's own order takes over, so that a run which then still comes to no end
/// is a livelock of the program and not of the strategy.
public final class Conductor implements Steering {
  private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
  private static final int STREAK = 200;
  private static final int MOST_USES = 1_000_000;
  private static final int UNWINDING_STEPS = 20_000;

  private final Limits limits;
  private final Actor main = Actor.main();
  private final Uncontrolled uncontrolled = new Uncontrolled();
  private final Patience patience = new Patience();

  private Strategy strategy = Plain.FIFO;
  private @Nullable Recorder recorder;
  private @Nullable Footprints footprints;

  // What can happen next.
  private final Offer offer = new Offer();

  // The present run.
  private int run;
  private long nanos;
  private int steps;
  private int submissions;
  private int injected;
  private int streak;
  private int uses;
  private @Nullable Actor running;
  private @Nullable Actor last;
  private final List<Actor> parked = new ArrayList<>();
  private boolean unwinding;
  private boolean takenOver;
  private boolean abandoned;
  private @Nullable Stuck stuck;
  final Ints bounds = new Ints();
  final Ints picks = new Ints();
  final Ints trace = new Ints();

  // All runs.
  private boolean monitorsCrowded;
  private int longest = 16;

  /// What a run may do.
  ///
  /// @param steps how many steps it may take
  /// @param cancellations how many cancellations are put in
  /// @param cancelMain whether the main task may be cancelled as well
  /// @param timeSkew whether a timer may fire although tasks are ready
  public record Limits(int steps, int cancellations, boolean cancelMain, boolean timeSkew) {}

  Conductor(Limits limits) {
    this.limits = limits;
    Steering.Switch.turnOn();
  }

  // A run

  /// To be called before each run.
  void begin(Strategy by, @Nullable Recorder watching, @Nullable Footprints used) {
    strategy = by;
    recorder = watching;
    footprints = used;
    run++;
    nanos = 0;
    steps = 0;
    submissions = 0;
    injected = 0;
    streak = 0;
    uses = 0;
    running = null;
    last = null;
    parked.clear();
    patience.begin();
    unwinding = false;
    takenOver = false;
    abandoned = false;
    stuck = null;
    bounds.clear();
    picks.clear();
    trace.clear();
    for (Actor actor : main.all) {
      actor.forget(run);
    }
    if (used != null) {
      used.begin();
    }
    by.begin(this);
  }

  /// To be called after each run, which may have ended with steps still to be noted.
  void end(boolean passed) {
    stepEnded();
    if (passed) {
      longest = Math.max(longest, steps);
    }
    strategy.end(this, passed);
  }

  /// What was found when nothing could happen any more, or too much had.
  @Nullable Stuck stuck() {
    return stuck;
  }

  /// Whether tasks had to be left where they were.
  boolean isAbandoned() {
    return abandoned;
  }

  int run() {
    return run;
  }

  int steps() {
    return steps;
  }

  int longest() {
    return longest;
  }

  Actor main() {
    return main;
  }

  /// Says what only matters if no run fails.
  void passed() {
    if (monitorsCrowded) {
      uncontrolled.note(
          "monitors: several tasks waited to enter some at a time, and whom the JVM lets in first is"
              + " not explored; use a lock of java.util.concurrent or Thrum's Mutex");
    }
  }

  Uncontrolled uncontrolled() {
    return uncontrolled;
  }

  /// Whether the run is so long already that the loop's own order is taken from here on.
  private boolean isTakenOver() {
    takenOver |=
        !strategy.isFair() && steps > Math.min(limits.steps / 2, Math.max(1_000, 3 * longest));
    return takenOver;
  }

  /// Whether the strategy was not asked for all of the last run.
  boolean wasTakenOver() {
    return takenOver;
  }

  // For strategies

  Actor actor(int index) {
    return offer.actor(index);
  }

  Kind kind(int index) {
    return offer.kind(index);
  }

  /// A number for the choice that is the same in every run.
  int key(int index) {
    return offer.key(index);
  }

  /// How many of the choices are no extras: injected cancellations and timers before their time
  /// stand behind them.
  int plain() {
    return offer.plain();
  }

  /// Who took the last step.
  @Nullable Actor last() {
    return last;
  }

  /// The choice that goes on with who ran last, for as long as that is fair.
  int stay() {
    if (streak < STREAK) {
      for (int i = 0; i < offer.plain(); i++) {
        if (last != null && offer.isStepOf(i, last)) {
          return i;
        }
      }
      return 0;
    }
    return last != null && offer.plain() > 1 && offer.isStepOf(0, last) ? 1 : 0;
  }

  /// How often that has happened in this run.
  int count(int index) {
    return count(offer.actor(index), offer.kind(index));
  }

  static int count(Actor actor, Kind kind) {
    return switch (kind) {
      case RUN -> actor.steps;
      case FIRE -> actor.fires;
      case SKEW, REST -> actor.clock;
      case CANCEL -> actor.cancels;
    };
  }

  // Steering

  @Override
  public Object started(Steered task, @Nullable Steered creator) {
    Actor actor;
    if (creator != null && creator.mark() instanceof Actor parent) {
      actor = parent.nextChild();
      parent.unspawned -= actor.expectedWithChildren;
    } else {
      actor = task.owner() == null ? main : main.submitted(++submissions);
    }
    actor.begin(run, task);
    return actor;
  }

  @Override
  public int next(Menu menu) {
    stepEnded();
    offer(menu);
    if (!parked.isEmpty() && Monitors.isOneUnderWay(parked)) {
      Thread.onSpinWait();
      return AGAIN;
    }
    if (steps >= limits.steps) {
      return tooLong(menu);
    }
    boolean idle = offer.plain() == 0;
    if (idle && (unwinding || patience.isTried() || injected == limits.cancellations)) {
      return nothing(menu);
    }
    if (idle && !parked.isEmpty() && Monitors.settle(parked)) {
      return AGAIN;
    }
    if (!unwinding) {
      offerExtras(menu);
    }
    int count = offer.size();
    if (footprints != null) {
      footprints.offered(this, count);
    }
    int pick = count == 1 ? 0 : pick(count);
    if (offer.kind(pick) != Kind.REST && patience.rewarded()) {
      uncontrolled.note("another thread: it ended a wait after the loop had nothing left to do");
    }
    return take(menu, pick);
  }

  /// Writes down what there is: timers that are due, as a loop fires them first, then the ready
  /// tasks.
  private void offer(Menu menu) {
    int ready = menu.ready();
    int due = menu.due();
    offer.clear();
    for (int i = 0; i < due; i++) {
      offer.add(actorOf(menu.due(i)), Kind.FIRE, ready + i);
    }
    for (int i = 0; i < ready; i++) {
      Actor actor = actorOf(menu.ready(i));
      if (!actor.goesLast || ready + due == 1) {
        offer.add(actor, Kind.RUN, i);
      }
    }
    if (offer.size() == 0) { // all go last
      for (int i = 0; i < ready; i++) {
        offer.add(actorOf(menu.ready(i)), Kind.RUN, i);
      }
    }
    offer.extrasFollow();
  }

  /// Adds what is only possible because it was asked for. When nothing is ready, that stands beside
  /// the possibility that everybody goes on waiting.
  private void offerExtras(Menu menu) {
    if (offer.plain() == 0) {
      offer.add(main, Kind.REST, 0);
      offer.extrasFollow();
    } else if (limits.timeSkew && menu.due() == 0 && menu.earliest() != Long.MAX_VALUE) {
      offer.add(main, Kind.SKEW, 0);
    }
    if (injected < limits.cancellations) {
      offerCancellations();
    }
  }

  /// A cancellation is offered at every step: what others have done meanwhile, who has queued up
  /// behind the task or how far its children are, makes it another one.
  private void offerCancellations() {
    for (int i = limits.cancelMain ? 0 : 1; i < main.all.size(); i++) {
      Actor actor = main.all.get(i);
      if (!actor.isOf(run) || actor.steps == 0) {
        continue;
      }
      Steered task = Objects.requireNonNull(actor.task);
      if (!task.isOver() && !task.mustLeave()) {
        offer.add(actor, Kind.CANCEL, 0);
      }
    }
  }

  private int pick(int count) {
    if (unwinding || isTakenOver()) {
      return 0;
    }
    int pick = strategy.pick(this, count);
    bounds.add(count);
    picks.add(pick);
    if (recorder != null) {
      recorder.chosen(this, pick, count);
    }
    return pick;
  }

  private int take(Menu menu, int pick) {
    Actor actor = offer.actor(pick);
    Kind kind = offer.kind(pick);
    uses = 0;
    trace.add(key(pick));
    if (recorder != null) {
      recorder.begins(this, actor, kind);
    }
    if (footprints != null) {
      footprints.begin(actor, kind);
    }
    return switch (kind) {
      case RUN -> {
        streak = actor == last ? streak + 1 : 0;
        last = actor;
        running = actor;
        actor.steps++;
        steps++;
        if (actor.goesLast && footprints != null) {
          footprints.usesEverything();
        }
        actor.goesLast = false;
        yield offer.place(pick);
      }
      case FIRE -> {
        actor.fires++;
        steps++;
        yield offer.place(pick);
      }
      case SKEW -> {
        actor.clock++;
        nanos = menu.earliest();
        yield AGAIN;
      }
      case REST -> {
        actor.clock++;
        yield nothing(menu);
      }
      case CANCEL -> {
        injected++;
        actor.cancels++;
        Objects.requireNonNull(actor.task).cancel("cancelled by the exploration");
        yield AGAIN;
      }
    };
  }

  private void stepEnded() {
    Actor actor = running;
    if (actor == null) {
      return;
    }
    running = null;
    Steered task = Objects.requireNonNull(actor.task);
    if (recorder != null) {
      recorder.ended(this, actor);
    }
    if (task.isInJdk()) {
      if (task.thread().getState() == Thread.State.TIMED_WAITING) {
        uncontrolled.realTime(task);
      }
      if (footprints != null) {
        footprints.incomplete();
      }
      monitorsCrowded |= Monitors.isBlocked(actor) && parked.stream().anyMatch(Monitors::isBlocked);
      actor.underWay = false;
      parked.add(actor);
    }
  }

  private Actor actorOf(Steered task) {
    Actor actor = (Actor) Objects.requireNonNull(task.mark());
    if (!parked.isEmpty()) {
      parked.remove(actor);
    }
    return actor;
  }

  /// Lets a task run next only when nothing else can happen at this time.
  ///
  /// @param task the running task, which is about to yield
  public void goesLast(Steered task) {
    ((Actor) Objects.requireNonNull(task.mark())).goesLast = true;
    if (footprints != null) {
      footprints.usesEverything();
    }
  }

  // When nothing is ready

  private int nothing(Menu menu) {
    boolean realTime = isAnyTimed();
    if (menu.earliest() != Long.MAX_VALUE && !menu.hasOutsideWork() && !realTime) {
      nanos = Math.max(nanos, menu.earliest());
      if (footprints != null) {
        footprints.jumped();
      }
      return AGAIN;
    }
    if (menu.hasOutsideWork()) {
      uncontrolled.outsideWork(Waiting.of(main, run));
    }
    if (menu.hasOutsideWork() || realTime) {
      return patience.lasts() ? WAIT : stuck(menu, true);
    }
    if (!parked.isEmpty() && Monitors.settle(parked)) {
      return AGAIN;
    }
    // Another thread may complete a future, or end a wait of the JDK, as well as a task may.
    boolean others = menu.hasOpenFutures() || !parked.isEmpty();
    return others && patience.lastsForOthers() ? WAIT : stuck(menu, false);
  }

  private boolean isAnyTimed() {
    for (Actor actor : parked) {
      if (Objects.requireNonNull(actor.task).thread().getState() == Thread.State.TIMED_WAITING) {
        return true;
      }
    }
    return false;
  }

  private int stuck(Menu menu, boolean workOutside) {
    if (unwinding) {
      abandoned = true;
      return STOP;
    }
    patience.givenUp();
    List<Waiting> waits = Waiting.of(main, run);
    return end(menu, workOutside ? Stuck.givenUp(waits) : Stuck.deadlock(waits));
  }

  /// The run has come to no end: the main task fails, and the others are cancelled with it.
  private int end(Menu menu, Stuck found) {
    stuck = found;
    unwind();
    menu.fail(found.toThrowable());
    return AGAIN;
  }

  private int tooLong(Menu menu) {
    if (!unwinding) {
      return end(menu, Stuck.livelock(limits.steps, Waiting.of(main, run), starving()));
    }
    if (steps >= limits.steps + UNWINDING_STEPS) {
      abandoned = true;
      return STOP;
    }
    return offer.plain() == 0 ? nothing(menu) : take(menu, 0);
  }

  /// A step that goes round and round, such as a loop that catches its own cancellation: there is
  /// no other way to end it than to throw something that it does not expect.
  private Throwable endless(Actor actor) {
    uses = 0;
    Stuck found = Stuck.endless(Objects.requireNonNull(actor.task).name(), MOST_USES);
    if (stuck == null) {
      stuck = found;
    }
    return found.toThrowable();
  }

  /// Who takes part in a livelock: the tasks that ran last.
  private List<Actor> starving() {
    List<Actor> found = new ArrayList<>();
    for (int i = Math.max(0, trace.size() - 100); i < trace.size(); i++) {
      Actor actor = main.all.get(trace.get(i) / Kind.COUNT);
      if (!found.contains(actor)) {
        found.add(actor);
      }
    }
    return found;
  }

  private void unwind() {
    unwinding = true;
    if (recorder != null) {
      recorder.unwinding();
    }
    recorder = null;
    footprints = null;
  }

  // The other sources of chance

  @Override
  public int choose(int bound) {
    if (bound < 2 || unwinding || isTakenOver()) {
      return 0;
    }
    int drawn = strategy.draw(this, bound);
    Actor by = drawing();
    bounds.add(bound);
    picks.add(drawn);
    if (recorder != null) {
      recorder.drew(by, drawn);
    }
    by.draws++;
    return drawn;
  }

  /// Who draws now: the running task; for a timer that no task has set, the main one.
  Actor drawing() {
    return running == null ? main : running;
  }

  @Override
  public void disturbed(Thread by) {
    if (uncontrolled.disturbed(by)) {
      patience.encouraged();
    }
  }

  @Override
  public void touched(Object what, Touch how) {
    // Only where an operation begins: elsewhere the loop may be in the middle of a change.
    if (++uses > MOST_USES && how == Touch.READ && running != null && what == running.task) {
      throw Sneaky.sneak(endless(running));
    }
    if (footprints != null) {
      footprints.touched(what, how);
    }
  }

  @Override
  public void created(Object what) {
    if (footprints != null && running != null) {
      footprints.created(what, running);
    }
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return START.plusNanos(nanos);
  }

  @Override
  public Duration idle(Duration untilTimer, boolean outside) {
    return Duration.ofMillis(10);
  }
}
