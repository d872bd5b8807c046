package dev.thrum.file;

import dev.thrum.internal.LeftOpen;
import dev.thrum.internal.Offload;
import dev.thrum.internal.Offload.OnCancel;
import dev.thrum.sync.Mutex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A channel, used by one thread of the pool at a time.
final class AsyncFileImpl implements AsyncFile {
  private static final int PORTION = 1 << 16;

  private final Path path;
  private final FileChannel channel;
  private final boolean regular;
  private final Mutex turn;
  private final AtomicBoolean closed = new AtomicBoolean();
  private Runnable noted = () -> {};

  private AsyncFileImpl(Path path, FileChannel channel, boolean regular) {
    this.path = path;
    this.channel = channel;
    this.regular = regular;
    this.turn = Mutex.create("file " + path);
  }

  static AsyncFileImpl open(Path path, OpenOption... options) throws IOException {
    AsyncFileImpl file =
        open(path, () -> FileChannel.open(path, options), AsyncFileImpl::closeLate);
    file.noted = LeftOpen.unlessClosed(file, file::isOpen);
    return file;
  }

  /// Opens it in a way of its own.
  ///
  /// @param late gets it if it comes when nobody waits for it any more
  static AsyncFileImpl open(
      Path path, Offload.Call<FileChannel> opening, Consumer<AsyncFileImpl> late)
      throws IOException {
    return Offload.open(
        "opening " + path,
        () -> new AsyncFileImpl(path, opening.call(), Files.isRegularFile(path)),
        late);
  }

  void closeLate() {
    try {
      channel.close();
    } catch (IOException _) {
      // Nobody has written to it.
    }
  }

  private <T> T use(String what, Offload.Call<T> step) throws IOException {
    return turn.withLock(() -> {
      checkOpen();
      try {
        return Offload.call(what + " " + path, regular ? OnCancel.WAIT : OnCancel.INTERRUPT, step);
      } catch (ClosedChannelException e) {
        throw closed(e);
      } catch (NonReadableChannelException | NonWritableChannelException e) {
        throw new IllegalStateException(
            what + " " + path + " needs another option at open(path, options…): READ, WRITE", e);
      }
    });
  }

  private void act(String what, Offload.Action step) throws IOException {
    var _ = use(what, Offload.valued(step));
  }

  private void checkOpen() {
    if (!isOpen()) {
      throw closed(null);
    }
  }

  private IllegalStateException closed(@Nullable Throwable cause) {
    return new IllegalStateException(
        "file "
            + path
            + (closed.get() ? " has been closed" : " was closed by a cancelled operation")
            + ": open it again, or use it inside the try block that opens it",
        cause);
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public boolean isOpen() {
    return !closed.get() && channel.isOpen();
  }

  @Override
  public byte[] read(int max) throws IOException {
    checkMax(max);
    return use(
        "reading",
        () -> {
          byte[] bytes = new byte[regular ? room(max, channel.position()) : Math.min(max, PORTION)];
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          int count = Slices.read(channel, buffer);
          while (regular && count >= 0 && buffer.hasRemaining()) {
            count = Slices.read(channel, buffer);
          }
          return Arrays.copyOf(bytes, buffer.position());
        });
  }

  /// No more than there is to read.
  private int room(int max, long position) throws IOException {
    return (int) Math.clamp(channel.size() - position, 0L, max);
  }

  private static void checkMax(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("read at least 1 byte, not " + max);
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return use("reading", () -> Slices.read(channel, into));
  }

  @Override
  public byte[] readAll() throws IOException {
    return use(
        "reading",
        () -> {
          long left = regular ? channel.size() - channel.position() : 0;
          ByteArrayOutputStream all =
              new ByteArrayOutputStream(Math.clamp(left, 0, Integer.MAX_VALUE - 8));
          ByteBuffer buffer = ByteBuffer.allocate(PORTION);
          while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
          }
          return all.toByteArray();
        });
  }

  @Override
  public byte[] readAt(long position, int max) throws IOException {
    checkMax(max);
    checkPosition(position);
    return use(
        "reading",
        () -> {
          byte[] bytes = new byte[room(max, position)];
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          int count = 0;
          while (count >= 0 && buffer.hasRemaining()) {
            count = Slices.read(channel, buffer, position + buffer.position());
          }
          return Arrays.copyOf(bytes, buffer.position());
        });
  }

  private static void checkPosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("a position must not be negative: " + position);
    }
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    write(ByteBuffer.wrap(bytes));
  }

  @Override
  public void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    act("writing", () -> Slices.write(channel, bytes));
  }

  @Override
  public void writeAt(long position, byte[] bytes) throws IOException {
    checkPosition(position);
    act("writing", () -> Slices.write(channel, ByteBuffer.wrap(bytes), position));
  }

  @Override
  public long position() throws IOException {
    return use("asking for the position in", channel::position);
  }

  @Override
  public void seek(long position) throws IOException {
    checkPosition(position);
    act("seeking in", () -> channel.position(position));
  }

  @Override
  public long size() throws IOException {
    return use("asking for the size of", channel::size);
  }

  @Override
  public void truncate(long size) throws IOException {
    checkPosition(size);
    act("truncating", () -> channel.truncate(size));
  }

  @Override
  public void force() throws IOException {
    act("forcing", () -> channel.force(true));
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      noted.run();
      Offload.cleanUp("closing " + path, channel::close);
    }
  }

  @Override
  public String toString() {
    return "file " + path;
  }
}
