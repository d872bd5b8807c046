package dev.thrum.file;

import dev.thrum.internal.LeftOpen;
import dev.thrum.internal.Offload;
import dev.thrum.internal.Offload.OnCancel;
import dev.thrum.internal.wait.Party;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Hands out one portion while a thread of the pool reads the next one.
final class ReadingImpl<T> implements Reading<T> {
  private final String name;
  private final Source<T> source;
  private List<T> portion = List.of();
  private int at;
  private @Nullable Offload<List<T>> ahead;
  private boolean iterated;
  private boolean ended;
  private volatile boolean reads;
  private volatile boolean closed;
  private final Runnable noted;

  private ReadingImpl(String name, Source<T> source) {
    this.name = name;
    this.source = source;
    this.noted = LeftOpen.unlessClosed(this, () -> !closed && !ended);
  }

  static <T> Reading<T> open(String name, Offload.Call<Source<T>> opening) throws IOException {
    Source<T> source = Offload.open("opening " + name, opening, ReadingImpl::closeLate);
    return new ReadingImpl<>(name, source);
  }

  private static void closeLate(Source<?> source) {
    try {
      source.close();
    } catch (IOException _) {
      // Nobody waits for it any more.
    }
  }

  @Override
  public Iterator<T> iterator() {
    checkOpen();
    if (iterated) {
      throw new IllegalStateException(
          name + " can be iterated once: open it again, or collect what is needed twice in a list");
    }
    iterated = true;
    return new Pieces();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(
          name + " has been closed: iterate inside the try block that opens it");
    }
  }

  private boolean hasNext() {
    checkOpen();
    try {
      Party me = Party.current();
      me.enter();
      if (at < portion.size()) {
        me.passed();
        return true;
      }
      return !ended && fetch();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private boolean fetch() throws IOException {
    Offload<List<T>> reading = ahead == null ? readAhead() : ahead;
    ahead = reading;
    portion = reading.await(OnCancel.INTERRUPT);
    at = 0;
    ended = portion.isEmpty();
    ahead = ended ? null : readAhead();
    if (ended) {
      noted.run();
    }
    return !ended;
  }

  private Offload<List<T>> readAhead() {
    return Offload.start("reading " + name, this::read);
  }

  /// In a thread of the pool. One that was left alone closes the source when it ends after all.
  private List<T> read() throws IOException {
    reads = true;
    try {
      List<T> read = closed ? List.of() : source.next();
      if (read.isEmpty()) {
        source.close();
      }
      return read;
    } finally {
      reads = false;
      if (closed) {
        source.close();
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    noted.run();
    Offload<List<T>> reading = ahead;
    ahead = null;
    portion = List.of();
    if (reading != null) {
      reading.stop();
      reading.settle();
    }
    if (!ended && !reads) {
      try {
        Offload.cleanUp("closing " + name, source::close);
      } catch (IOException _) {
        // What was read from it is right all the same.
      }
    }
  }

  private final class Pieces implements Iterator<T>, AutoCloseable {
    @Override
    public boolean hasNext() {
      return ReadingImpl.this.hasNext();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException(name + " has ended");
      }
      return portion.get(at++);
    }

    @Override
    public void close() {
      ReadingImpl.this.close();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
