package dev.thrum.internal.process;

import dev.thrum.internal.process.ChildMain.Letter;
import dev.thrum.internal.process.Frame.Kind;
import java.io.DataOutput;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;

/// One body in a child, from its bytes to the answer. It runs in a thread of its own and leaves
/// nothing in it to the next one.
///
/// There is an answer whatever happens, since the parent waits for it: what code of the body is
/// asked here, an exception's methods, what a value does when it is written, or a stream that was
/// set in the place of standard output, may throw anything.
final class Job implements Runnable {
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
      flush(System.out);
      flush(System.err);
      answer.accept(letter);
    } catch (OutOfMemoryError _) {
      Runtime.getRuntime().halt(ChildMain.OUT_OF_MEMORY);
    } catch (Throwable e) {
      answer.accept(unsendable(e));
    }
  }

  private static void flush(PrintStream stream) {
    try {
      stream.flush();
    } catch (Throwable _) {
      // the body has put it there, and has its answer all the same
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
    return Described.chain(thrown).stream().anyMatch(OutOfMemoryError.class::isInstance)
        ? new Letter(Kind.OUT_OF_MEMORY, Content.of(out -> Described.write(out, thrown)))
        : other.make();
  }

  private static Letter unreadable(Throwable thrown) {
    return new Letter(
        Kind.UNREADABLE,
        Content.of(out -> {
          Content.writeText(out, Described.messageOf(thrown));
          Described.write(out, thrown);
        }));
  }

  private static Letter unsendable(Throwable thrown) {
    return new Letter(
        Kind.UNSENDABLE,
        Content.of(out -> {
          Content.writeText(out, Described.messageOf(thrown));
          List<Throwable> chain = Described.chain(thrown);
          Throwable cause = chain.size() > 1 ? chain.get(1) : null;
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
      Content.writeText(out, Described.messageOf(e));
      return;
    }
    Content.writeText(out, "");
    out.write(packed.toByteArray());
  }
}
