package dev.thrum.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.internal.Lines;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.Waiter;
import dev.thrum.net.internal.Input;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What comes in, and the one task that reads it.
///
/// The wire is asked to stop when enough is here that nobody has read, and to go on when half of it
/// is gone or when the reader needs more than that.
final class ReadHalf {
  private static final byte[] NOTHING = {};
  private static final byte[] LINE_END = {'\n'};

  private final ConnectionImpl owner;
  private Wire wire;
  private final Settings settings;
  private final Input bytes = new Input();
  private final Waiting waiting;
  private final boolean outside;
  private @Nullable Waiter reader;
  private boolean reading;
  private boolean waited;
  private boolean ended;
  private boolean paused;

  /// Whether the next line begins with what is left of one that was too long.
  private boolean skipsLine;

  /// With how many bytes the reader is to be woken.
  private int wanted = 1;

  ReadHalf(ConnectionImpl owner, Wire wire, Settings settings) {
    this.owner = owner;
    this.wire = wire;
    this.settings = settings;
    this.outside = wire.isOutside();
    this.waiting = Waiting.on("bytes from ", owner, outside);
  }

  // The wire's side

  void received(ByteBuf data) {
    bytes.add(data);
    if (!paused && bytes.size() >= Math.max(settings.readBuffer(), wanted)) {
      paused = true;
      wire.pause();
    }
    if (bytes.size() >= wanted) {
      wake();
    }
  }

  void ended() {
    if (!ended) {
      ended = true;
      wake();
    }
  }

  void wake() {
    Waiter known = reader;
    if (known != null) {
      reader = null;
      var _ = known.serve(waiting);
    }
  }

  void become(Wire other) {
    wire = other;
  }

  void giveBack(Consumer<ByteBuf> to) {
    bytes.giveAll(to);
    resume();
  }

  /// Throws away what has come, and with it what keeps the peer from sending.
  void discard() {
    bytes.clear();
    resume();
  }

  boolean isBusy() {
    return reading;
  }

  /// Lets nobody read, for the time of a handshake.
  void hold() {
    reading = true;
  }

  void letGo() {
    reading = false;
  }

  // The reader's side

  private Party begin() throws IOException {
    Party me = owner.enter();
    if (reading) {
      throw new IllegalStateException(
          "another task reads from "
              + owner
              + " or starts TLS on it: one task reads at a time, or what it wants is torn apart");
    }
    reading = true;
    waited = false;
    return me;
  }

  /// Waits until so much is here, or no more will come.
  ///
  /// @return whether so much is here
  private boolean await(Party me, int count) throws IOException {
    if (bytes.size() >= count) {
      return true;
    }
    waited = true;
    wanted = count;
    try {
      while (bytes.size() < count && !ended && owner.isReadable()) {
        if (paused) {
          resume(); // which may bring it at once
        } else {
          awaitWake(me);
        }
      }
    } finally {
      wanted = 1;
    }
    if (bytes.size() < count && !ended) {
      owner.throwIfUnreadable("reading from");
    }
    owner.checkOpen();
    return bytes.size() >= count;
  }

  /// There is one reader at the most, so that it needs no queue.
  private void awaitWake(Party me) {
    Waiter own = me.begin(waiting, null);
    reader = own;
    if (outside) {
      me.outsideBegins();
    }
    boolean woken;
    try {
      woken = me.await(own);
    } finally {
      reader = null;
      if (outside) {
        me.outsideEnds();
      }
    }
    var _ = own.take();
    if (!woken) {
      throw me.cancelled();
    }
  }

  private void resume() {
    if (paused) {
      paused = false;
      wire.resume();
    }
  }

  private void end(Party me) {
    reading = false;
    if (paused && bytes.size() <= settings.readBuffer() / 2) {
      resume();
    }
    if (!waited) {
      me.passed();
    }
  }

  byte[] read(int max) throws IOException {
    if (max < 0) {
      throw new IllegalArgumentException("read at least 0 bytes, not " + max);
    }
    Party me = begin();
    try {
      return max > 0 && await(me, 1) ? bytes.take(Math.min(max, bytes.size())) : NOTHING;
    } finally {
      end(me);
    }
  }

  int read(ByteBuffer to) throws IOException {
    Party me = begin();
    try {
      if (!to.hasRemaining()) {
        return 0;
      }
      return await(me, 1) ? bytes.take(to) : -1;
    } finally {
      end(me);
    }
  }

