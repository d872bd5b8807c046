package dev.thrum.process;

import java.util.Arrays;

/// Bytes that have been read and not yet asked for.
final class ByteQueue {
  private static final int FIRST = 1 << 13;

  private byte[] bytes = {};
  private int begin;
  private int end;
  private int searched;

  boolean isEmpty() {
    return begin == end;
  }

  void add(byte[] more) {
    if (isEmpty()) {
      bytes = more; // nobody else has it
      begin = 0;
      end = more.length;
      searched = 0;
      return;
    }
    makeRoom(more.length);
    System.arraycopy(more, 0, bytes, end, more.length);
    end += more.length;
  }

  private void makeRoom(int more) {
    int size = end - begin;
    if (Math.addExact(end, more) <= bytes.length) {
      return;
    }
    boolean fits = size + more <= bytes.length && begin > bytes.length / 2;
    byte[] to = fits ? bytes : new byte[grown(Math.addExact(size, more))];
    System.arraycopy(bytes, begin, to, 0, size);
    bytes = to;
    searched -= begin;
    begin = 0;
    end = size;
  }

  private static int grown(int needed) {
    int grown = needed + (needed >> 1);
    return grown < 0 ? needed : Math.max(grown, FIRST);
  }

  /// Takes at most so many.
  byte[] take(int max) {
    int count = Math.min(max, end - begin);
    byte[] taken = Arrays.copyOfRange(bytes, begin, begin + count);
    begin += count;
    searched = Math.max(searched, begin);
    if (isEmpty()) {
      bytes = new byte[0];
      begin = 0;
      end = 0;
      searched = 0;
    }
    return taken;
  }

  /// How many bytes the first line has with its end.
  ///
  /// @return zero if its end is not there
  int lineLength() {
    for (; searched < end; searched++) {
      if (bytes[searched] == '\n') {
        return searched + 1 - begin;
      }
    }
    return 0;
  }
}
