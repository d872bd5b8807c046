package dev.thrum;

import dev.thrum.internal.Menu;
import dev.thrum.internal.Steered;
import dev.thrum.internal.Timer;
import java.util.ArrayList;
import java.util.List;

/// What a loop can do next, for who steers it: its ready queue, and the timers that are due.
final class LoopMenu implements Menu {
  private final LoopImpl loop;
  private final List<Timer> due = new ArrayList<>(0);

  LoopMenu(LoopImpl loop) {
    this.loop = loop;
  }

  /// Timers that no task chose to set fire by themselves.
  void findDue() {
    due.clear();
    if (loop.timers.earliest() > loop.nanos()) {
      return;
    }
    loop.timers.due(loop.nanos(), due);
    for (int i = due.size() - 1; i >= 0; i--) {
      if (!(due.get(i) instanceof ScopeImpl)) {
        loop.timers.fire(due.remove(i));
      }
    }
  }

  void fire(int index) {
    loop.timers.fire(due.get(index));
  }

  @Override
  public int ready() {
    return loop.ready.size();
  }

  @Override
  public Steered ready(int index) {
    return (Steered) loop.ready.get(index).owner();
  }

  @Override
  public int due() {
    return due.size();
  }

  @Override
  public Steered due(int index) {
    return ((ScopeImpl) due.get(index)).host;
  }

  @Override
  public long earliest() {
    long earliest = loop.timers.earliest();
    return earliest == Long.MAX_VALUE ? earliest : earliest + loop.origin;
  }

  @Override
  public boolean hasOutsideWork() {
    return loop.outside > loop.futures;
  }

  @Override
  public boolean hasOpenFutures() {
    return loop.futures > 0;
  }

  @Override
  public void fail(Throwable failure) {
    loop.main().fail(failure, "the loop");
  }

  @Override
  public Steered main() {
    return loop.main();
  }
}
