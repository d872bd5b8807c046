package dev.thrum.cli.inspect;

/// Why a JVM cannot be looked into, in words for whoever asked.
@SuppressWarnings("serial") // never serialized
public final class TargetException extends Exception {
  /// Whether the JVM answered, but not with what it was asked for.
  private final boolean refusal;

  TargetException(String sentence) {
    this(sentence, false);
  }

  private TargetException(String sentence, boolean refusal) {
    super(sentence);
    this.refusal = refusal;
  }

  /// The JVM answered, but not with what it was asked for.
  static TargetException refusal(String sentence) {
    return new TargetException(sentence, true);
  }

  boolean isRefusal() {
    return refusal;
  }

  /// What to print.
  ///
  /// @return a sentence without a full stop
  public String sentence() {
    return Output.plain(String.valueOf(getMessage()));
  }
}
