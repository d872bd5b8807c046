package dev.thrum.data.run;

import dev.thrum.sync.Event;
import dev.thrum.sync.Semaphore;
import java.util.Optional;

/// Puts the elements of several inputs one behind the other. A barrier goes on when it has come
/// from all of them; from which it has come, nothing is taken meanwhile.
final class MergeStage extends Stage {
  private final Semaphore turn = Semaphore.create("a merge", 1);
  private int open;
  private int there;
  private Event passed = Event.create("a barrier of all inputs");
  private Optional<Barrier> barrier = Optional.empty();

  MergeStage(String name, Stage next, int inputs) {
    super(name, next);
    this.open = inputs;
  }

  @Override
  void accept(Object element) throws Exception {
    turn.withPermit(() -> {
      give(element);
    });
  }

  @Override
  void barrier(Barrier next) throws Exception {
    barrier = Optional.of(next);
    there++;
    Event mine = passed;
    if (there == open) {
      pass();
    } else {
      mine.await();
    }
  }

  private void pass() throws Exception {
    turn.withPermit(() -> {
      next().barrier(barrier.orElseThrow());
    });
    there = 0;
    passed.set();
    passed = Event.create("a barrier of all inputs");
  }

  /// Of one of the inputs.
  @Override
  void end() throws Exception {
    open--;
    if (open == 0) {
      next().end();
    } else if (there == open) {
      pass();
    }
  }
}
