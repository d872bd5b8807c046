package dev.thrum.data;

import java.io.Serializable;
import java.util.Optional;

/// Where elements come from.
///
/// A source only describes; each run [opens][#open] it anew, at the beginning or where a checkpoint
/// has seen it. What has been read from a position must come again, in the same order, when it is
/// opened there: then nothing is lost and nothing is there twice.
///
/// **Threads.** A source that [blocks][#blocks()] is read on a thread beside the loop, one call at
/// a time; another one in a task of the run, where it may wait.
///
/// @param <T> the type of the elements
public interface Source<T> extends Serializable {

  /// How people call it: a file's name, say.
  ///
  /// @return a short text
  String name();

  /// Opens it.
  ///
  /// @param position what [Reader#position()] once said, or empty for the beginning
  /// @return what reads it, to be closed
  /// @throws Exception if it cannot be opened
  Reader<T> open(Optional<Serializable> position) throws Exception;

  /// Whether reading holds a thread.
  ///
  /// @return true for files and connections that block
  default boolean blocks() {
    return true;
  }

  /// Whether it can be read on another machine.
  ///
  /// @return false if it is an object of this JVM's
  default boolean isPortable() {
    return true;
  }

  /// Reads a source.
  ///
  /// @param <T> the type of the elements
  @SuppressWarnings("try") // closing may throw anything, and be interrupted
  interface Reader<T> extends AutoCloseable {

    /// Reads on.
    ///
    /// @param into gets at least one element or letter unless the end is reached, and not many more
    ///   than it has room for
    /// @return false at the end, with nothing put in
    /// @throws Exception if nothing more can be read
    boolean read(Batch<T> into) throws Exception;

    /// Where it is: behind everything that it has given.
    ///
    /// @return something to [open][Source#open] the source with
    Serializable position();

    @Override
    void close() throws Exception;
  }
}
