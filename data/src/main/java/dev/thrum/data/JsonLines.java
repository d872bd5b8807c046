package dev.thrum.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/// Files with a JSON value on each line, by Jackson.
///
/// Dates are in ISO form, unknown fields are ignored. Empty lines are passed over.
public final class JsonLines {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .build();

  private JsonLines() {}

  /// Reads the lines of files as objects.
  ///
  /// A line that is too long, not UTF-8, malformed or does not fit is told in a letter and passed
  /// over. Names that end in `.gz` and `.zst` are unpacked.
  ///
  /// @param files a file, or a pattern with `*`, `?`, `{…}` or `**`; several are read in the order
  ///   of their names
  /// @param type what a line is: a record, `Map.class`, …
  /// @param <T> the same
  /// @return a pipeline
  public static <T> Pipeline<T> read(String files, Class<T> type) {
    return Pipeline.from(
        new FileRows<>(files, (in, name) -> new ObjectRows<>(in, name, MAPPER.readerFor(type))));
  }

  /// Writes objects, one on each line. The file has its name when everything is in it.
  ///
  /// @param file the file, which is replaced if it is there
  /// @return a sink that holds each element exactly once
  public static Sink<Object> write(Path file) {
    return new FileSink<>(
        file.toString(),
        out -> element -> out.append(MAPPER.writeValueAsString(element)).append('\n'),
        "");
  }

  private record ObjectRows<T>(LineInput lines, String name, ObjectReader reader)
      implements FileRows.Rows<T> {
    ObjectRows(InputStream in, String name, ObjectReader reader) {
      this(new LineInput(in, Lines.LONGEST), name, reader);
    }

    @Override
    public boolean next(Batch<? super T> into) throws IOException {
      byte[] line = new byte[0];
      while (line.length == 0) {
        if (!lines.next()) {
          return false;
        }
        line = lines.bytes();
      }
      if (lines.isTooLong()) {
        into.bad(Lines.tooLong(lines, name));
        return true;
      }
      try {
        T element = reader.readValue(line);
        if (element == null) {
          into.bad(new Letter("read", name + ":" + lines.number() + ":1", "it is null", "null"));
        } else {
          into.add(element);
        }
      } catch (JacksonException e) {
        into.bad(letter(line, e));
      }
      return true;
    }

    private Letter letter(byte[] line, JacksonException why) {
      String text;
      try {
        text = LineInput.text(line);
      } catch (CharacterCodingException _) {
        return Lines.notUtf8(lines, line, name);
      }
      var where = why.getLocation();
      int column = where == null ? 1 : Math.max(1, where.getColumnNr());
      return new Letter(
          "read",
          name + ":" + lines.number() + ":" + column,
          String.valueOf(why.getOriginalMessage()),
          text);
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
}
