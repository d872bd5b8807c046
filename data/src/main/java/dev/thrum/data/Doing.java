package dev.thrum.data;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/// Does something with each element.
record Doing<T>(Consuming<? super T> action) implements Sink<T> {

  @Override
  public String name() {
    return "forEach";
  }

  @Override
  public boolean blocks() {
    return false;
  }

  @Override
  public Writer<T> open(Optional<Serializable> state) {
    return new Writer<>() {
      @Override
      public void write(List<T> elements) throws Exception {
        for (T element : elements) {
          action.accept(element);
        }
      }

      @Override
      public Serializable prepare() {
        return "";
      }

      @Override
      public void finish() {}

      @Override
      public void close() {}
    };
  }
}
