package dev.thrum.channel;

import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A value that changes, for readers that want the latest and not every one. From any task and any
/// thread.
///
/// ```java
/// var state = Watch.of("starting");
/// state.await(s -> s.equals("ready"));
/// ```
///
/// @param <T> the type of the value
public sealed interface Watch<T> extends AutoCloseable permits WatchImpl {

  /// A watch.
  ///
  /// @param value the first value
  /// @param <T> the type of the value
  /// @return a new watch
  static <T> Watch<T> of(T value) {
    return new WatchImpl<>(value);
  }

  /// The value as it is.
  ///
  /// @return the latest value
  T get();

  /// Changes the value and tells all readers, also if it is the same. Never waits.
  ///
  /// @param value the new value
  /// @throws ChannelClosedException if the watch is closed
  void set(T value);

  /// Changes the value by a function of what it is, with no other change between.
  ///
  /// @param change the function; it may run more than once
  /// @return the new value
  /// @throws ChannelClosedException if the watch is closed
  T update(UnaryOperator<T> change);

  /// A reader that receives the value as it is, and from then on the latest one each time it has
  /// changed; values between may be missed.
  ///
  /// @return a new reader; close it when it reads no more
  /// @throws ChannelClosedException if the watch is closed
  Broadcast.Reader<T> observe();

  /// Waits for a value. One that is there for a moment only may be missed.
  ///
  /// @param wanted which value
  /// @return the first value seen that is wanted, which may be the present one
  /// @throws ChannelClosedException if the watch is closed and its last value is not wanted
  T await(Predicate<? super T> wanted);

  /// Ends it: readers receive the latest value if they have not, and then the end.
  ///
  /// @throws IllegalStateException if it was closed before
  @Override
  void close();

  /// As [#close()], with a failure that observers get once they have seen the last value.
  ///
  /// @param error what went wrong
  /// @throws IllegalStateException if it was closed before
  void close(Throwable error);

  /// Whether it was closed.
  ///
  /// @return true once the value changes no more
  boolean isClosed();
}
