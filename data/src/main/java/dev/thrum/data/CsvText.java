package dev.thrum.data;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.Writer;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Rows of comma-separated values as text, at the end of another text.
final class CsvText {
  private static final ClassValue<List<MethodHandle>> READERS =
      new ClassValue<>() {
        @Override
        protected List<MethodHandle> computeValue(Class<?> type) {
          return readers(type);
        }
      };

  private final CsvWriter writer;

  /// Appends rows to a text.
  CsvText(StringBuilder out) {
    this.writer =
        CsvWriter.builder().lineDelimiter(LineDelimiter.LF).bufferSize(0).build(new Appending(out));
  }

  /// A row, with the end of its line.
  static String of(List<String> fields) {
    StringBuilder out = new StringBuilder();
    var _ = new CsvText(out).writer.writeRecord(fields);
    return out.toString();
  }

  private static List<MethodHandle> readers(Class<?> type) {
    List<MethodHandle> readers = new ArrayList<>();
    for (RecordComponent one : type.getRecordComponents()) {
      try {
        one.getAccessor().setAccessible(true);
        readers.add(
            MethodHandles.lookup()
                .unreflect(one.getAccessor())
                .asType(java.lang.invoke.MethodType.methodType(Object.class, Object.class)));
      } catch (IllegalAccessException e) {
        throw new IllegalArgumentException(type + " cannot be read: " + e.getMessage(), e);
      }
    }
    return readers;
  }

  void append(Record row) throws IOException {
    List<MethodHandle> readers = READERS.get(row.getClass());
    List<String> fields = new ArrayList<>(readers.size());
    for (MethodHandle reader : readers) {
      Object value;
      try {
        value = (Object) reader.invokeExact((Object) row);
      } catch (Throwable e) {
        throw new IOException(row.getClass() + " cannot be read: " + e, e);
      }
      fields.add(text(value));
    }
    var _ = writer.writeRecord(fields);
  }

  private static String text(@org.jspecify.annotations.Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Optional<?> perhaps -> perhaps.map(CsvText::text).orElse("");
      default -> value.toString();
    };
  }

  private static final class Appending extends Writer {
    private final StringBuilder out;

    Appending(StringBuilder out) {
      this.out = out;
    }

    @Override
    public void write(char[] from, int offset, int length) {
      out.append(from, offset, length);
    }

    @Override
    public void write(int one) {
      out.append((char) one);
    }

    @Override
    public void write(String text, int offset, int length) {
      out.append(text, offset, offset + length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
