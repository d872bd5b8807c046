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
    turn.acquire();
    try {
      open.add(element);
      if (open.size() == how.size()) {
        close();
      } else if (open.size() == 1) {
        due = Async.now().plus(how.longest());
        watch();
      }
    } finally {
      turn.release();
    }
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
      turn.acquire();
      try {
        if (!Async.now().isBefore(due)) {
          close();
        }
      } finally {
        turn.release();
      }
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
    turn.acquire();
    try {
      barrier.save(name, open);
      next().barrier(barrier);
    } finally {
      turn.release();
    }
  }

  @Override
  void restore(Saved saved) throws Exception {
    if (saved.state(name).orElse(List.of()) instanceof List<?> elements) {
      for (Object element : elements) {
        take(element);
      }
    }
  }

  @Override
  void end() throws Exception {
    turn.acquire();
    try {
      close();
    } finally {
      turn.release();
    }
    next().end();
  }
}
