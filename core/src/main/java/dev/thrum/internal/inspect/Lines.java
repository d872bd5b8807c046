package dev.thrum.internal.inspect;

import org.jspecify.annotations.Nullable;

/// Lines for a terminal, cut at its width. What a program calls its tasks cannot move the cursor.
final class Lines {
  private final StringBuilder text = new StringBuilder();
  private final int width;

  /// @param width in characters, 0 for no bound
  Lines(int width) {
    this.width = width;
  }

  /// How wide a line may be, 0 for no bound.
  int width() {
    return width;
  }

  Lines add(String any) {
    String line = plain(any);
    if (width > 0 && line.length() > width) {
      text.append(line, 0, width - 1).append('…');
    } else {
      text.append(line);
    }
    text.append('\n');
    return this;
  }

  Lines addAll(Iterable<String> lines) {
    lines.forEach(this::add);
    return this;
  }

  /// Without what would control a terminal, or turn the direction of what follows.
  static String plain(@Nullable String text) {
    if (text == null) {
      return "";
    }
    StringBuilder plain = null;
    for (int i = 0; i < text.length(); i++) {
      if (controls(text.charAt(i))) {
        plain = plain == null ? new StringBuilder(text) : plain;
        plain.setCharAt(i, ' ');
      }
    }
    return plain == null ? text : plain.toString();
  }

  private static boolean controls(char c) {
    return Character.isISOControl(c)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
