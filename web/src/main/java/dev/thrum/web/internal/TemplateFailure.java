package dev.thrum.web.internal;

/// A template that cannot be shown, and which line of it is to blame.
public final class TemplateFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The text of the template; empty if it could not be read.
  private final String text;

  /// The line, counted from 1; 0 if none is to blame.
  private final int line;

  /// A failure.
  ///
  /// @param message what has happened, and where
  /// @param text the text of the template; empty if it could not be read
  /// @param line the line, counted from 1; 0 if none is to blame
  /// @param cause why
  public TemplateFailure(String message, String text, int line, Throwable cause) {
    super(message, cause);
    this.text = text;
    this.line = line;
  }

  /// The text of the template.
  ///
  /// @return the text; empty if it could not be read
  public String text() {
    return text;
  }

  /// The line that is to blame.
  ///
  /// @return its number, counted from 1; 0 if there is none
  public int line() {
    return line;
  }
}
