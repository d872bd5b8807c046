package dev.thrum;

import dev.thrum.inspect.Trace;
import dev.thrum.internal.engine.Fiber;
import dev.thrum.internal.flight.Flight;
import dev.thrum.internal.flight.Prompt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Takes down what happens on the loop and delivers it to the instruments.
///
/// They may block, on a lock that a task holds for instance, which the loop's own code must not. So
/// a fiber of the loop delivers: it runs after a step that left events, before the next one, and
/// while it is blocked the loop goes on without it. Only what is [Prompt] is told at once.
final class Instruments {
  private sealed interface Event {
    void deliver(Instrument to);
  }

  private record Spawned(Task<?> task, long nanos) implements Event {
    @Override
    public void deliver(Instrument to) {
      to.spawned(task, nanos);
    }
  }

  private record Ready(Task<?> task, long nanos) implements Event {
    @Override
    public void deliver(Instrument to) {
      to.ready(task, nanos);
    }
  }

  private record StepBegin(Task<?> task, long nanos) implements Event {
    @Override
    public void deliver(Instrument to) {
      to.stepBegin(task, nanos);
    }
  }

  private record StepEnd(Task<?> task, long nanos) implements Event {
    @Override
    public void deliver(Instrument to) {
      to.stepEnd(task, nanos);
    }
  }

  private record Blocked(Task<?> task, Object on, long nanos) implements Event {
    @Override
    public void deliver(Instrument to) {
      to.blocked(task, on, nanos);
    }
  }

  private record Cancelled(Task<?> task, long nanos) implements Event {
    @Override
    public void deliver(Instrument to) {
      to.cancelled(task, nanos);
    }
  }

  private record Done(Task<?> task, long nanos) implements Event {
    @Override
    public void deliver(Instrument to) {
      to.done(task, nanos);
    }
  }

  private static final long CLOSE_NANOS = 1_000_000_000;
  private static final long LOOK_NANOS = 100_000;

  private final LoopImpl loop;
  private final List<Instrument> sinks = new ArrayList<>();
  private final List<Instrument> prompt = new ArrayList<>(0);
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private @Nullable Fiber pump;
  private boolean active;
  private boolean pumpIdle;
  private boolean pumpReady;
  private boolean closing;
  private boolean over;

  Instruments(LoopImpl loop, List<Instrument> first) {
    this.loop = loop;
    first.forEach(this::add);
    if (System.getProperty(Trace.PROPERTY) != null) {
      add(Trace.configured().orElseThrow());
    }
    if (loop.steering == null) { // nobody follows the recordings of explored runs
      Flight.atStart(loop).forEach(this::add);
    }
  }

  void add(Instrument instrument) {
    List<Instrument> among = instrument instanceof Prompt ? prompt : sinks;
    if (!among.contains(instrument)) {
      among.add(instrument);
      active = true;
    }
  }

  void remove(Instrument instrument) {
    prompt.remove(instrument);
    sinks.remove(instrument);
    active = !sinks.isEmpty() || !prompt.isEmpty();
  }

  private void take(Event event) {
    for (int i = 0; i < prompt.size(); i++) {
      Instrument told = prompt.get(i);
      try {
        event.deliver(told);
      } catch (StackOverflowError | OutOfMemoryError tooDeep) {
        // The task that runs has left no room for it, and the instrument does without.
      } catch (Throwable broken) {
        remove(told);
        Thread.ofPlatform().daemon().name("thrum-instrument").start(() -> warn(told, broken));
      }
    }
    if (!sinks.isEmpty()) {
      events.add(event);
    }
  }

  void spawned(TaskImpl<?> task) {
    if (active) {
      take(new Spawned(task, loop.nanos()));
    }
  }

  void ready(TaskImpl<?> task) {
    if (active) {
      take(new Ready(task, loop.nanos()));
    }
  }

  void stepBegin(TaskImpl<?> task) {
    if (active) {
      take(new StepBegin(task, loop.nanos()));
    }
  }

  void stepEnd(TaskImpl<?> task) {
    if (active) {
      take(new StepEnd(task, loop.nanos()));
    }
  }

  void blocked(TaskImpl<?> task, Object on) {
    if (active) {
      take(new Blocked(task, on, loop.nanos()));
    }
  }

  void cancelled(TaskImpl<?> task) {
    if (active) {
      take(new Cancelled(task, loop.nanos()));
    }
  }

  void done(TaskImpl<?> task) {
    if (active) {
      take(new Done(task, loop.nanos()));
    }
  }

  // The fiber that delivers

  /// Whether that fiber should run now.
  boolean isDue() {
    Fiber fiber = pump;
    if (fiber == null) {
      if (events.isEmpty()) {
        return false;
      }
      fiber = loop.engine().fiber(this, "thrum-instruments", this::deliverAll);
      pump = fiber;
      fiber.start();
    } else if (pumpIdle && (closing || !events.isEmpty())) {
      pumpIdle = false;
      fiber.resume();
    }
    return pumpReady;
  }

  @Nullable Fiber pump() {
    pumpReady = false;
    return pump;
  }

  void pumpReady() {
    pumpReady = true;
  }

  private void deliverAll() {
    while (!closing || !events.isEmpty()) {
      Event event = events.poll();
      if (event == null) {
        pumpIdle = true;
        waitForEvents();
      } else {
        deliver(event);
      }
    }
    over = true;
  }

  private void waitForEvents() {
    while (pumpIdle) {
      Fiber fiber = pump;
      if (fiber != null) {
        fiber.suspend(this);
      }
    }
  }

  private void deliver(Event event) {
    for (Instrument sink : List.copyOf(sinks)) {
      try {
        event.deliver(sink);
      } catch (Throwable broken) {
        remove(sink);
        warn(sink, broken);
      }
    }
  }

  private static void warn(Instrument removed, Throwable failure) {
    Log.warn("instrument " + removed + " failed and was removed", failure);
  }

  /// The run is over: delivers what is left and ends the fiber. One that waits for a lock is waited
  /// for, or it would be given the lock when it can run no more, and keep it; but not for ever.
  void close() {
    closing = true;
    long end = System.nanoTime() + CLOSE_NANOS;
    while (true) {
      deliverNow();
      if (pump == null || over || System.nanoTime() >= end) {
        return;
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
      loop.takeIn();
    }
  }

  private void deliverNow() {
    while (isDue()) {
      Fiber last = loop.next();
      if (last == null) {
        return;
      }
      last.step();
      loop.engine().awaitTurn();
    }
  }
}
