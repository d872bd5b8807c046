package dev.thrum.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keeps the elements in memory.
final class Collecting<T> implements Sink<T> {
  private static final long serialVersionUID = 1L;

  private final ArrayList<T> elements = new ArrayList<>();

  List<T> elements() {
    return elements;
  }

  @Override
  public String name() {
    return "toList";
  }

  @Override
  public boolean blocks() {
    return false;
  }

  @Override
  public boolean isPortable() {
    return false;
  }

  @Override
  public Writer<T> open(Optional<Serializable> state) {
    return new Writer<>() {
      @Override
      public void write(List<T> some) {
        elements.addAll(some);
      }

      @Override
      public Serializable prepare() {
        return elements.size();
      }

      @Override
      public void finish() {}

      @Override
      public void close() {}
    };
  }
}
