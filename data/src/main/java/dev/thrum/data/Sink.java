package dev.thrum.data;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/// Where elements go.
///
/// A sink only describes; each run [opens][#open] it anew, empty or as a checkpoint has seen it.
///
/// **What comes out exactly once.** A writer that is opened with a state takes back what it wrote
/// after that state: what follows is given to it again. [Writer#prepare()] makes what was written
/// safe; [Writer#finish()] shows the whole to the world, and may be called again on the same state
/// after a crash.
///
/// **Threads.** A sink that [blocks][#blocks()] is called on a thread beside the loop, one call at
/// a time; another one in a task of the run, where it may wait.
///
/// @param <T> the type of the elements
public interface Sink<T> extends Serializable {

  /// How people call it: a file's name, say.
  ///
  /// @return a short text
  String name();

  /// Opens it.
  ///
  /// @param state what [Writer#prepare()] once said, or empty for the beginning
  /// @return what writes it, to be closed
  /// @throws Exception if it cannot be opened
  Writer<T> open(Optional<Serializable> state) throws Exception;

  /// Whether writing holds a thread.
  ///
  /// @return true for files and connections that block
  default boolean blocks() {
    return true;
  }

  /// Whether it can be written on another machine.
  ///
  /// @return false if it is an object of this JVM's
  default boolean isPortable() {
    return true;
  }

  /// Writes to a sink.
  ///
  /// @param <T> the type of the elements
  @SuppressWarnings("try") // closing may throw anything, and be interrupted
  interface Writer<T> extends AutoCloseable {

    /// Writes elements.
    ///
    /// @param elements some, in their order
    /// @throws Exception if they cannot be written
    void write(List<T> elements) throws Exception;

    /// Makes safe what has been written.
    ///
    /// @return what to [open][Sink#open] the sink with to go on behind it
    /// @throws Exception if that cannot be done
    Serializable prepare() throws Exception;

    /// A checkpoint with the last [prepared][#prepare()] state is there to stay.
    ///
    /// @throws Exception if what follows from it cannot be done
    default void committed() throws Exception {}

    /// Everything has been written and prepared: shows it to the world.
    ///
    /// @throws Exception if that cannot be done
    void finish() throws Exception;

    /// Nobody will go on from here: takes back what was written and not [finished][#finish()].
    ///
    /// @throws Exception if that cannot be done
    default void abandon() throws Exception {}

    /// Gives back what it holds. What it wrote stays, for a run that goes on from a checkpoint.
    @Override
    void close() throws Exception;
  }
}
