package dev.thrum.data.run;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;

import dev.thrum.Task;
import dev.thrum.data.Batch;
import dev.thrum.data.PipelineException;
import dev.thrum.data.Source;
import dev.thrum.sync.Event;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/// Reads a source and calls the operators behind it. While they work, the next batch is read.
final class SourceRun extends Stage {
  private static final int ROOM = 512;

  private final Source<?> source;
  private final Letters letters;
  private final Checkpointing checkpointing;
  private At at;
  private final Event wake = Event.create("the next elements");

  /// A place in a source.
  ///
  /// @param position of the reader, as it was before it gave a batch
  /// @param passed how many items of that batch were before
  private record At(Optional<Serializable> position, int passed) {}

  /// What was read at a time.
  ///
  /// @param from where the reader was before
  /// @param to where it was behind
  private record Read(List<Object> items, Optional<Serializable> from, Serializable to) {}

  SourceRun(
      String name, Stage next, Source<?> source, Letters letters, Checkpointing checkpointing) {
    super(name, next);
    this.source = source;
    this.letters = letters;
    this.checkpointing = checkpointing;
    this.at = new At(Optional.empty(), 0);
  }

  @Override
  void restore(Saved saved) {
    saved.state(name).ifPresent(state -> at = (At) state);
  }

  Object position() {
    return at;
  }

  /// A barrier is due: it may be waiting for its next element.
  void wake() {
    wake.set();
  }

  void run() throws Exception {
    Source.Reader<?> reader = call(() -> source.open(at.position()));
    try {
      scope(_ -> { // joins what reads ahead
        read(reader);
      });
    } finally {
      shield(() ->
          call(() -> {
            reader.close();
            return name;
          }));
    }
    checkpointing.ended(this);
    next().end();
  }

  private <T> T call(dev.thrum.Body<T, Exception> body) throws Exception {
    try {
      return source.blocks() ? blocking(body) : body.call();
    } catch (CancellationException | PipelineException e) {
      throw e;
    } catch (Exception e) {
      throw new PipelineException("the source " + name + " failed: " + e, e);
    }
  }

  private void read(Source.Reader<?> reader) throws Exception {
    Read now = fetched(reader, at.position());
    int passed = at.passed();
    while (!now.items().isEmpty()) {
      Optional<Serializable> to = Optional.of(now.to());
      if (source.blocks()) {
        Task<Read> next = async(name, () -> fetch(reader, to));
        passed = giveAll(now, passed);
        now = waitedFor(next);
      } else {
        passed = giveAll(now, passed);
        now = fetched(reader, to);
      }
    }
  }

  private Read fetched(Source.Reader<?> reader, Optional<Serializable> from) throws Exception {
    if (!source.blocks() && !checkpointing.isOn()) {
      return fetch(reader, from);
    }
    return waitedFor(async(name, () -> fetch(reader, from)));
  }

  /// Lets barriers pass meanwhile.
  private Read waitedFor(Task<Read> next) throws Exception {
    if (next.isDone()) {
      return await(next);
    }
    long before = System.nanoTime();
    while (checkpointing.isOn() && !next.isDone()) {
      checkpointing.pass(this);
      if (!next.isDone() && !checkpointing.isDue(this)) {
        wake.await();
        wake.clear();
      }
    }
    Read read = await(next);
    waited(System.nanoTime() - before);
    return read;
  }

  private Read fetch(Source.Reader<?> reader, Optional<Serializable> from) throws Exception {
    try {
      return called(reader, from);
    } finally {
      wake.set();
    }
  }

  private Read called(Source.Reader<?> reader, Optional<Serializable> from) throws Exception {
    return call(() -> {
      Batch<?> batch = new Batch<>(ROOM);
      boolean some = reader.read(cast(batch));
      if (some && batch.items().isEmpty()) {
        throw new PipelineException(
            "the source " + name + " has read nothing and is not at its end", null);
      }
      return new Read(batch.items(), from, reader.position());
    });
  }

  @SuppressWarnings("unchecked")
  private static <T> Batch<T> cast(Batch<?> batch) {
    return (Batch<T>) batch;
  }

  /// Hands on what was read.
  ///
  /// @param passed how many an earlier run has handed on
  /// @return how many of those come in what is read next
  private int giveAll(Read read, int passed) throws Exception {
    List<Object> items = read.items();
    for (int i = Math.min(passed, items.size()); i < items.size(); i++) {
      at = new At(read.from(), i);
      checkpointing.pass(this);
      if (items.get(i) instanceof Batch.Bad(var letter)) {
        letters.bad(letter);
      } else {
        give(items.get(i));
      }
    }
    int left = Math.max(0, passed - items.size());
    at = new At(Optional.of(read.to()), left);
    return left;
  }

  @Override
  void accept(Object element) {
    throw new AssertionError(name + " has nothing before it");
  }
}
