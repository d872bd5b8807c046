package dev.thrum.process;

import dev.thrum.internal.process.Admission;
import dev.thrum.internal.process.ChildMain;
import dev.thrum.internal.process.Content;
import dev.thrum.internal.process.Described;
import dev.thrum.internal.process.Frame;
import dev.thrum.internal.process.Stacks;
import dev.thrum.internal.process.Unpacker;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Understands what a child says of the body that it was given. What it sends is unpacked by code
/// of the program, which may throw anything.
final class Answers {
  private final Call call;
  private final long pid;

  Answers(Call call, long pid) {
    this.call = call;
    this.pid = pid;
  }

  Worker.Result read(Frame frame, boolean isLast) throws IOException {
    DataInputStream in = frame.read();
    return switch (frame.kind()) {
      case VALUE -> value(in, isLast);
      case THROWN -> failed(thrown(in), isLast);
      case UNSENDABLE -> failed(unsendable(Content.readText(in), Described.read(in)), isLast);
      case UNREADABLE -> failed(unreadable(Content.readText(in), Described.read(in)), isLast);
      case OUT_OF_MEMORY -> failed(outOfMemory(Described.read(in)), isLast);
      default -> throw new IOException("a child does not send " + frame.kind());
    };
  }

  private static Worker.Result failed(Throwable failure, boolean isLast) {
    return new Worker.Result(null, failure, isLast);
  }

  private Worker.Result value(DataInputStream in, boolean isLast) throws IOException {
    try {
      return new Worker.Result(unpack(in), null, isLast);
    } catch (Throwable e) {
      return failed(
          Stacks.without(
              new TransferException("the body's value was not taken over: " + reason(e), e)),
          isLast);
    }
  }

  private @Nullable Object unpack(DataInputStream in) throws IOException, ClassNotFoundException {
    return Unpacker.unpack(in, call.loader, new Admission(call.answer, in.available()));
  }

  private static String reason(Throwable e) {
    return e instanceof ClassNotFoundException
        ? "this JVM has no class " + e.getMessage()
        : Described.messageOf(e);
  }

  /// The exception itself, or one that tells of it.
  private Throwable thrown(DataInputStream in) throws IOException {
    Described described = Described.read(in);
    String reason = Content.readText(in);
    if (reason.isEmpty()) {
      try {
        Throwable itself = (Throwable) Objects.requireNonNull(unpack(in));
        Stacks.cameFrom(itself, pid);
        return itself;
      } catch (Throwable e) {
        reason = reason(e);
      }
    }
    return Stacks.without(
        new TransferException(
            "the body failed with "
                + described
                + ", and the exception itself did not come over: "
                + reason,
            here(described)));
  }

  private Throwable unsendable(String reason, @Nullable Described why) {
    return Stacks.without(
        new TransferException("the body's value cannot be sent back: " + reason, here(why)));
  }

  private Throwable unreadable(String reason, @Nullable Described why) {
    return Stacks.without(
        new TransferException("the child JVM cannot read the body: " + reason, here(why)));
  }

  private Throwable outOfMemory(@Nullable Described what) {
    return Stacks.without(
        new WorkerFailedException(
            "child JVM "
                + pid
                + " ran out of memory, and was ended: "
                + (what == null ? "" : what.getMessage())
                + ". Give it more with Processes.builder().jvmArgs(\"-Xmx…\"), or less to do",
            pid,
            ChildMain.OUT_OF_MEMORY,
            here(what)));
  }

  private @Nullable Described here(@Nullable Described thrown) {
    if (thrown != null) {
      Stacks.cameFrom(thrown, pid);
    }
    return thrown;
  }
}
