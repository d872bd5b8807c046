package dev.thrum.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Files with comma-separated values (RFC 4180), by FastCSV.
///
/// The first row names the columns. A record's components get the columns of their names, whatever
/// their case, and `_`, `-` and spaces left out; other columns are not looked at. Texts, numbers,
/// booleans, enums, `BigDecimal`, `java.time`'s types and `Optional`s of them are read; an empty
/// field is an empty `Optional`, an empty text, or what a letter is written about.
public final class Csv {
  private Csv() {}

  /// Reads rows as records.
  ///
  /// A row with too few or too many fields, a field that does not fit, a row that is not UTF-8 or
  /// longer than a mebibyte is told in a letter and passed over. Names that end in `.gz` and `.zst`
  /// are unpacked.
  ///
  /// @param files a file, or a pattern with `*`, `?`, `{…}` or `**`; several are read in the order
  ///   of their names, each with a first row of its own
  /// @param type a record
  /// @param <T> the same
  /// @return a pipeline
  /// @throws IllegalArgumentException if a component has a type that no field can be read as
  public static <T extends Record> Pipeline<T> read(String files, Class<T> type) {
    var _ = Columns.of(type); // refuses what cannot be read
    return Pipeline.from(
        new FileRows<>(files, (in, name) -> new CsvRows<>(in, name, Columns.of(type))));
  }

  /// Reads rows as maps, from the names of the columns to the fields.
  ///
  /// @param files as in [#read(String, Class)]
  /// @return a pipeline of maps in the order of the columns
  public static Pipeline<Map<String, String>> read(String files) {
    return Pipeline.from(
        new FileRows<>(files, (in, name) -> new CsvRows<>(in, name, new NamedFields())));
  }

  /// Writes records, with a first row that names their components. The file has its name when
  /// everything is in it.
  ///
  /// @param file the file, which is replaced if it is there
  /// @param type a record
  /// @param <T> the same
  /// @return a sink that holds each element exactly once
  public static <T extends Record> Sink<T> write(Path file, Class<T> type) {
    List<String> names =
        Arrays.stream(type.getRecordComponents()).map(one -> one.getName()).toList();
    return new FileSink<>(
        file.toString(),
        out -> {
          CsvText text = new CsvText(out);
          return text::append;
        },
        CsvText.of(names));
  }
}
