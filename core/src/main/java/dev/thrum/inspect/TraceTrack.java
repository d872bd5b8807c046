package dev.thrum.inspect;

import dev.thrum.Task;
import dev.thrum.internal.Steered;
import dev.thrum.internal.WaitText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What happens on one loop, as events of a trace.
///
/// **A step is written as a whole** when it has ended: its slice, the ends of tasks in it, and the
/// arrows that lead to it, both ends of each. So whatever is left out, the rest fits together: an
/// arrow is written only if the slice that it comes from was.
///
/// **Times.** Each is later than the one before, by a nanosecond if the clock did not move, so that
/// what happens at one time of a virtual clock has an order too.
///
/// Used by the thread in which the loop delivers events; [TraceFile]'s thread takes what there is
/// now and then, so that all of it is done in the object's monitor.
final class TraceTrack {
  private static final int CHUNK = 1 << 16;

  /// Why a task will run: what happened, and in which step.
  private record Cause(String kind, Step in, long at) {}

  private static final class Step {
    final Task<?> task;
    final long begin;

    /// Until it is written: else each step would keep those alive that led to it, and these theirs.
    List<Cause> causes;

    String then = "goes on in a call of the JDK";
    @Nullable String waitsFor;
    boolean written;

    Step(Task<?> task, long begin, List<Cause> causes) {
      this.task = task;
      this.begin = begin;
      this.causes = causes;
    }
  }

  private final TraceFile file;
  private final int number;
  private final long origin;
  private final Map<Task<?>, List<Cause>> due = new HashMap<>();
  private final TraceText text = new TraceText();
  private StringBuilder chunk = new StringBuilder(CHUNK);
  private @Nullable Step running;
  private long last = -1;
  private long leftOut;
  private boolean over;

  /// @param origin the loop's time 0, on the clock of the trace
  TraceTrack(TraceFile file, int number, String name, long origin) {
    this.file = file;
    this.number = number;
    this.origin = origin;
    event("M").text("name", "thread_name").args().text("name", name).endWithArgs();
    event("M").text("name", "thread_sort_index").args();
    text.number("sort_index", number).endWithArgs();
    var _ = write();
  }

  private TraceText event(String phase) {
    return text.event(phase, file.process(), number);
  }

  private long stamp(long nanos) {
    last = Math.max(origin + nanos, last + 1);
    return last;
  }

  // What happens

  synchronized void begin(Task<?> task, long nanos) {
    List<Cause> causes = due.remove(task);
    running = new Step(task, stamp(nanos), causes == null ? List.of() : causes);
    stamp(nanos); // for the arrows that come in
  }

  synchronized void end(Task<?> task, long nanos) {
    Step step = running;
    running = null;
    if (step != null && step.task == task) {
      write(step, stamp(nanos));
    }
    over |= task.id() == 1 && task.isDone();
  }

  synchronized void blocked(Task<?> task, Object on) {
    Step step = running;
    if (step != null && step.task == task) {
      step.then = "waits";
      step.waitsFor = WaitText.of(task, on);
    }
  }

  synchronized void caused(String kind, Task<?> task, long nanos) {
    Step step = running;
    if (step == null) {
      return;
    }
    if (step.task == task) {
      step.then = "lets others run";
      return;
    }
    List<Cause> causes = due.computeIfAbsent(task, _ -> new ArrayList<>(1));
    // Who is started or cancelled becomes ready with that.
    if (causes.isEmpty() || causes.getLast().in != step) {
      causes.add(new Cause(kind, step, stamp(nanos)));
    }
  }

  synchronized void done(Task<?> task, long nanos) {
    due.remove(task);
    Throwable failure = ((Steered) task).failedWith();
    String outcome =
        switch (task.state()) {
          case FAILED -> failure == null ? "failed" : "failed: " + describe(failure);
          case CANCELLED -> "cancelled";
          default -> "succeeded";
        };
    Step step = running;
    if (step != null && step.task == task) {
      step.then = outcome;
    }
    // Kept until the step is written, whose slice it is in.
    event("i").at(stamp(nanos)).text("s", "t").text("name", task.name() + " " + outcome);
    text.args().number("task", task.id()).text("outcome", outcome).endWithArgs();
  }

  /// The program's own code may be part of it, and fail.
  private static String describe(Throwable failure) {
    try {
      return failure.toString();
    } catch (RuntimeException e) {
      return failure.getClass().getName();
    }
  }

  // Writing

  private void write(Step step, long end) {
    event("X").at(step.begin).micros("dur", end - step.begin);
    text.text("name", step.task.name()).text("cat", "step").args();
    text.number("task", step.task.id()).text("then", step.then);
    if (step.waitsFor != null) {
      text.text("waits for", step.waitsFor);
    }
    text.endWithArgs();
    for (Cause cause : step.causes) {
      if (cause.in.written) {
        long id = file.nextArrow();
        arrow("s", cause, id, cause.at).end();
        arrow("f", cause, id, step.begin + 1).text("bp", "e").end();
      }
    }
    step.causes = List.of();
    step.written = write();
  }

  private TraceText arrow(String phase, Cause cause, long id, long at) {
    return event(phase).at(at).number("id", id).text("name", cause.kind).text("cat", "cause");
  }

  /// Puts the text of an event or more into the chunk.
  private boolean write() {
    boolean fits = chunk.length() + text.length() <= CHUNK || handOver();
    if (fits) {
      chunk.append(text.content());
    } else if (!file.isFull()) {
      leftOut++;
      file.leftOut();
    }
    text.clear();
    return fits;
  }

  private boolean handOver() {
    if (file.isFull() || !file.offer(chunk)) {
      return false;
    }
    chunk = new StringBuilder(CHUNK);
    if (leftOut > 0) {
      String what = leftOut + " steps are missing: the file takes them too slowly";
      TraceText note = new TraceText().event("i", file.process(), number).at(last);
      chunk.append(note.text("s", "t").text("name", what).end().content());
      leftOut = 0;
    }
    return true;
  }

  /// Whether the main task's last step has ended, and with it the loop.
  synchronized boolean isOver() {
    return over;
  }

  /// What has been written since the last time.
  synchronized @Nullable StringBuilder take() {
    if (chunk.isEmpty()) {
      return null;
    }
    StringBuilder taken = chunk;
    chunk = new StringBuilder(CHUNK);
    return taken;
  }
}
