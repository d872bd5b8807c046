package dev.thrum.data.run;

import dev.thrum.Async;
import dev.thrum.Scope;
import dev.thrum.data.graph.Operator;
import dev.thrum.sync.Semaphore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Collects elements to lists.
final class BatchStage extends Stage {
  private final Scope scope;
  private final Operator.Batched how;
  private final Semaphore turn = Semaphore.create("handing on", 1);
  private List<Object> open = new ArrayList<>();
  private Instant due = Instant.MIN;
  private boolean watched;

  BatchStage(String name, Stage next, Scope scope, Operator.Batched how) {
    super(name, next);
    this.scope = scope;
    this.how = how;
  }

  @Override
  void accept(Object element) throws Exception {
    turn.withPermit(() -> {
      open.add(element);
      if (open.size() == how.size()) {
        close();
      } else if (open.size() == 1) {
        due = Async.now().plus(how.longest());
        watch();
      }
    });
  }

  /// One task at a time looks whether the open list has waited long enough.
  private void watch() {
    if (!watched) {
      watched = true;
      var _ = scope.background(this::closeInTime);
    }
  }

  private void closeInTime() throws Exception {
    while (!open.isEmpty()) {
      if (Async.now().isBefore(due)) {
        Async.sleepUntil(due);
        continue;
      }
      turn.withPermit(() -> {
        if (!Async.now().isBefore(due)) {
          close();
        }
      });
    }
    watched = false;
  }

  private void close() throws Exception {
    if (!open.isEmpty()) {
      List<Object> full = List.copyOf(open);
      open = new ArrayList<>();
      give(full);
    }
  }

  @Override
  void barrier(Barrier barrier) throws Exception {
    turn.withPermit(() -> {
      barrier.save(name, open);
      next().barrier(barrier);
    });
  }

  @Override
  void restore(Saved saved) throws Exception {
    takeAgain(saved);
  }

  @Override
  void end() throws Exception {
    turn.withPermit(() -> {
      close();
    });
    next().end();
  }
}
