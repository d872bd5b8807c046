package dev.thrum.process;

import java.io.IOException;

/// A program says that it has failed: its exit code is not 0. The message tells the command, the
/// code, and the end of what the program wrote to its error output.
public final class ExitCodeException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int TAIL = 2_000;

  private final transient Completed completed;

  /// What the program ended with.
  private final int exitCode;

  ExitCodeException(Completed completed) {
    super(message(completed));
    this.completed = completed;
    this.exitCode = completed.exitCode();
  }

  private static String message(Completed completed) {
    int code = completed.exitCode();
    String signal = code > 128 && code < 160 ? " (128 + signal " + (code - 128) + ")" : "";
    String complaint = completed.stderr().strip();
    String tail =
        complaint.length() <= TAIL
            ? complaint
            : "…" + complaint.substring(complaint.length() - TAIL);
    return "`"
        + String.join(" ", completed.command())
        + "` exited with "
        + code
        + signal
        + (tail.isEmpty() ? " and wrote nothing to stderr" : ":\n" + tail);
  }

  /// The exit code.
  ///
  /// @return the code, not 0
  public int exitCode() {
    return exitCode;
  }

  /// How the program ended and what it wrote.
  ///
  /// @return what was checked
  public Completed completed() {
    return completed;
  }
}
