package dev.thrum.cli.inspect;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/// Standard output. Where nobody has set a locale, as in a container, Java would write ASCII and a
/// question mark for all else; terminals and tools read UTF-8 there.
final class Output {
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), false, charset());

  private Output() {}

  private static Charset charset() {
    Charset charset = System.out.charset();
    return charset.equals(US_ASCII) ? UTF_8 : charset;
  }

  /// Writes a text, and ends its last line. What a JVM or its tasks are called cannot move the
  /// cursor.
  static void print(String text) {
    OUT.print(plain(text));
    if (!text.isEmpty() && !text.endsWith("\n")) {
      OUT.println();
    }
    OUT.flush();
  }

  /// What a program says, without what would control the terminal of whoever looks at it; lines
  /// stay lines.
  static String plain(String text) {
    return text.replaceAll("(?!\n)[\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069]", " ");
  }

  /// The same of what is to be one line, such as a name.
  static String line(String text) {
    return plain(text).replace('\n', ' ');
  }

  /// Writes what is no text, such as the commands of a terminal.
  static void write(String characters) {
    OUT.print(characters);
    OUT.flush();
  }

  /// Whether the reader has gone, as `head` does when it has seen enough.
  static boolean isBroken() {
    return OUT.checkError();
  }
}
