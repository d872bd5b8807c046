package dev.thrum.cli.program;

/// Why a program cannot be run, in words for its author.
@SuppressWarnings("serial") // never serialized
public final class ProgramException extends Exception {
  /// The exit status that says it.
  private final int status;

  private ProgramException(String message, int status) {
    super(message);
    this.status = status;
  }

  /// There is nothing to run.
  ///
  /// @param sentence why
  /// @return an exception with status 2
  public static ProgramException usage(String sentence) {
    return new ProgramException("thrum: " + sentence, 2);
  }

  /// What the compiler's process said.
  static ProgramException reported(String message, int status) {
    return new ProgramException(message, status);
  }

  static ProgramException compilation(String diagnostics) {
    return new ProgramException(diagnostics, 1);
  }

  /// The exit status that says it.
  ///
  /// @return 1 if the program does not compile, 2 if there is nothing to compile or to run
  public int status() {
    return status;
  }
}
