package dev.thrum.data;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The rows of a CSV file.
final class CsvRows<T> implements FileRows.Rows<T> {
  private static final char REPLACED = '\uFFFD';
  private static final int WINDOW = 1 << 24;

  private final String name;
  private final CsvShape<T> shape;
  private final ShortLines lines;
  private final CsvReader<Row> reader;
  private final java.util.Iterator<Row> rows;
  private final Collecting collecting = new Collecting();
  private boolean[] wanted = {};
  private boolean headRead;

  /// What was collected of the last row; the next one takes its place.
  private static final class Row {}

  private final Row row = new Row();

  CsvRows(InputStream in, String name, CsvShape<T> shape) {
    this.name = name;
    this.shape = shape;
    this.lines = new ShortLines(in, Lines.LONGEST);
    this.reader =
        CsvReader.builder()
            .detectBomHeader(true)
            .skipEmptyLines(true)
            .allowExtraCharsAfterClosingQuote(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .maxBufferSize(WINDOW)
            .build(collecting, lines, StandardCharsets.UTF_8);
    this.rows = reader.iterator();
  }

  /// Keeps the fields that are wanted.
  private final class Collecting extends CsvCallbackHandler<Row> {
    private final List<String> head = new ArrayList<>();
    private String[] fields = {};
    private long line = 1;
    private int count;
    private int badColumn;
    private long lastLine;

    @Override
    protected RecordType getRecordType() {
      return RecordType.DATA;
    }

    @Override
    protected int getFieldCount() {
      return count;
    }

    @Override
    protected void beginRecord(long startingLine) {
      line = startingLine;
      lastLine = startingLine;
      count = 0;
      badColumn = -1;
    }

    @Override
    protected void addField(char[] from, int offset, int length, boolean quoted) {
      if (quoted) {
        countLines(from, offset, length);
      }
      if (!headRead) {
        head.add(new String(from, offset, length));
      } else if (count < fields.length) {
        fields[count] = wanted[count] ? new String(from, offset, length) : "";
        if (wanted[count] && badColumn < 0 && fields[count].indexOf(REPLACED) >= 0) {
          badColumn = count;
        }
      }
      count++;
    }

    private void countLines(char[] from, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        if (from[i] == '\n'
            || (from[i] == '\r' && (i + 1 == offset + length || from[i + 1] != '\n'))) {
          lastLine++;
        }
      }
    }

    @Override
    protected void setComment(char[] from, int offset, int length) {
      count = 1;
    }

    @Override
    protected void setEmpty() {
      count = 0;
    }

    @Override
    protected Row buildRecord() {
      return row;
    }
  }

  @Override
  public boolean next(Batch<? super T> into) throws IOException {
    try {
      if (!headRead && !readHead()) {
        return false;
      }
      if (!rows.hasNext()) {
        return false;
      }
      var _ = rows.next();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      throw new DamagedFile(String.valueOf(e.getMessage()), e);
    }
    take(into);
    return true;
  }

  private boolean readHead() throws IOException {
    if (!rows.hasNext()) {
      throw new DamagedFile("it has no first row", null);
    }
    var _ = rows.next();
    try {
      wanted = shape.columns(List.copyOf(collecting.head));
    } catch (IllegalArgumentException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
    collecting.fields = new String[wanted.length];
    headRead = true;
    return true;
  }

  private void take(Batch<? super T> into) {
    int columns = wanted.length;
    long cut = lines.cut(collecting.line, collecting.lastLine);
    if (cut > 0) {
      into.bad(letter(Lines.LONGEST, "the line has " + cut + " bytes, more than " + Lines.LONGEST));
    } else if (collecting.count != columns) {
      into.bad(
          letter(
              Math.min(collecting.count, columns),
              "the row has " + collecting.count + " fields, its first row " + columns));
    } else if (collecting.badColumn >= 0) {
      into.bad(letter(collecting.badColumn + 1, "the field is not UTF-8"));
    } else {
      try {
        into.add(shape.make(collecting.fields));
      } catch (CsvShape.BadField e) {
        into.bad(letter(e.column() + 1, e.problem()));
      }
    }
  }

  private Letter letter(int column, String problem) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < Math.min(collecting.count, wanted.length); i++) {
      fields.add(collecting.fields[i]);
    }
    return new Letter(
        "read",
        name + ":" + collecting.line + ":" + column,
        problem,
        CsvText.of(fields).stripTrailing());
  }

  @Override
  public long line() {
    return collecting.line;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
