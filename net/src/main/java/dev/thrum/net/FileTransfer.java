package dev.thrum.net;

import dev.thrum.internal.Offload;
import dev.thrum.internal.wait.Party;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongSupplier;

/// A file on its way out, by the writer whose turn it is. Where the wire can, the system copies it,
/// a slice at a time; else it is read beside the loop and written as anything else is.
final class FileTransfer {
  private static final long SLICE = 1 << 20;

  private final WriteHalf out;
  private final ConnectionImpl owner;
  private final Wire wire;
  private final FileChannel file;
  private final long position;
  private final boolean handsOver;
  private long sent;
  private boolean complete;

  FileTransfer(WriteHalf out, ConnectionImpl owner, Wire wire, FileChannel file, long position) {
    this.out = out;
    this.owner = owner;
    this.wire = wire;
    this.file = file;
    this.position = position;
    this.handsOver = wire.canSendFile(file);
  }

  long run(Party me, long count) throws IOException {
    int _ = file.read(ByteBuffer.allocate(0), 0); // throws if it is not open for reading
    long end = Math.min(count, file.size() - position);
    try {
      while (sent < end) {
        out.awaitRoom(me);
        if (handsOver) {
          hand(Math.min(SLICE, end - sent));
        } else {
          copy(Math.min(WriteHalf.CHUNK, end - sent));
        }
      }
    } catch (IOException e) {
      throw failure(owner.reason(e));
    }
    complete = true;
    return sent;
  }

  /// Until the system is done it has the file's number, so a cancelled caller waits for the
  /// connection's end.
  private void hand(long count) throws IOException {
    Reply<Boolean> done = new Reply<>("sending a file on " + owner);
    out.addUnsent(count);
    LongSupplier taken = wire.sendFile(file, position + sent, count, done);
    try {
      var _ = done.awaitOr(owner::abort);
    } finally {
      sent += taken.getAsLong();
    }
  }

  private void copy(long count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) count);
    long from = position + sent;
    int read =
        Offload.call(
            "reading a file for " + owner, Offload.OnCancel.WAIT, () -> file.read(buffer, from));
    if (read <= 0) {
      throw new IOException("the file has become shorter meanwhile");
    }
    sent += out.append(buffer.flip());
  }

  private SendFileException failure(IOException why) {
    long taken = handsOver ? sent : sent - Math.min(sent, out.unsent());
    return new SendFileException(
        "sending a file on "
            + owner
            + " failed after "
            + taken
            + " bytes: "
            + Failures.reasonOf(why),
        taken,
        why);
  }

  /// Whether a part was sent that nothing sensible can follow.
  boolean isCut() {
    return sent > 0 && !complete;
  }

  long sent() {
    return sent;
  }
}
