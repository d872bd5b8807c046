package dev.thrum;

import dev.thrum.internal.engine.Fiber;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes down what happens on the loop and delivers it to the instruments.
///
/// They may block, on a lock that a task holds for instance, which the loop's own code must not. So
/// a fiber of the loop delivers: it runs after a step that left events, before the next one, and
/// while it is blocked the loop goes on without it.
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

  private record Done(Task<?> task, long nanos) implements Event {
    @Override
    public void deliver(Instrument to) {
      to.done(task, nanos);
    }
  }

  private final LoopImpl loop;
  private final List<Instrument> sinks = new ArrayList<>();
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private @Nullable Fiber pump;
  private boolean active;
  private boolean pumpIdle;
  private boolean pumpReady;
  private boolean closing;

  Instruments(LoopImpl loop, List<Instrument> first) {
    this.loop = loop;
    first.forEach(this::add);
  }

  void add(Instrument instrument) {
    if (!sinks.contains(instrument)) {
      sinks.add(instrument);
      active = true;
    }
  }

  void remove(Instrument instrument) {
    sinks.remove(instrument);
    active = !sinks.isEmpty();
  }

  void spawned(TaskImpl<?> task) {
    if (active) {
      events.add(new Spawned(task, loop.nanos()));
    }
  }

  void ready(TaskImpl<?> task) {
    if (active) {
      events.add(new Ready(task, loop.nanos()));
    }
  }

  void stepBegin(TaskImpl<?> task) {
    if (active) {
      events.add(new StepBegin(task, loop.nanos()));
    }
  }

  void stepEnd(TaskImpl<?> task) {
    if (active) {
      events.add(new StepEnd(task, loop.nanos()));
    }
  }

  void blocked(TaskImpl<?> task, Object on) {
    if (active) {
      events.add(new Blocked(task, on, loop.nanos()));
    }
  }

  void done(TaskImpl<?> task) {
    if (active) {
      events.add(new Done(task, loop.nanos()));
    }
  }

  // The fiber that delivers

  /// Whether that fiber should run now.
  boolean isDue() {
    if (!active && pump == null) {
      return false;
    }
    Fiber fiber = pump;
    if (fiber == null) {
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
        Log.warn("instrument " + sink + " failed and was removed", broken);
      }
    }
  }

  /// The run is over: delivers what is left and ends the fiber, unless an instrument blocks it.
  void close() {
    closing = true;
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
