package dev.thrum.stream;

import dev.thrum.Loop;
import dev.thrum.VoidBodyOf;
import java.util.Objects;
import java.util.concurrent.Flow;

/// Bridges between tasks and `java.util.concurrent.Flow`, in both directions and with
/// back-pressure. They keep the rules of Reactive Streams, and its TCK is one of Thrum's tests.
public final class Publishers {
  private Publishers() {}

  /// A publisher of the items of an iterable, which each subscriber iterates anew. An iterator that
  /// this begins and that can be closed, as a [Cursor] or one of a [dev.thrum.file.Reading], is
  /// closed when the subscriber cancels.
  ///
  /// A [Generator] or a `Reading` can be iterated once and so has one subscriber; later ones get an
  /// error. For more give the body itself: [#of(VoidBodyOf)].
  ///
  /// @param items the items; iterating may wait
  /// @param <T> the type of the items
  /// @return a publisher of the calling task's loop
  /// @throws IllegalStateException outside a task
  public static <T> Flow.Publisher<T> of(Iterable<? extends T> items) {
    Objects.requireNonNull(items, "items");
    return of((Emitter<T> emitter) -> emitter.emitAll(items));
  }

  /// A publisher each of whose subscribers gets a run of a body of its own.
  ///
  /// A run is a task of the loop on which this was called; like one that was submitted
  /// ([Loop#submit(dev.thrum.VoidBody)]), it belongs to the main task. `emit` waits while the
  /// subscriber has not requested. The subscriber is told everything by that task, on the loop, and
  /// so must not block. When the body returns the subscriber is told of completion, when it throws
  /// of that error, when the loop ends before it of a `CancellationException`.
  ///
  /// `cancel` ends the run as [GeneratorCursor#close()] does: `emit` throws a
  /// [GeneratorClosedException]; a body that is elsewhere is cancelled. What its cleanup throws
  /// goes to the exception handler, as does what the subscriber throws.
  ///
  /// @param body what emits the items
  /// @param <T> the type of the items
  /// @return a publisher, to be subscribed to from any thread
  /// @throws IllegalStateException outside a task
  public static <T> Flow.Publisher<T> of(VoidBodyOf<? super Emitter<T>, ?> body) {
    Objects.requireNonNull(body, "body");
    var _ = Here.task("a publisher can be made");
    Loop loop = Loop.current();
    return subscriber -> new PublisherRun<>(loop, body, subscriber).start();
  }

  /// Subscribes, and lets the calling task take the items one by one.
  ///
  /// At most `prefetch` items are requested and not taken at any time; more are requested as items
  /// are taken. An error of the publisher comes out after the items before it, as itself. Closing
  /// the cursor, or leaving the scope in which this was called, cancels the subscription.
  ///
  /// @param publisher the publisher, of any library
  /// @param prefetch how many items may wait in the buffer, at least 1
  /// @param <T> the type of the items
  /// @return a cursor, for the calling task
  /// @throws IllegalStateException outside a task
  public static <T> Cursor<T> iterate(Flow.Publisher<? extends T> publisher, int prefetch) {
    Objects.requireNonNull(publisher, "publisher");
    if (prefetch < 1) {
      throw new IllegalArgumentException("prefetch must be at least 1: " + prefetch);
    }
    Subscribed<T> cursor = new Subscribed<>(Here.task("a publisher can be iterated"), prefetch);
    cursor.subscribeTo(publisher);
    return cursor;
  }
}
