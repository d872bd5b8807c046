package dev.thrum.data;

import java.util.ArrayList;
import java.util.List;

/// What a reader gives at a time: elements, and letters about what is none.
///
/// @param <T> the type of the elements
public final class Batch<T> {
  private final int room;
  private final List<Object> items;

  /// An empty one.
  ///
  /// @param room how many it is to get, at least 1
  public Batch(int room) {
    this.room = room;
    this.items = new ArrayList<>(room);
  }

  /// Adds an element.
  ///
  /// @param element the element
  public void add(T element) {
    items.add(element);
  }

  /// Adds a letter about something that is no element. The run sends it to the dead-letter sink, or
  /// fails with it.
  ///
  /// @param letter what is wrong
  public void bad(Letter letter) {
    items.add(new Bad(letter));
  }

  /// Whether it has got as many as it has room for.
  ///
  /// @return true if the reader should return
  public boolean isFull() {
    return items.size() >= room;
  }

  /// What it has got: elements, and [Bad]s between them.
  ///
  /// @return the items in their order
  public List<Object> items() {
    return items;
  }

  /// Something that is no element.
  ///
  /// @param letter what is wrong with it
  public record Bad(Letter letter) {}
}
