package dev.thrum;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tasks in the order in which they end. To be iterated once.
final class Completion<T extends @Nullable Object> implements Iterator<Task<? extends T>> {
  private final ArrayDeque<Task<? extends T>> ended = new ArrayDeque<>();
  private final Set<TaskImpl<? extends T>> open = new LinkedHashSet<>();
  private final TaskImpl<?> waiter;
  private boolean foreign;

  private Completion(TaskImpl<?> waiter, Collection<? extends Task<? extends T>> tasks) {
    this.waiter = waiter;
    for (Task<? extends T> task : tasks) {
      TaskImpl<? extends T> one = (TaskImpl<? extends T>) task;
      foreign |= one.loop != waiter.loop;
      if (open.add(one)) {
        one.whenEnded(waiter.loop, () -> end(one));
      }
    }
  }

  static <T extends @Nullable Object> Iterable<Task<? extends T>> of(
      Collection<? extends Task<? extends T>> tasks) {
    Completion<T> completion = new Completion<>(TaskImpl.current("asCompleted(…)"), tasks);
    boolean[] iterated = {false};
    return () -> {
      if (iterated[0]) {
        throw new IllegalStateException("asCompleted(…) can be iterated once; call it again");
      }
      iterated[0] = true;
      return completion;
    };
  }

  private void end(TaskImpl<? extends T> task) {
    if (open.remove(task)) {
      ended.add(task);
      waiter.wakeFrom(this);
    }
  }

  @Override
  public boolean hasNext() {
    return !ended.isEmpty() || !open.isEmpty();
  }

  @Override
  public Task<? extends T> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (TaskImpl.currentOrNull() != waiter) {
      throw new IllegalStateException(
          "asCompleted(…) belongs to " + waiter + ", which called it; iterate there");
    }
    waiter.enter();
    if (!ended.isEmpty()) {
      waiter.passed();
    }
    int outside = foreign ? 1 : 0;
    waiter.loop.outside += outside;
    try {
      while (ended.isEmpty()) {
        if (waiter.park(this) instanceof Cancellation pending) {
          throw waiter.cancelled(pending);
        }
      }
    } finally {
      waiter.loop.outside -= outside;
    }
    return ended.remove();
  }

  @Override
  public String toString() {
    return "the next of " + open;
  }
}