  /// For `java.io`, whose callers bring an array.
  int read(byte[] to, int from, int count) throws IOException {
    Party me = begin();
    try {
      if (count == 0) {
        return 0;
      }
      if (!await(me, 1)) {
        return -1;
      }
      int some = Math.min(count, bytes.size());
      bytes.take(to, from, some);
      return some;
    } finally {
      end(me);
    }
  }

  int available() {
    owner.checkHere();
    return bytes.size();
  }

  byte[] readExactly(int count) throws IOException {
    if (count < 0) {
      throw new IllegalArgumentException("read at least 0 bytes, not " + count);
    }
    Party me = begin();
    try {
      if (!await(me, count)) {
        throw incomplete("after " + bytes.size() + " of " + count + " bytes");
      }
      return bytes.take(count);
    } finally {
      end(me);
    }
  }

  private IncompleteReadException incomplete(String where) {
    return new IncompleteReadException(owner, where, bytes.take(bytes.size()));
  }

  byte[] readUntil(byte[] separator) throws IOException {
    if (separator.length == 0) {
      throw new IllegalArgumentException("a separator has at least one byte");
    }
    byte[] wantedEnd = separator.clone();
    Party me = begin();
    try {
      int limit = settings.readLimit();
      int at = bytes.indexOf(wantedEnd);
      while (at < 0) {
        if (bytes.size() - wantedEnd.length >= limit) {
          throw tooLong("a message", limit, false);
        }
        if (!await(me, bytes.size() + 1)) {
          throw incomplete("before the separator, after " + bytes.size() + " bytes");
        }
        at = bytes.indexOf(wantedEnd);
      }
      if (at > limit) {
        throw tooLong("a message", limit, true);
      }
      return bytes.take(at + wantedEnd.length);
    } finally {
      end(me);
    }
  }

  private LimitExceededException tooLong(String what, int limit, boolean separatorFound) {
    return new LimitExceededException(
        what
            + " on "
            + owner
            + " is longer than the limit of "
            + limit
            + " bytes; allow more with readLimit(…)",
        limit,
        separatorFound);
  }

  Optional<String> readLine() throws IOException {
    Party me = begin();
    try {
      if (!skipRestOfLine(me)) {
        return Optional.empty();
      }
      int limit = settings.readLimit();
      int at = bytes.indexOf(LINE_END);
      while (at < 0) {
        if (lengthOfLine(bytes.size()) > limit) {
          bytes.skip(bytes.size());
          skipsLine = true;
          throw tooLong("a line", limit, false);
        }
        if (!await(me, bytes.size() + 1)) {
          return lastLine();
        }
        at = bytes.indexOf(LINE_END);
      }
      if (lengthOfLine(at) > limit) {
        bytes.skip(at + 1);
        throw tooLong("a line", limit, true);
      }
      return Optional.of(Lines.textOf(bytes.take(at + 1), UTF_8));
    } finally {
      end(me);
    }
  }

  /// The rest of a line that was too long is no line.
  ///
  /// @return false at the end of the stream
  private boolean skipRestOfLine(Party me) throws IOException {
    while (skipsLine) {
      int at = bytes.indexOf(LINE_END);
      bytes.skip(at < 0 ? bytes.size() : at + 1);
      skipsLine = at < 0;
      if (skipsLine && !await(me, 1)) {
        return false;
      }
    }
    return true;
  }

  /// How long the first line is if a line end follows these bytes.
  private int lengthOfLine(int end) {
    return end > 0 && bytes.at(end - 1) == '\r' ? end - 1 : end;
  }

  private Optional<String> lastLine() {
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(Lines.textOf(bytes.take(bytes.size()), UTF_8));
  }

  byte[] readAll(int limit) throws IOException {
    if (limit < 0) {
      throw new IllegalArgumentException("a limit of at least 0 bytes, not " + limit);
    }
    Party me = begin();
    try {
      if (await(me, limit == Integer.MAX_VALUE ? limit : limit + 1)) {
        throw new LimitExceededException(
            owner + " has sent more than the " + limit + " bytes that were allowed", limit, false);
      }
      return bytes.take(bytes.size());
    } finally {
      end(me);
    }
  }
}
