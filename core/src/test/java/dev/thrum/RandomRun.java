package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static dev.thrum.Async.background;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.mapAll;
import static dev.thrum.Async.race;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.settle;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.supervise;
import static dev.thrum.Async.timeout;
import static dev.thrum.Async.timeoutOr;
import static java.time.Duration.ofMillis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One run of a random program with a virtual clock: its trace, and what it did wrong.
final class RandomRun {

  /// What a program fails with.
  static final class Bang extends Exception {
    private static final long serialVersionUID = 1L;

    Bang(int number) {
      super("bang " + number);
    }
  }

  /// A scope of the program: the body of a task, or what a step opened.
  private static final class Frame {
    final String name;
    final @Nullable Frame outer;
    final @Nullable Scope handle;
    boolean left;

    Frame(String name, @Nullable Frame outer, @Nullable Scope handle) {
      this.name = name;
      this.outer = outer;
      this.handle = handle;
    }
  }

  final List<String> trace = new ArrayList<>();
  final List<String> violations = new ArrayList<>();

  private final RandomProgram program;
  private final VirtualTime time = new VirtualTime();
  private final Map<Integer, Task<?>> tasks = new HashMap<>();
  private final Set<Throwable> thrown = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Throwable> heard = Collections.newSetFromMap(new IdentityHashMap<>());
  private @Nullable LoopImpl loop;
  private int bangs;

  private RandomRun(RandomProgram program) {
    this.program = program;
  }

  /// Runs it.
  ///
  /// @param watched whether an instrument watches, which must change nothing
  static RandomRun of(RandomProgram program, Runner.EngineChoice engine, boolean watched) {
    RandomRun run = new RandomRun(program);
    Runner.Builder builder = Runner.builder().time(run.time).engine(engine);
    builder.exceptionHandler((_, exception) -> run.heard.add(exception));
    if (watched) {
      builder.instrument(new Instrument() {});
    }
    run.run(builder.build());
    return run;
  }

  private void run(Runner runner) {
    String end;
    try {
      runner.run(() -> {
        loop = (LoopImpl) Loop.current();
        Frame frame = new Frame("main", null, null);
        body(frame, program.main());
      });
      end = "value";
    } catch (Throwable e) {
      heard.add(e);
      end = describe(e);
    }
    note("run ended: " + end);
    check();
  }

  private void check() {
    if (loop != null && loop.timers.size() > 0) {
      violations.add(loop.timers.size() + " timers are left");
    }
    tasks.forEach((id, task) -> {
      if (!task.isDone()) {
        violations.add("task " + id + " has not ended");
      } else if (task.state() == java.util.concurrent.Future.State.FAILED
          && task.exceptionNow() instanceof CancelledException) {
        violations.add("task " + id + " reports a cancellation as a failure");
      }
    });
    Set<Throwable> reachable = Collections.newSetFromMap(new IdentityHashMap<>());
    heard.forEach(one -> reach(one, reachable));
    for (Throwable one : thrown) {
      if (!reachable.contains(one)) {
        violations.add("lost: " + one.getMessage());
      }
    }
  }

  private static void reach(@Nullable Throwable from, Set<Throwable> reachable) {
    if (from != null && reachable.add(from)) {
      reach(from.getCause(), reachable);
      for (Throwable one : from.getSuppressed()) {
        reach(one, reachable);
      }
    }
  }

  private void note(String event) {
    trace.add(time.nanoTime() / 1_000_000 + " " + event);
  }

  private static String describe(Throwable e) {
    return e instanceof Bang ? e.getMessage() : e.getClass().getSimpleName();
  }

  // Interpreting

  /// A task's body.
  private void body(Frame frame, List<RandomProgram.Step> steps) throws Exception {
    String end = "ends";
    try {
      steps(frame, steps);
    } catch (Throwable e) {
      end = "ends with " + describe(e);
      throw e;
    } finally {
      note(frame.name + " " + end);
    }
  }

  private void steps(Frame frame, List<RandomProgram.Step> steps) throws Exception {
    int number = 0;
    for (RandomProgram.Step step : steps) {
      for (Frame at = frame; at != null; at = at.outer) {
        if (at.left) {
          violations.add(frame.name + " runs on after " + at.name + " was left");
        }
      }
      step(frame, frame.name + "." + number++, step);
    }
  }

  private void step(Frame frame, String name, RandomProgram.Step step) throws Exception {
    switch (step) {
      case RandomProgram.Nap(int millis) -> {
        sleep(ofMillis(millis));
        note(name + " slept");
      }
      case RandomProgram.Boom() -> {
        Bang bang = new Bang(bangs++);
        thrown.add(bang);
        note(name + " " + bang.getMessage());
        throw bang;
      }
      case RandomProgram.Spawn spawn -> spawn(frame, name, spawn);
      case RandomProgram.Block block -> block(frame, name, block);
      case RandomProgram.Try(var body, var cleanup) -> attempt(frame, name, body, cleanup);
      case RandomProgram.Stubborn(var body) -> {
        try {
          steps(frame, body);
        } catch (CancelledException _) {
          note(name + " swallows");
        }
      }
      case RandomProgram.Cancel(int id) -> {
        Task<?> task = tasks.get(id);
        if (task != null) {
          note(name + " cancels " + id + ": " + task.cancel("by " + name));
        }
      }
      case RandomProgram.CancelScope() -> {
        Scope handle = handleOf(frame);
        if (handle != null) {
          note(name + " cancels its scope: " + handle.cancel("by " + name));
        }
      }
      case RandomProgram.Move(int millis) -> {
        if (handleOf(frame) instanceof Timeout timeout && !timeout.expired()) {
          timeout.reschedule(ofMillis(millis));
        }
      }
      case RandomProgram.Await(int id) -> {
        Task<?> task = tasks.get(id);
        if (task != null) {
          await(task);
          note(name + " awaited " + id);
        }
      }
      case RandomProgram.AwaitAll(var ids) -> {
        List<Task<?>> started = new ArrayList<>();
        for (int id : ids) {
          if (tasks.containsKey(id)) {
            started.add(tasks.get(id));
          }
        }
        awaitAll(started);
        note(name + " awaited all of " + ids);
      }
      case RandomProgram.Many many -> many(frame, name, many);
    }
  }

