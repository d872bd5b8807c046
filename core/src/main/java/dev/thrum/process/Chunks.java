package dev.thrum.process;

import dev.thrum.internal.wait.Changing;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Bytes between the thread that reads or writes a pipe and the tasks at its other side: a queue
/// that makes whoever puts something in wait while it is full.
///
/// Once it has ended, what is in it can still be taken. Unwanted, it swallows everything, so that a
/// program that still writes is not held up.
final class Chunks extends Changing {
  static final int CHUNK = 1 << 16;
  private static final int LIMIT = 4 * CHUNK;

  private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
  private int size;
  private boolean busy;
  private boolean unlimited;
  private boolean last;
  private boolean ended;
  private boolean unwanted;
  private @Nullable IOException failure;

  Chunks() {
    super(true);
  }

  /// Appends, once there is room.
  ///
  /// @return false if it has ended
  boolean put(byte[] chunk) {
    boolean[] taken = {false};
    awaitChange(() -> {
      taken[0] = !ended && add(chunk, last || unlimited || size < LIMIT);
      return taken[0] || ended;
    });
    return taken[0];
  }

  /// Appends, whether there is room or not.
  void putAtOnce(byte[] chunk) {
    change(() -> {
      boolean _ = !ended && add(chunk, true);
    });
  }

  private boolean add(byte[] chunk, boolean fits) {
    if (fits && !unwanted) {
      queue.add(chunk);
      size += chunk.length;
    }
    return fits || unwanted;
  }

  /// Takes the first one. Until [#done()] it is not done with.
  ///
  /// @return null at the end, also if nobody wants any more
  byte @Nullable [] take() {
    byte @Nullable [][] taken = {null};
    awaitChange(() -> {
      byte[] first = queue.poll();
      if (first != null) {
        size -= first.length;
        busy = true;
      }
      taken[0] = first;
      return first != null || ended || unwanted;
    });
    return taken[0];
  }

  /// What was taken is done with.
  void done() {
    change(() -> busy = false);
  }

  /// Waits until all has been taken and is done with, or nothing of it ever will be.
  void awaitEmpty() {
    awaitUntil(() -> (queue.isEmpty() && !busy) || unwanted);
  }

  /// Nothing comes any more.
  void end() {
    change(() -> ended = true);
  }

  /// Nothing comes any more, for a reason.
  void fail(IOException reason) {
    change(() -> {
      if (!ended) {
        failure = reason;
      }
      ended = true;
    });
  }

  /// What is in it cannot be delivered, for a reason.
  void sever(IOException reason) {
    change(() -> {
      if (!ended || busy || !queue.isEmpty()) {
        failure = reason;
      }
      ended = true;
      busy = false;
      drop();
    });
  }

  /// Nobody takes anything any more.
  void discard() {
    change(() -> {
      unwanted = true;
      drop();
    });
  }

  private void drop() {
    queue.clear();
    size = 0;
  }

  /// What comes from now on is the rest, and there is room for it.
  void expectTheRest() {
    change(() -> last = true);
  }

  /// Makes room for everything, or sets the bound again.
  void limit(boolean limited) {
    change(() -> unlimited = !limited);
  }

  boolean isEnded() {
    return see(() -> ended);
  }

  boolean isUnwanted() {
    return see(() -> unwanted);
  }

  /// Why it ended, if that is a failure.
  @Nullable IOException failure() {
    guard();
    try {
      return failure;
    } finally {
      unguard();
    }
  }
}
