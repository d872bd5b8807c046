package dev.thrum.data;

import java.io.Serializable;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;

/// Elements of this program's.
record Given<T>(Iterable<T> elements) implements Source<T> {

  @Override
  public String name() {
    return "of";
  }

  @Override
  public boolean blocks() {
    return false;
  }

  @Override
  public boolean isPortable() {
    return elements instanceof Serializable;
  }

  @Override
  public Reader<T> open(Optional<Serializable> position) {
    Iterator<T> iterator = elements.iterator();
    long before = position.map(Long.class::cast).orElse(0L);
    for (long i = 0; i < before && iterator.hasNext(); i++) {
      var _ = iterator.next();
    }
    return new Given.Reading<>(iterator, elements instanceof Collection<T>, before);
  }

  @SuppressWarnings("try") // whatever the iterator throws
  private static final class Reading<T> implements Reader<T> {
    private final Iterator<T> iterator;
    private final boolean ready;
    private long count;

    /// @param ready whether asking for the next one never waits
    Reading(Iterator<T> iterator, boolean ready, long count) {
      this.iterator = iterator;
      this.ready = ready;
      this.count = count;
    }

    @Override
    public boolean read(Batch<T> into) {
      boolean some = false;
      while ((ready || !some) && !into.isFull() && iterator.hasNext()) {
        into.add(iterator.next());
        count++;
        some = true;
      }
      return some;
    }

    @Override
    public Serializable position() {
      return count;
    }

    @Override
    public void close() throws Exception {
      if (iterator instanceof AutoCloseable open) {
        open.close();
      }
    }
  }
}
