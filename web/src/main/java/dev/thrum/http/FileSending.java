package dev.thrum.http;

import dev.thrum.http.internal.Departed;
import dev.thrum.internal.Offload;
import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// A part of a file on its way into a response. Where the system can copy it, it does, a slice at a
/// time; else it is read beside the loop and sent as anything else is.
final class FileSending {
  private static final long SLICE = 1 << 20;
  private static final int PIECE = 1 << 16;

  private FileSending() {}

  static void send(HttpChannel channel, Party me, FileChannel file, long position, long count)
      throws IOException {
    long at = position;
    long end = position + count;
    boolean handsOver = channel.canSendFile(file);
    while (at < end) {
      channel.awaitRoom(me);
      if (handsOver) {
        long slice = Math.min(SLICE, end - at);
        new Slice(channel, file, at, slice).send(me);
        at += slice;
      } else {
        at += copy(channel, file, at, (int) Math.min(PIECE, end - at));
      }
    }
    channel.awaitRoom(me);
  }

  private static int copy(HttpChannel channel, FileChannel file, long at, int count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    int read =
        Offload.call(
            "reading a file for " + channel, Offload.OnCancel.WAIT, () -> file.read(buffer, at));
    if (read <= 0) {
      throw tooShort();
    }
    channel.send(new DefaultHttpContent(Unpooled.wrappedBuffer(buffer.flip())), read);
    return read;
  }

  private static IOException tooShort() {
    return new IOException("the file has become shorter meanwhile");
  }

  /// What the system copies by itself. It has the file's number until it is done: so a caller who
  /// is cancelled cuts the connection off and waits for its end.
  static final class Slice extends DefaultFileRegion {
    private final HttpChannel channel;
    private final FileChannel file;
    private final Waiting waiting = Waiting.on("the sending of a file to ", this, true);
    private boolean done;
    private @Nullable Throwable failure;

    Slice(HttpChannel channel, FileChannel file, long position, long count) {
      super(file, position, count);
      this.channel = channel;
      this.file = file;
    }

    void send(Party me) throws IOException {
      channel.send(this, 0);
      while (!done) {
        if (!waiting.awaitFor(me, channel.server.settings.writeTimeout())) {
          boolean cancelled = me.mustLeave();
          if (cancelled || !hasMoved()) {
            channel.cutOff();
            awaitEnd(me);
            me.enter();
          }
        }
      }
      Throwable why = failure;
      if (why != null) {
        throw file.isOpen() && file.size() < position() + count() ? tooShort() : failed(why);
      }
      channel.checkThere();
    }

    private static IOException failed(Throwable why) {
      String text = "sending a file failed: " + why.getMessage();
      return isDeparture(why) ? new Departed(text, why) : new IOException(text, why);
    }

    /// What the system says of a client has no type of its own.
    private static boolean isDeparture(Throwable why) {
      String text = String.valueOf(why.getMessage());
      return why instanceof ClosedChannelException
          || why instanceof ChannelOutputShutdownException
          || why instanceof Departed
          || text.contains("Broken pipe")
          || text.contains("Connection reset");
    }

    private long seen;

    private boolean hasMoved() {
      boolean moved = transferred() > seen;
      seen = transferred();
      return moved;
    }

    private void awaitEnd(Party me) {
      while (!done) {
        waiting.awaitMasked(me);
      }
    }

    /// By the poller.
    void ended(@Nullable Throwable why) {
      done = true;
      failure = why;
      waiting.wakeAll();
    }

    @Override
    protected void deallocate() {
      if (!done) {
        ended(new Departed("the client is gone", null));
      }
    }

    @Override
    public String toString() {
      return channel.toString();
    }
  }
}
