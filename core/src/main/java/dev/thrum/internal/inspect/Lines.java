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

  Lines add(String line) {
    String plain = plain(line);
    if (width > 0 && plain.length() > width) {
      text.append(plain, 0, width - 1).append('…');
    } else {
      text.append(plain);
    }
    text.append('\n');
    return this;
  }

  Lines addAll(Iterable<String> lines) {
    lines.forEach(this::add);
    return this;
  }

  /// Without what would control a terminal.
  static String plain(@Nullable String text) {
    if (text == null) {
      return "";
    }
    StringBuilder plain = null;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        plain = plain == null ? new StringBuilder(text) : plain;
        plain.setCharAt(i, ' ');
      }
    }
    return plain == null ? text : plain.toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
