package dev.thrum.internal.process;

import dev.thrum.internal.process.ChildMain.Letter;
import dev.thrum.internal.process.Frame.Kind;
import java.io.DataOutput;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.function.Consumer;

/// One body in a child, from its bytes to the answer. It runs in a thread of its own and leaves
/// nothing in it to the next one.
final class Job implements Runnable {
  private static final int CAUSES = 16;

  private final Parcel parcel;
  private final ClassLoader loader;
  private final Consumer<Letter> answer;

  Job(Parcel parcel, ClassLoader loader, Consumer<Letter> answer) {
    this.parcel = parcel;
    this.loader = loader;
    this.answer = answer;
  }

  @Override
  public void run() {
    try {
      Letter letter = perform();
      System.out.flush();
      System.err.flush();
      answer.accept(letter);
    } catch (OutOfMemoryError _) {
      Runtime.getRuntime().halt(ChildMain.OUT_OF_MEMORY);
    }
  }

  private Letter perform() {
    Object body;
    try {
      body = parcel.unpack(loader);
    } catch (Throwable e) {
      return outOfMemoryOr(e, () -> unreadable(e));
    }
    Object value;
    try {
      value = Parcel.run(body);
    } catch (Throwable e) {
      Stacks.cutBelowBody(e);
      return outOfMemoryOr(e, () -> thrown(e));
    }
    try {
      return new Letter(Kind.VALUE, Packer.pack(value).content());
    } catch (Throwable e) {
      return outOfMemoryOr(e, () -> unsendable(e));
    }
  }

  private interface Report {
    Letter make();
  }

  private static Letter outOfMemoryOr(Throwable thrown, Report other) {
    Throwable at = thrown;
    for (int i = 0; at != null && i < CAUSES; i++) {
      if (at instanceof OutOfMemoryError) {
        return new Letter(Kind.OUT_OF_MEMORY, Content.of(out -> Described.write(out, thrown)));
      }
      at = at.getCause();
    }
    return other.make();
  }

  private static Letter unreadable(Throwable thrown) {
    return new Letter(
        Kind.UNREADABLE,
        Content.of(out -> {
          Content.writeText(out, String.valueOf(thrown.getMessage()));
          Described.write(out, thrown);
        }));
  }

  private static Letter unsendable(Throwable thrown) {
    return new Letter(
        Kind.UNSENDABLE,
        Content.of(out -> {
          Content.writeText(out, String.valueOf(thrown.getMessage()));
          Throwable cause = thrown.getCause();
          Described.write(out, cause instanceof NotSerializableException ? null : cause);
        }));
  }

  /// The exception as text, and then itself, or why that cannot be.
  private static Letter thrown(Throwable thrown) {
    return new Letter(
        Kind.THROWN,
        Content.of(out -> {
          Described.write(out, thrown);
          writeItself(out, thrown);
        }));
  }

  private static void writeItself(DataOutput out, Throwable thrown) throws IOException {
    Content packed;
    try {
      packed = Packer.pack(thrown).content();
    } catch (IOException e) {
      Content.writeText(out, String.valueOf(e.getMessage()));
      return;
    }
    Content.writeText(out, "");
    out.write(packed.toByteArray());
  }
}
