package dev.thrum.stream;

import dev.thrum.Async;
import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.VoidBodyOf;
import dev.thrum.internal.wait.Party;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// One iteration of a generator: the consumer's cursor and the body's emitter, which take turns.
///
/// The body is *at rest* before it begins and in `emit`. The consumer puts down what it wants and
/// lets the body run; the body puts down an item or its end, lets the consumer run, and rests. Both
/// look at these fields and not at how they were woken, so that a consumer whose wait was cancelled
/// finds the item, or the failure, when it asks again. A failure that it never asks for goes where
/// one of any background child goes.
final class Steps<T> implements GeneratorCursor<T>, Emitter<T> {

  /// What the consumer wants of a body at rest.
  private enum Wish {
    NOTHING,
    NEXT,
    CLOSE,
    FAIL
  }

  private final Party consumer;
  private final Task<?> task;
  private final Party producer;
  private final Turn wished;
  private final Turn answered;

  private final KeptFailure failure = new KeptFailure();
  private Wish wish = Wish.NOTHING;
  private boolean atRest = true;
  private boolean ended;
  private @Nullable T item;
  private @Nullable Throwable toThrow;
  private @Nullable CancelledException cancelled;
  private @Nullable GeneratorClosedException closed;

  Steps(VoidBodyOf<? super Emitter<T>, ?> body) {
    consumer = Here.task("a generator can be iterated");
    task = Async.background(() -> live(body));
    producer = (Party) task;
    wished = new Turn("the next call of its generator's iterator", consumer);
    answered = new Turn("the next item of generator " + task.name(), producer);
  }

  // The consumer

  @Override
  public boolean hasNext() {
    check();
    consumer.enter();
    if (item != null || ended) {
      consumer.passed();
    } else {
      if (atRest) {
        want(Wish.NEXT);
      }
      awaitAnswer();
    }
    return hasItem();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the generator has ended");
    }
    return take();
  }

  @Override
  public T fail(Throwable thrown) {
    Objects.requireNonNull(thrown, "failure");
    check();
    consumer.enter();
    if (ended) {
      var _ = hasItem();
      throw Failures.<RuntimeException>sneak(thrown);
    }
    if (!atRest) {
      throw new IllegalStateException(
          "the body is on its way to the next item, since an earlier wait for it was cancelled:"
              + " take that item first");
    }
    item = null;
    toThrow = thrown;
    want(Wish.FAIL);
    awaitAnswer();
    if (!hasItem()) {
      throw new NoSuchElementException("the generator has ended");
    }
    return take();
  }

  @Override
  public void close() {
    check();
    item = null;
    if (!ended) {
      closed = new GeneratorClosedException("the generator was closed");
      if (atRest) {
        want(Wish.CLOSE);
      } else {
        task.cancel("the generator was closed");
      }
      join();
    }
    failure.raise(consumer);
  }

  private void want(Wish wanted) {
    wish = wanted;
    atRest = false;
    wished.pass();
  }

  private void awaitAnswer() {
    while (item == null && !ended) {
      if (!answered.await(consumer) && !failure.isThere()) {
        throw consumer.cancelled();
      }
    }
  }

  /// A cancelled consumer cancels the body, and waits for its end all the same.
  private void join() {
    boolean given = false;
    while (!ended) {
      if (given) {
        answered.awaitMasked(consumer);
      } else if (!answered.await(consumer)) {
        given = true;
        task.cancel("the task that closes the generator was cancelled");
      }
    }
  }

  private boolean hasItem() {
    if (item != null) {
      return true;
    }
    failure.raise(consumer);
    CancelledException end = cancelled;
    if (end != null && closed == null) {
      CancellationException plain =
          new CancellationException("the generator was cancelled: " + end.reason());
      plain.initCause(end);
      throw plain;
    }
    return false;
  }

  private T take() {
    T taken = Objects.requireNonNull(item);
    item = null;
    if (!atRest) {
      wished.pass();
    }
    return taken;
  }

  private void check() {
    Party caller = Party.current();
    if (caller != consumer) {
      throw new IllegalStateException(
          caller
              + " cannot use this cursor: it belongs to "
              + consumer
              + ", which began the iteration. Take the items there and hand them over, or let each"
              + " task iterate a generator of its own");
    }
  }

  // The body

  private void live(VoidBodyOf<? super Emitter<T>, ?> body) throws Throwable {
    Throwable thrown = null;
    try {
      obey();
      OwnScope.run(() -> body.run(this));
    } catch (Throwable e) {
      thrown = e;
    }
    end(thrown);
  }

  /// Rests until the consumer wants something, and does it.
  private void obey() {
    while (wish == Wish.NOTHING) {
      if (!wished.await(producer) && wish == Wish.NOTHING) {
        atRest = false;
        throw producer.cancelled();
      }
    }
    Wish now = wish;
    wish = Wish.NOTHING;
    switch (now) {
      case CLOSE -> throw Objects.requireNonNull(closed);
      case FAIL -> {
        Throwable given = Objects.requireNonNull(toThrow);
        toThrow = null;
        throw Failures.<RuntimeException>sneak(given);
      }
      default -> {}
    }
  }

  @Override
  public void emit(T emitted) {
    Objects.requireNonNull(emitted, "item");
    checkBody();
    if (closed != null) {
      producer.passed();
      throw closed;
    }
    producer.enter();
    while (item != null) { // a timeout of the body's own has cut short the `emit` of that one
      if (!wished.await(producer) && item != null) {
        throw producer.cancelled();
      }
    }
    item = emitted;
    atRest = true;
    answered.pass();
    obey();
  }

  @Override
  public void emitAll(Iterable<? extends T> items) {
    Emitting.all(this, items);
  }

  private void end(@Nullable Throwable thrown) throws Throwable {
    ended = true;
    if (thrown instanceof CancelledException own && producer.mustLeave()) {
      cancelled = own;
      answered.pass();
      throw own;
    }
    Throwable out = thrown == closed ? Emitting.ofCleanup(closed) : thrown;
    if (out != null) {
      failure.set(out);
    }
    if (!answered.pass()) {
      failure.stay(producer);
    }
  }

  private void checkBody() {
    Party caller = Party.current();
    if (caller != producer || ended) {
      throw new IllegalStateException(
          caller != producer
              ? caller
                  + " cannot emit here: only the generator's body itself may, in "
                  + producer
                  + ". Let it await what others find, and emit that"
              : "the generator's body has ended");
    }
  }

  @Override
  public String toString() {
    return "cursor of generator " + task.name();
  }
}
