package dev.thrum.net.internal;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Bytes that have come and have not been asked for, in the buffers in which they came.
public final class Input {
  /// Mostly there is one part, which needs no queue.
  private @Nullable ByteBuf first;

  private @Nullable ArrayDeque<ByteBuf> others;
  private int size;

  /// Where the last search for a separator was given up, so that a long wait for one does not look
  /// at the same bytes again.
  private int searched;

  private byte[] searchedFor = {};

  /// Empty.
  public Input() {}

  /// How many bytes are here.
  ///
  /// @return the number
  public int size() {
    return size;
  }

  /// Whether there are none.
  ///
  /// @return true if it is empty
  public boolean isEmpty() {
    return size == 0;
  }

  /// Appends.
  ///
  /// @param part belongs to this from now on
  public void add(ByteBuf part) {
    int length = part.readableBytes();
    if (length == 0) {
      part.release();
      return;
    }
    size = Math.addExact(size, length);
    if (first == null) {
      first = part;
    } else {
      if (others == null) {
        others = new ArrayDeque<>();
      }
      others.add(part);
    }
  }

  /// Takes bytes out.
  ///
  /// @param count how many, not more than are here
  /// @return the bytes
  public byte[] take(int count) {
    byte[] taken = new byte[count];
    take(taken, 0, count);
    return taken;
  }

  /// Takes bytes out.
  ///
  /// @param to where they go
  /// @param from the first one's place
  /// @param count how many, not more than are here
  public void take(byte[] to, int from, int count) {
    int done = 0;
    while (done < count) {
      ByteBuf part = first();
      int some = Math.min(count - done, part.readableBytes());
      part.readBytes(to, from + done, some);
      done += some;
      dropIfRead(part);
    }
    taken(count);
  }

  /// Takes out as many bytes as are here and as there is room for.
  ///
  /// @param to where they go
  /// @return how many
  public int take(ByteBuffer to) {
    int count = Math.min(size, to.remaining());
    int limit = to.limit();
    int left = count;
    while (left > 0) {
      ByteBuf part = first();
      int some = Math.min(left, part.readableBytes());
      to.limit(to.position() + some);
      part.readBytes(to);
      left -= some;
      dropIfRead(part);
    }
    to.limit(limit);
    taken(count);
    return count;
  }

  /// Throws bytes away.
  ///
  /// @param count how many, not more than are here
  public void skip(int count) {
    int left = count;
    while (left > 0) {
      ByteBuf part = first();
      int some = Math.min(left, part.readableBytes());
      part.skipBytes(some);
      left -= some;
      dropIfRead(part);
    }
    taken(count);
  }

  /// Gives everything away, in order.
  ///
  /// @param to who releases the buffers
  public void giveAll(Consumer<ByteBuf> to) {
    for (ByteBuf part = first; part != null; part = first) {
      first = next();
      taken(part.readableBytes());
      to.accept(part);
    }
  }

  /// Looks at a byte.
  ///
  /// @param place how many bytes stand before it, less than are here
  /// @return the byte
  public byte at(int place) {
    int before = 0;
    for (ByteBuf part : parts()) {
      int length = part.readableBytes();
      if (place < before + length) {
        return part.getByte(part.readerIndex() + place - before);
      }
      before += length;
    }
    throw new IndexOutOfBoundsException(place);
  }

  /// Throws everything away.
  public void clear() {
    giveAll(ByteBuf::release);
  }

  private void dropIfRead(ByteBuf part) {
    if (!part.isReadable()) {
      first = next();
      part.release();
    }
  }

  private ByteBuf first() {
    return Objects.requireNonNull(first, "more bytes taken than there are");
  }

  private @Nullable ByteBuf next() {
    return others == null ? null : others.poll();
  }

  private void taken(int count) {
    size -= count;
    searched = Math.max(0, searched - count);
  }

  /// Looks for a separator.
  ///
  /// @param separator at least one byte
  /// @return how many bytes stand before it, or -1 if it is not here
  public int indexOf(byte[] separator) {
    if (!Arrays.equals(separator, searchedFor)) {
      searchedFor = separator.clone();
      searched = 0;
    }
    int at = searched;
    while (at + separator.length <= size) {
      int first = indexOf(separator[0], at);
      if (first < 0) {
        at = size;
      } else if (first + separator.length > size) {
        at = first;
        break;
      } else if (matches(separator, first)) {
        searched = first;
        return first;
      } else {
        at = first + 1;
      }
    }
    searched = at;
    return -1;
  }

  private int indexOf(byte wanted, int from) {
    int before = 0;
    for (ByteBuf part : parts()) {
      int length = part.readableBytes();
      int start = Math.max(0, from - before);
      if (start < length) {
        int found = part.bytesBefore(part.readerIndex() + start, length - start, wanted);
        if (found >= 0) {
          return before + start + found;
        }
      }
      before += length;
    }
    return -1;
  }

  private List<ByteBuf> parts() {
    if (first == null) {
      return List.of();
    }
    if (others == null || others.isEmpty()) {
      return List.of(first);
    }
    List<ByteBuf> all = new ArrayList<>(others.size() + 1);
    all.add(first);
    all.addAll(others);
    return all;
  }

  private boolean matches(byte[] separator, int from) {
    int before = 0;
    int matched = 0;
    for (ByteBuf part : parts()) {
      int length = part.readableBytes();
      for (int at = from + matched - before; at < length; at++) {
        if (part.getByte(part.readerIndex() + at) != separator[matched]) {
          return false;
        }
        if (++matched == separator.length) {
          return true;
        }
      }
      before += length;
    }
    return false;
  }
}
