package dev.thrum;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who wants to know that a task has ended. Nearly always there is one, or none.
sealed interface Watchers {

  /// Tells them all, first come, first told.
  ///
  /// @return whether a waiting task took the result
  boolean tell(TaskImpl<?> ended);

  /// A task that waits in `await`.
  record Waiter(TaskImpl<?> task) implements Watchers {
    @Override
    public boolean tell(TaskImpl<?> ended) {
      return task.wakeFrom(ended);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Waiter waiter && waiter.task == task;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(task);
    }
  }

  /// Something else, which does not take the result.
  record Listener(Consumer<? super TaskImpl<?>> listener) implements Watchers {
    @Override
    public boolean tell(TaskImpl<?> ended) {
      listener.accept(ended);
      return false;
    }
  }

  /// Somebody who may be forgotten again.
  record Told(BooleanSupplier listener) implements Watchers {
    @Override
    public boolean tell(TaskImpl<?> ended) {
      return listener.getAsBoolean();
    }
  }

  /// Several of them.
  record Many(Set<Watchers> all) implements Watchers {
    @Override
    public boolean tell(TaskImpl<?> ended) {
      boolean taken = false;
      for (Watchers one : all) {
        taken |= one.tell(ended);
      }
      return taken;
    }
  }

  /// Adds one.
  static Watchers add(@Nullable Watchers known, Watchers one) {
    return switch (known) {
      case null -> one;
      case Many many -> {
        many.all.add(one);
        yield many;
      }
      default -> {
        Many many = new Many(new LinkedHashSet<>());
        many.all.add(known);
        many.all.add(one);
        yield many;
      }
    };
  }

  /// Takes one out; harmless if it is not there.
  static @Nullable Watchers remove(@Nullable Watchers known, Watchers one) {
    if (known instanceof Many many) {
      many.all.remove(one);
      return many;
    }
    return one.equals(known) ? null : known;
  }
}
