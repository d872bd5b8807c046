package dev.thrum.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.TreeMap;

/// Cuts lines that are too long, so that who parses them needs no memory for them, and remembers
/// which. A quote that is cut off with its partner still there is put at the end of what is left.
final class ShortLines extends FilterInputStream {
  private final int longest;
  private final TreeMap<Long, Long> cut = new TreeMap<>();
  private long line = 1;
  private long length;
  private boolean quoteCut;
  private boolean afterReturn;

  ShortLines(InputStream in, int longest) {
    super(in);
    this.longest = longest;
  }

  /// How long a line was that has been cut and is one of these; 0 if there is none.
  long cut(long from, long to) {
    if (cut.isEmpty()) {
      return 0;
    }
    cut.headMap(from).clear();
    var first = cut.ceilingEntry(from);
    return first == null || first.getKey() > to ? 0 : first.getValue();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int size) throws IOException {
    while (true) {
      int got = super.read(into, offset, size);
      if (got < 0) {
        return end(into, offset);
      }
      int kept = keep(into, offset, got);
      if (kept > 0 || got == 0) {
        return kept;
      }
    }
  }

  private int end(byte[] into, int offset) {
    noteIfCut();
    length = 0;
    if (!quoteCut) {
      return -1;
    }
    quoteCut = false;
    into[offset] = '"';
    return 1;
  }

  private void noteIfCut() {
    if (length > longest) {
      cut.put(line, length);
    }
  }

  /// There is room for a quote: it takes the place of one of those that were cut off.
  private int keep(byte[] bytes, int offset, int count) {
    int to = offset;
    for (int i = offset; i < offset + count; i++) {
      byte one = bytes[i];
      if (one == '\n' || one == '\r') {
        if (one == '\r' || !afterReturn) {
          noteIfCut();
          line++;
        }
        length = 0;
        if (quoteCut && to < i) {
          bytes[to++] = '"';
          quoteCut = false;
        }
        bytes[to++] = one;
      } else if (++length <= longest) {
        bytes[to++] = one;
      } else if (one == '"') {
        quoteCut = !quoteCut;
      }
      afterReturn = one == '\r';
    }
    return to - offset;
  }
}
