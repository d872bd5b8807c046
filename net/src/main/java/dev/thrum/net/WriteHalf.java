package dev.thrum.net;

import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Driver;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// What goes out, and the tasks that write it, one after the other.
///
/// A write takes its turn, leaves its bytes with the wire, and waits only while too many of them
/// are unsent. The turn is kept while a write that is longer than the buffer waits in its middle.
final class WriteHalf {
  static final int CHUNK = Driver.LARGEST_BUFFER;

  private final ConnectionImpl owner;
  private Wire wire;
  private final Settings settings;
  private @Nullable Waiting turn;
  private @Nullable Waiting room;
  private @Nullable Waiting empty;
  private boolean writing;
  private boolean ended;
  private long unsent;
  private @Nullable String cut;
  private @Nullable IOException broken;

  WriteHalf(ConnectionImpl owner, Wire wire, Settings settings) {
    this.owner = owner;
    this.wire = wire;
    this.settings = settings;
  }

  /// Few connections ever have a writer that waits.
  private Waiting waiting(@Nullable Waiting known, String what) {
    return known != null ? known : Waiting.on(what, owner, wire.isOutside());
  }

  private static void wakeAll(@Nullable Waiting waiting) {
    if (waiting != null) {
      waiting.wakeAll();
    }
  }

  // The wire's side

  void sent(int bytes) {
    unsent = Math.max(0, unsent - bytes);
    if (unsent <= settings.lowWater()) {
      wakeAll(room);
    }
    if (unsent == 0) {
      wakeAll(empty);
    }
  }

  void wakeAll() {
    wakeAll(room);
    wakeAll(empty);
  }

  void broken(IOException why) {
    if (broken == null) {
      broken = why;
    }
    wakeAll();
  }

  @Nullable IOException whyBroken() {
    return broken;
  }

  void become(Wire other) {
    wire = other;
  }

  void forget() {
    unsent = 0;
  }

  long unsent() {
    return unsent;
  }

  /// The wire has something to send that did not come through here.
  void addUnsent(long bytes) {
    unsent += bytes;
  }

  boolean isBusy() {
    return writing;
  }

  /// If it ends in the middle of something, which must not look like an end, that is why nothing
  /// more can be sent.
  ///
  /// @return whether it does
  boolean breakOffIfCut() {
    if (cut == null) {
      return false;
    }
    broken(new IOException(cut));
    return true;
  }

  /// Has writers wait, for the time of a handshake.
  void hold() {
    writing = true;
  }

  void letGo() {
    finish();
  }

  // The writers' side

  private Party begin() throws IOException {
    Party me = owner.enter();
    check();
    if (writing) {
      turn = waiting(turn, "a turn to write to ");
      turn.await(me);
    }
    writing = true;
    return me;
  }

  private boolean isUsable() {
    return owner.isOpen() && broken == null;
  }

  /// Throws what has broken it, anew.
  private void throwIfUnusable(String doing) throws IOException {
    owner.checkOpen();
    if (broken != null) {
      throw Failures.asIo(broken, doing + " " + owner);
    }
  }

  void check() throws IOException {
    throwIfUnusable("writing to");
    if (ended) {
      throw new ConnectionClosedException("the output of " + owner + " has been closed here");
    }
    if (cut != null) {
      throw new IOException(
          cut + ", so that nothing sensible can follow it on " + owner + "; close it");
    }
  }

  private void finish() {
    writing = turn != null && turn.wakeOne();
  }

  void write(ByteBuffer bytes) throws IOException {
    Party me = begin();
    try {
      check();
      if (bytes.remaining() <= CHUNK && unsent <= settings.highWater()) {
        append(bytes);
      } else {
        appendAll(me, bytes.remaining(), bytes);
      }
    } finally {
      finish();
    }
    awaitRoomAfter(me);
  }

  void write(ByteBuffer[] parts) throws IOException {
    long total = 0;
    for (ByteBuffer part : parts) {
      total += part.remaining();
    }
    Party me = begin();
    try {
      check();
      appendAll(me, total, parts);
    } finally {
      finish();
    }
    awaitRoomAfter(me);
  }

  /// What is not longer than the buffer is accepted at once, or not at all.
  private void appendAll(Party me, long total, ByteBuffer... parts) throws IOException {
    boolean inOne = total <= Math.max(CHUNK, settings.highWater());
    long accepted = 0;
    boolean complete = false;
    try {
      awaitRoom(me);
      for (ByteBuffer part : parts) {
        while (part.hasRemaining()) {
          if (!inOne) {
            awaitRoom(me);
          }
          accepted += append(part);
        }
      }
      complete = true;
    } finally {
      if (!complete && accepted > 0) {
        cut = "a write was given up after " + accepted + " of " + total + " bytes";
      }
    }
  }

  int append(ByteBuffer from) {
    int count = Math.min(from.remaining(), CHUNK);
    if (count > 0) {
      int limit = from.limit();
      ByteBuf to = wire.buffer(count);
      to.writeBytes(from.limit(from.position() + count));
      from.limit(limit);
      unsent += count;
      wire.send(to, count);
    }
    return count;
  }

  void awaitRoom(Party me) throws IOException {
    if (unsent > settings.highWater()) {
      room = waiting(room, "room to write to ");
      while (unsent > settings.lowWater() && isUsable()) {
        room.await(me);
      }
      throwIfUnusable("writing to");
    }
  }

  /// What was written is accepted; the writer is only held back.
  private void awaitRoomAfter(Party me) throws IOException {
    if (unsent > settings.highWater()) {
      awaitRoom(me);
    } else {
      me.passed();
    }
  }

  void flush() throws IOException {
    Party me = owner.enter();
    throwIfUnusable("flushing");
    if (unsent == 0) {
      me.passed();
      return;
    }
    empty = waiting(empty, "what was written to leave on ");
    while (unsent > 0 && isUsable()) {
      empty.await(me);
    }
    throwIfUnusable("flushing");
  }

  void end() throws IOException {
    var _ = owner.enter();
    throwIfUnusable("closing the output of");
    if (writing) {
      throw new IllegalStateException(
          "a task writes to "
              + owner
              + " or starts TLS on it: its output is closed between two writes");
    }
    if (!ended) {
      check();
      ended = true;
      wire.endOutput();
    }
  }

  // Files

  long sendFile(FileChannel file, long position, long count) throws IOException {
    if (position < 0 || count < 0) {
      throw new IllegalArgumentException(
          "from " + position + ", " + count + " bytes of a file: neither is below 0");
    }
    Party me = begin();
    FileTransfer transfer = new FileTransfer(this, owner, wire, file, position);
    long sent;
    try {
      check();
      sent = transfer.run(me, count);
    } finally {
      if (transfer.isCut()) {
        cut = "a file was given up after " + transfer.sent() + " bytes";
      }
      finish();
    }
    awaitRoomAfter(me);
    return sent;
  }
}