  /// Of the scopes of the same task.
  private static @Nullable Scope handleOf(Frame frame) {
    return frame.handle;
  }

  private void spawn(Frame frame, String name, RandomProgram.Spawn spawn) {
    Frame inside = new Frame("t" + spawn.id(), frame, null);
    VoidBody<Exception> body = () -> body(inside, spawn.body());
    Task<?> task =
        spawn.daemon() ? background(body) : spawn.named() ? async("named", body) : async(body);
    tasks.put(spawn.id(), task);
    if (spawn.awaited()) {
      await(task);
      note(name + " awaited " + spawn.id());
    }
  }

  private void attempt(
      Frame frame, String name, List<RandomProgram.Step> body, List<RandomProgram.Step> cleanup)
      throws Exception {
    try {
      steps(frame, body);
    } catch (CancelledException e) {
      note(name + " passes its cancellation on");
      throw e;
    } catch (Exception e) {
      heard.add(e);
      note(name + " caught " + describe(e));
    } finally {
      if (!cleanup.isEmpty()) {
        cleanUp(frame, name, cleanup);
      }
    }
  }

  /// Failures of a cleanup would hide what it cleans up after; that is the program's own fault.
  private void cleanUp(Frame frame, String name, List<RandomProgram.Step> cleanup) {
    try {
      shield(() -> {
        Frame inside = new Frame(name + " cleanup", frame, null);
        try {
          steps(inside, cleanup);
        } finally {
          note(name + " cleaned up");
        }
      });
    } catch (Exception e) {
      heard.add(e);
    }
  }

  private void block(Frame frame, String name, RandomProgram.Block block) throws Exception {
    List<Frame> opened = new ArrayList<>();
    VoidBodyOf<@Nullable Scope, Exception> body =
        handle -> {
          Frame inside =
              new Frame(
                  name + " " + block.opening(), frame, handle == null ? frame.handle : handle);
          opened.add(inside);
          steps(inside, block.body());
        };
    try {
      switch (block.opening()) {
        case SCOPE -> scope((Scope s) -> body.run(s));
        case SUPERVISE -> supervise((Scope s) -> body.run(s));
        case TIMEOUT -> timeout(ofMillis(block.millis()), (Timeout t) -> body.run(t));
        case TIMEOUT_OR ->
            timeoutOr(
                ofMillis(block.millis()),
                "fallback",
                () -> {
                  body.run(null);
                  return "value";
                });
        case SHIELD -> shield(() -> body.run(null));
        case GRACE -> shield(ofMillis(block.millis()), () -> body.run(null));
        case NESTED_RUN -> Async.run(() -> body.run(null));
      }
      note(name + " left");
    } finally {
      opened.forEach(inside -> inside.left = true);
    }
  }

  /// Who fails before somebody wins is just no winner: nobody else hears of it.
  private void racer(Frame frame, List<RandomProgram.Step> steps) throws Exception {
    try {
      scope(_ -> {
        body(frame, steps);
      });
    } catch (CancelledException e) {
      throw e;
    } catch (Exception e) {
      heard.add(e);
      throw e;
    }
  }

  private void many(Frame frame, String name, RandomProgram.Many many) throws Exception {
    Frame all = new Frame(name + " " + many.how(), frame, null);
    List<Body<Integer, Exception>> bodies = new ArrayList<>();
    for (int i = 0; i < many.bodies().size(); i++) {
      int number = i;
      bodies.add(() -> {
        Frame inside = new Frame(name + "#" + number, all, null);
        if (many.how() == RandomProgram.Several.RACE) {
          racer(inside, many.bodies().get(number));
        } else {
          body(inside, many.bodies().get(number));
        }
        return number;
      });
    }
    try {
      switch (many.how()) {
        case GATHER -> note(name + " gathered " + gather(bodies));
        case RACE -> note(name + " won by " + race(bodies));
        case MAP -> note(name + " mapped " + mapAll(bodies, 2, Body::call));
        case SETTLE -> {
          // A failure that a cancelled settle cannot return goes to the handler.
          for (Outcome<Integer> outcome : settle(bodies)) {
            if (outcome instanceof Outcome.Failure<Integer>(Throwable failure)) {
              heard.add(failure);
            }
            note(name + " settled " + outcome.getClass().getSimpleName());
          }
        }
      }
    } finally {
      all.left = true;
    }
  }
}
