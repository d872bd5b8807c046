package dev.thrum.stream;

import dev.thrum.VoidBodyOf;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A body that has not been begun, or not any more.
final class GeneratorImpl<T> implements Generator<T> {
  private static final int TRAITS = Spliterator.ORDERED | Spliterator.NONNULL;

  private final VoidBodyOf<? super Emitter<T>, ?> body;
  private final AtomicBoolean begun = new AtomicBoolean();

  GeneratorImpl(VoidBodyOf<? super Emitter<T>, ?> body) {
    this.body = body;
  }

  @Override
  public GeneratorCursor<T> iterator() {
    Here.task("a generator can be iterated");
    if (!begun.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "this generator has been iterated already, and its body runs once. Call the method that"
              + " makes it again for each iteration, or go on with the cursor of the first one");
    }
    return new Steps<>(body);
  }

  @Override
  public Stream<T> stream() {
    AtomicReference<Cursor<T>> cursor = new AtomicReference<>();
    return StreamSupport.stream(
            () -> {
              Cursor<T> opened = iterator();
              cursor.set(opened);
              return new Items<>(opened);
            },
            TRAITS,
            false)
        .onClose(() -> {
          Cursor<T> opened = cursor.get();
          if (opened != null) {
            opened.close();
          }
        });
  }

  @Override
  public String toString() {
    return begun.get() ? "generator, iterated" : "generator";
  }

  /// The items of a cursor, for one thread.
  private static final class Items<T> extends Spliterators.AbstractSpliterator<T> {
    private final Cursor<T> cursor;

    Items(Cursor<T> cursor) {
      super(Long.MAX_VALUE, TRAITS);
      this.cursor = cursor;
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
      if (!cursor.hasNext()) {
        return false;
      }
      action.accept(cursor.next());
      return true;
    }

    @Override
    public Spliterator<T> trySplit() {
      throw new IllegalStateException(
          "the stream of a generator belongs to the task that runs it and cannot be parallel: call"
              + " sequential(), and mapAsync(…) for work at the same time");
    }
  }
}
