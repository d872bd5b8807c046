package dev.thrum.process;

import java.util.List;

/// How a program ended and what it wrote.
public final class Completed {
  private final Command command;
  private final int exitCode;
  private final byte[] stdout;
  private final byte[] stderr;

  Completed(Command command, int exitCode, byte[] stdout, byte[] stderr) {
    this.command = command;
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /// The program and its arguments.
  ///
  /// @return the words of the command
  public List<String> command() {
    return command.words();
  }

  /// The exit code.
  ///
  /// @return the code; 128 + n if signal n ended the program
  public int exitCode() {
    return exitCode;
  }

  /// Whether the exit code is 0.
  ///
  /// @return true if the program says that all went well
  public boolean isSuccess() {
    return exitCode == 0;
  }

  /// What it wrote to its output, as text in the command's charset; what is no text is replaced.
  ///
  /// @return the text, with the line ends
  public String stdout() {
    return new String(stdout, command.charset());
  }

  /// What it wrote to its error output, as text in the command's charset.
  ///
  /// @return the text, with the line ends
  public String stderr() {
    return new String(stderr, command.charset());
  }

  /// What it wrote to its output, as it is.
  ///
  /// @return a copy
  public byte[] stdoutBytes() {
    return stdout.clone();
  }

  /// What it wrote to its error output, as it is.
  ///
  /// @return a copy
  public byte[] stderrBytes() {
    return stderr.clone();
  }

  /// Makes an exception of a failure.
  ///
  /// @return this, if the exit code is 0
  /// @throws ExitCodeException if it is not
  public Completed check() throws ExitCodeException {
    if (exitCode != 0) {
      throw new ExitCodeException(this);
    }
    return this;
  }

  @Override
  public String toString() {
    return command.program()
        + " exited with "
        + exitCode
        + ", having written "
        + stdout.length
        + " + "
        + stderr.length
        + " bytes";
  }
}
