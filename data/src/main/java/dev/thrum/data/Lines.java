package dev.thrum.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/// Text files, line by line, in UTF-8.
public final class Lines {
  static final int LONGEST = 1 << 20;

  private Lines() {}

  /// Reads the lines of files.
  ///
  /// A line of more than a mebibyte and one that is not UTF-8 are told in a letter and passed over.
  /// Names that end in `.gz` and `.zst` are unpacked.
  ///
  /// @param files a file, or a pattern with `*`, `?`, `{…}` or `**`; several are read in the order
  ///   of their names
  /// @return a pipeline of lines without their ends
  public static Pipeline<String> read(String files) {
    return Pipeline.from(new FileRows<>(files, LineRows::new));
  }

  /// Writes lines. The file has its name when everything is in it; until then it is beside it, with
  /// `.part` at the end of its name.
  ///
  /// @param file the file, which is replaced if it is there
  /// @return a sink that holds each line exactly once
  public static Sink<Object> write(Path file) {
    return new FileSink<>(file.toString(), out -> element -> out.append(element).append('\n'), "");
  }

  private record LineRows(LineInput lines, String name) implements FileRows.Rows<String> {
    LineRows(InputStream in, String name) {
      this(new LineInput(in, LONGEST), name);
    }

    @Override
    public boolean next(Batch<? super String> into) throws IOException {
      if (!lines.next()) {
        return false;
      }
      if (lines.isTooLong()) {
        into.bad(tooLong(lines, name));
        return true;
      }
      byte[] line = lines.bytes();
      try {
        into.add(LineInput.text(line));
      } catch (CharacterCodingException _) {
        into.bad(notUtf8(lines, line, name));
      }
      return true;
    }

    @Override
    public long line() {
      return lines.number() + 1;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  static Letter tooLong(LineInput lines, String name) {
    return new Letter(
        "read",
        name + ":" + lines.number() + ":" + LONGEST,
        "the line has " + lines.length() + " bytes, more than " + LONGEST,
        "");
  }

  static Letter notUtf8(LineInput lines, byte[] line, String name) {
    return new Letter(
        "read",
        name + ":" + lines.number() + ":" + LineInput.badColumn(line),
        "the line is not UTF-8",
        new String(line, java.nio.charset.StandardCharsets.UTF_8));
  }
}
