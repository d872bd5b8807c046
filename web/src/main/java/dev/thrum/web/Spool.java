package dev.thrum.web;

import dev.thrum.Task;
import dev.thrum.internal.Offload;
import dev.thrum.internal.wait.Party;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Bytes that are kept in memory while they are few, and in a file without a name otherwise: where
/// the system can do that, nothing is left of it even if the process is killed.
final class Spool implements AutoCloseable {
  private static final int FIRST = 1 << 10;
  private static final int CHUNK = 1 << 17;

  private byte[] memory = {};
  private int count;
  private long written;
  private @Nullable FileChannel file;

  long size() {
    return written + count;
  }

  /// How many of its bytes are in memory.
  int inMemory() {
    return count;
  }

  /// Adds bytes.
  ///
  /// @param room how many bytes may be in memory if there is no file yet
  void add(byte[] bytes, int length, int room) throws IOException {
    boolean fits = file == null ? count + length <= room : count + length <= CHUNK;
    if (!fits) {
      drain();
    }
    if (count + length > memory.length) {
      int doubled = Math.max(FIRST, 2 * memory.length);
      memory = Arrays.copyOf(memory, Math.max(count + length, doubled));
    }
    System.arraycopy(bytes, 0, memory, count, length);
    count += length;
  }

  /// Says that it is complete.
  void finish() throws IOException {
    if (file != null) {
      drain();
    }
    memory = Arrays.copyOf(memory, count);
  }

  private void drain() throws IOException {
    beside(() -> {
      FileChannel open = file;
      if (open == null) {
        open = open();
        file = open;
      }
      ByteBuffer left = ByteBuffer.wrap(memory, 0, count);
      while (left.hasRemaining()) {
        written += open.write(left);
      }
      return true;
    });
    count = 0;
  }

  private static FileChannel open() throws IOException {
    Path path = Files.createTempFile("thrum-upload-", "");
    try {
      return FileChannel.open(
          path,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      Files.delete(path);
      throw e;
    }
  }

  boolean isFile() {
    return file != null;
  }

  /// Reads from a place.
  ///
  /// @return how many bytes; -1 at the end
  int read(long position, byte[] into, int from, int length) throws IOException {
    if (position >= size()) {
      return -1;
    }
    FileChannel open = file;
    if (open != null) {
      return beside(() -> open.read(ByteBuffer.wrap(into, from, length), position));
    }
    int part = Math.min(length, count - (int) position);
    System.arraycopy(memory, (int) position, into, from, part);
    return part;
  }

  /// Puts it into a file, which is there as a whole or not at all.
  void saveTo(Path target) throws IOException {
    beside(() -> {
      String name =
          ".%s.%016x".formatted(target.getFileName(), ThreadLocalRandom.current().nextLong());
      Path beside = target.resolveSibling(name);
      try {
        copyTo(beside);
        move(beside, target);
      } finally {
        Files.deleteIfExists(beside);
      }
      return true;
    });
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void copyTo(Path target) throws IOException {
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      FileChannel open = file;
      if (open == null) {
        ByteBuffer left = ByteBuffer.wrap(memory, 0, count);
        while (left.hasRemaining()) {
          int _ = out.write(left);
        }
        return;
      }
      for (long at = 0; at < written; ) {
        at += open.transferTo(at, written - at, out);
      }
    }
  }

  @Override
  public void close() throws IOException {
    FileChannel open = file;
    if (open != null) {
      beside(() -> {
        open.close();
        return true;
      });
    }
  }

  /// Does something with the disk: beside the loop if a task wants it, and right here in a thread
  /// that may block. It is not interrupted, which would close the file.
  private static <T> T beside(Offload.Call<T> call) throws IOException {
    return Party.current() instanceof Task<?>
        ? Offload.call("an upload's file", Offload.OnCancel.WAIT, call)
        : call.call();
  }
}
