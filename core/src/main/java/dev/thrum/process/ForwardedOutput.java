package dev.thrum.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.charset.Charset;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// A child's output on its way to this JVM's, of which the last lines are remembered. A line that
/// is too long to keep comes in pieces.
final class ForwardedOutput implements Runnable {
  private static final int REMEMBERED = 20;
  private static final int LONGEST = 1 << 13;
  private static final long PATIENCE_MILLIS = 500;
  private static final Charset CHARSET =
      Charset.forName(System.getProperty("native.encoding", "UTF-8"));

  private final InputStream from;
  private final Consumer<String> to;
  private final Deque<String> last = new ArrayDeque<>();
  private final Thread thread;

  private ForwardedOutput(InputStream from, Consumer<String> to) {
    this.from = from;
    this.to = to;
    this.thread = Thread.ofPlatform().daemon().name("thrum-process-output").unstarted(this);
  }

  /// Begins to forward.
  ///
  /// @param child the child
  /// @param descriptor where it writes: 1 or 2
  /// @param to gets the lines
  static ForwardedOutput start(Process child, int descriptor, Consumer<String> to)
      throws IOException {
    InputStream pipe = descriptor == 1 ? child.getInputStream() : child.getErrorStream();
    var own = OwnEnd.open(child.pid(), descriptor, StandardOpenOption.READ);
    if (own.isPresent()) {
      pipe.close();
      pipe = Channels.newInputStream(own.get());
    }
    ForwardedOutput output = new ForwardedOutput(pipe, to);
    output.thread.start();
    return output;
  }

  @Override
  public void run() {
    try (Reader reader = new BufferedReader(new InputStreamReader(from, CHARSET))) {
      StringBuilder line = new StringBuilder();
      for (int next = reader.read(); next >= 0; next = reader.read()) {
        if (next != '\n') {
          line.append((char) next);
        }
        if (next == '\n' || line.length() == LONGEST) {
          pass(line);
        }
      }
      if (!line.isEmpty()) {
        pass(line);
      }
    } catch (IOException _) {
      // the child has ended
    }
  }

  private void pass(StringBuilder buffer) {
    int length = buffer.length();
    boolean isOfWindows = length > 0 && buffer.charAt(length - 1) == '\r';
    String line = buffer.substring(0, isOfWindows ? length - 1 : length);
    buffer.setLength(0);
    synchronized (this) {
      last.add(line);
      if (last.size() > REMEMBERED) {
        last.remove();
      }
    }
    try {
      to.accept(line);
    } catch (RuntimeException _) {
      // the program's own stream; the child must not be held up by it
    }
  }

  /// The last lines, once the child has ended.
  String tail() {
    awaitRest();
    synchronized (this) {
      return last.isEmpty() ? "" : ". Its last words:\n" + String.join("\n", last);
    }
  }

  /// Forwards no more, once the child has ended; a program that it has left running may still
  /// write.
  void end() {
    awaitRest();
    try {
      from.close();
    } catch (IOException _) {
      // nobody reads from it any more
    }
  }

  private void awaitRest() {
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
  }
}
