package dev.thrum.data;

import java.io.Serializable;

/// Something that an operator's function needs and that cannot travel: a client, a connection.
///
/// It is opened once for each run, where the operator runs, and closed when the run ends there.
///
/// @param <C> its type
/// @param name how people call it
/// @param open opens it
public record Resource<C extends AutoCloseable>(String name, Supplying<C> open)
    implements Serializable {

  /// A resource.
  ///
  /// @param open opens it, in a task of the run
  /// @param <C> its type
  /// @return a description
  public static <C extends AutoCloseable> Resource<C> of(Supplying<C> open) {
    return new Resource<>("a resource", open);
  }
}
