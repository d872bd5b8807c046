package dev.thrum.internal.process;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.StreamCorruptedException;

/// One message between a pool and a child.
public final class Frame {

  /// What a message is.
  public enum Kind {
    /// To the child: what it is to be like; the first frame.
    SETTINGS('s'),
    /// To the child: a body to run.
    BODY('b'),
    /// To the child: a class file or resource that it asked for, or that there is none.
    RESOURCE('r'),
    /// To the child: end.
    EXIT('e'),
    /// From the child: it has started.
    READY('R'),
    /// From the child: it has a body and begins with it.
    BEGUN('B'),
    /// From the child: it needs a class file or resource.
    WANTED('W'),
    /// From the child: the body's value.
    VALUE('V'),
    /// From the child: the body's exception.
    THROWN('T'),
    /// From the child: the body's value cannot be sent.
    UNSENDABLE('S'),
    /// From the child: the body could not be read.
    UNREADABLE('U'),
    /// From the child: it has no memory left, and ends.
    OUT_OF_MEMORY('M');

    private static final Kind[] ALL = values();

    final byte code;

    Kind(char code) {
      this.code = (byte) code;
    }

    static Kind of(byte code) throws StreamCorruptedException {
      for (Kind kind : ALL) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new StreamCorruptedException("no frame has the code " + code);
    }
  }

  private final Kind kind;
  private final byte[] content;

  Frame(Kind kind, byte[] content) {
    this.kind = kind;
    this.content = content;
  }

  /// What it is.
  ///
  /// @return the kind
  public Kind kind() {
    return kind;
  }

  /// Reads what it says.
  ///
  /// @return a stream over all of it
  public DataInputStream read() {
    return new DataInputStream(new ByteArrayInputStream(content));
  }
}
