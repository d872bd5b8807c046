package dev.thrum.internal.flight;

import dev.thrum.Instrument;
import dev.thrum.Loop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// What is done once somebody records. The events are made known here, and the loops are watched
/// while a recording asks for those of their tasks.
final class Recorder {
  private static final List<Class<? extends Event>> EVENTS =
      List.of(
          TaskSpawnEvent.class,
          TaskEndEvent.class,
          TaskStepEvent.class,
          TaskBlockedEvent.class,
          StallEvent.class);

  private static final Map<Loop, TaskEvents> WATCHED = new ConcurrentHashMap<>();
  private static volatile @Nullable Runnable statistics;

  static {
    EVENTS.forEach(FlightRecorder::register);
    FlightRecorder.addPeriodicEvent(LoopStatisticsEvent.class, Recorder::tellStatistics);
  }

  private Recorder() {}

  static List<Instrument> atStart(Loop loop) {
    if (!TaskEvents.areEnabled()) {
      return List.of();
    }
    TaskEvents events = new TaskEvents();
    WATCHED.put(loop, events);
    return List.of(events, events.words());
  }

  static void tick(Map<? extends Loop, Supplier<Figures>> figures) {
    statistics = () -> figures.forEach(Recorder::tell);
    boolean wanted = TaskEvents.areEnabled();
    for (Loop loop : figures.keySet()) {
      if (wanted) {
        WATCHED.computeIfAbsent(loop, Recorder::attach);
      } else {
        TaskEvents events = WATCHED.remove(loop);
        if (events != null) {
          loop.detach(events);
          loop.detach(events.words());
        }
      }
    }
    WATCHED.keySet().removeIf(Loop::isClosed);
  }

  private static TaskEvents attach(Loop loop) {
    TaskEvents events = new TaskEvents();
    loop.attach(events);
    loop.attach(events.words());
    return events;
  }

  private static void tellStatistics() {
    Runnable told = statistics;
    if (told != null) {
      told.run();
    }
  }

  private static void tell(Loop loop, Supplier<Figures> figures) {
    LoopStatisticsEvent event = new LoopStatisticsEvent();
    if (!loop.isClosed() && event.isEnabled()) {
      Figures now = figures.get();
      event.loop = loop.name();
      event.tasks = now.tasks();
      event.ready = now.ready();
      event.steps = now.steps();
      event.timers = now.timers();
      event.commit();
    }
  }
}
