package dev.thrum.stream;

import dev.thrum.VoidBodyOf;
import java.util.Objects;
import java.util.stream.Stream;

/// A sequence whose body is written top to bottom and may wait between its items.
///
/// {@snippet :
/// Generator<Page> pages() {
///   return Generator.of(y -> {
///     try (var session = open()) {
///       for (int number = 1; session.has(number); number++) {
///         y.emit(session.load(number));
///       }
///     }
///   });
/// }
/// for (var page : pages()) …
/// }
///
/// **Guarantees.** The body runs as a background child of the innermost scope of the task that
/// begins the iteration, and only while that task asks for the next item: never ahead of it. An
/// item is handed over directly. What the body throws comes out of the iteration as itself, checked
/// exceptions too. What the body has started is joined before its end is known. When the iteration
/// is closed the body's `finally` blocks run; see [GeneratorCursor#close()].
///
/// **Not closed.** A `break` closes nothing. The body then stays in its `emit` until the scope is
/// left and is cancelled like every background child: its `finally` blocks run, and a wait in one
/// of them needs a [dev.thrum.Async#shield(dev.thrum.VoidBody)]. A failure of such a cleanup goes
/// to the exception handler. Where cleanup waits, or the scope lives long, close the cursor.
///
/// **Non-guarantees.** It runs once, like a `java.util.stream.Stream`: the body may hold things
/// that cannot be had twice. It is no channel: one task takes the items.
///
/// @param <T> the type of the items; `null` is none
public sealed interface Generator<T> extends Iterable<T> permits GeneratorImpl {

  /// A generator. Nothing runs yet.
  ///
  /// @param body what emits the items
  /// @param <T> the type of the items
  /// @return a generator, to be iterated once
  static <T> Generator<T> of(VoidBodyOf<? super Emitter<T>, ?> body) {
    return new GeneratorImpl<>(Objects.requireNonNull(body, "body"));
  }

  /// Begins the iteration: makes the body's task. The body itself begins with the first
  /// [Cursor#hasNext()] or [Cursor#next()].
  ///
  /// @return the cursor, for the calling task
  /// @throws IllegalStateException the second time, or outside a task
  @Override
  GeneratorCursor<T> iterator();

  /// The items as a sequential stream for the calling task. The iteration begins with the stream's
  /// terminal operation; closing the stream closes it.
  ///
  /// @return a stream
  Stream<T> stream();
}
