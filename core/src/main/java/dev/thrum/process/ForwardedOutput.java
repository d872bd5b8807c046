package dev.thrum.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// A child's output on its way to this JVM's, of which the last lines are remembered.
final class ForwardedOutput implements Runnable {
  private static final int REMEMBERED = 20;
  private static final long PATIENCE_MILLIS = 500;

  private final BufferedReader from;
  private final Consumer<String> to;
  private final Deque<String> last = new ArrayDeque<>();
  private final Thread thread;

  private ForwardedOutput(BufferedReader from, Consumer<String> to) {
    this.from = from;
    this.to = to;
    this.thread = Thread.ofPlatform().daemon().name("thrum-process-output").unstarted(this);
  }

  static ForwardedOutput start(BufferedReader from, Consumer<String> to) {
    ForwardedOutput output = new ForwardedOutput(from, to);
    output.thread.start();
    return output;
  }

  @Override
  public void run() {
    try (from) {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        remember(line);
        to.accept(line);
      }
    } catch (IOException _) {
      // the child has ended
    }
  }

  private synchronized void remember(String line) {
    last.add(line);
    if (last.size() > REMEMBERED) {
      last.remove();
    }
  }

  /// The last lines, once the child has ended.
  String tail() {
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
    synchronized (this) {
      return last.isEmpty() ? "" : ". Its last words:\n" + String.join("\n", last);
    }
  }
}
