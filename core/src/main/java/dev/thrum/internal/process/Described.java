package dev.thrum.internal.process;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An exception as text: what is told of it where it cannot go itself. The exception's own methods
/// may fail; what they do not say is left out.
@SuppressWarnings("OverrideThrowableToString") // it speaks for another class
public final class Described extends Throwable {
  private static final long serialVersionUID = 1L;
  private static final int FRAMES = 1_024;
  private static final int CAUSES = 16;

  private final String text;

  private Described(String text, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.text = text;
  }

  /// What the exception called itself.
  @Override
  public String toString() {
    return text;
  }

  static void write(DataOutput out, @Nullable Throwable thrown) throws IOException {
    List<Throwable> chain = chain(thrown);
    out.writeInt(chain.size());
    for (Throwable one : chain) {
      writeOne(out, one);
    }
  }

  /// An exception and its causes, as far as they go.
  static List<Throwable> chain(@Nullable Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    Throwable at = thrown;
    while (at != null && chain.size() < CAUSES) {
      chain.add(at);
      at = causeOf(at);
    }
    return chain;
  }

  private static @Nullable Throwable causeOf(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (Throwable _) {
      return null;
    }
  }

  private static void writeOne(DataOutput out, Throwable thrown) throws IOException {
    Content.writeText(out, textOf(thrown));
    Content.writeText(out, messageOf(thrown));
    StackTraceElement[] frames = stackOf(thrown);
    int count = Math.min(frames.length, FRAMES);
    out.writeInt(count);
    for (int i = 0; i < count; i++) {
      StackTraceElement frame = frames[i];
      Content.writeText(out, frame.getClassName());
      Content.writeText(out, frame.getMethodName());
      Content.writeText(out, frame.getFileName() == null ? "" : frame.getFileName());
      out.writeInt(frame.getLineNumber());
    }
  }

  /// What the exception calls itself.
  static String textOf(Throwable thrown) {
    try {
      return String.valueOf(thrown.toString());
    } catch (Throwable e) {
      return thrown.getClass().getName() + " (its toString() throws " + e.getClass() + ")";
    }
  }

  /// What an exception says, or which exception says nothing.
  ///
  /// @param thrown the exception, whose methods may fail
  /// @return its message
  public static String messageOf(Throwable thrown) {
    try {
      return String.valueOf(thrown.getMessage());
    } catch (Throwable _) {
      return textOf(thrown);
    }
  }

  private static StackTraceElement[] stackOf(Throwable thrown) {
    try {
      return thrown.getStackTrace();
    } catch (Throwable _) {
      return new StackTraceElement[0];
    }
  }

  /// Reads what the other side wrote.
  ///
  /// @param in where it comes from
  /// @return the exception's description, with its causes, or null if there was none
  /// @throws IOException if it makes no sense
  public static @Nullable Described read(DataInput in) throws IOException {
    return read(in, checked(in.readInt(), CAUSES));
  }

  private static @Nullable Described read(DataInput in, int left) throws IOException {
    if (left == 0) {
      return null;
    }
    String text = Content.readText(in);
    String message = Content.readText(in);
    StackTraceElement[] stack = new StackTraceElement[checked(in.readInt(), FRAMES)];
    for (int i = 0; i < stack.length; i++) {
      stack[i] = readFrame(in);
    }
    Described described = new Described(text, message, read(in, left - 1));
    described.setStackTrace(stack);
    return described;
  }

  private static StackTraceElement readFrame(DataInput in) throws IOException {
    String type = Content.readText(in);
    String method = Content.readText(in);
    String file = Content.readText(in);
    return new StackTraceElement(type, method, file.isEmpty() ? null : file, in.readInt());
  }

  private static int checked(int count, int most) throws IOException {
    if (count < 0 || count > most) {
      throw new java.io.StreamCorruptedException("there cannot be " + count + " of them");
    }
    return count;
  }
}
