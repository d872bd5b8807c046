package dev.thrum.process;

import org.jspecify.annotations.Nullable;

/// A child JVM ended before the body's result was there, or could not be started: the body called
/// `System.exit`, memory ran out, somebody killed the process, native code crashed it. The pool
/// goes on with another child.
///
/// The body may have run in part. Thrum does not run it again.
public final class WorkerFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The child's process id, or 0.
  private final long pid;

  /// How the process ended, or -1.
  private final int exitStatus;

  WorkerFailedException(String message, long pid, int exitStatus, @Nullable Throwable cause) {
    super(message, cause);
    this.pid = pid;
    this.exitStatus = exitStatus;
  }

  /// Which process it was.
  ///
  /// @return its process id, or 0 if there was none
  public long pid() {
    return pid;
  }

  /// How the process ended, as the system tells it: what was given to `System.exit`, or 128 and the
  /// number of the signal that killed it.
  ///
  /// @return the status, or -1 if it is not known
  public int exitStatus() {
    return exitStatus;
  }
}
