package dev.thrum.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// The rows of files, one file after the other in the order of their names.
///
/// A position is a file and the number of a row in it; to go on there, the rows before it are
/// passed over. Files that are new since and have an earlier name are not read.
///
/// @param files a file, or a pattern with `*`, `?`, `{…}` or `**`
/// @param format how a file is read
record FileRows<T>(String files, Format<T> format) implements Source<T> {
  private static final int BUFFER = 1 << 16;

  /// How a file is read.
  interface Format<T> extends Serializable {

    /// Begins to read a file.
    ///
    /// @param name how people call it
    Rows<T> open(InputStream file, String name) throws IOException;
  }

  /// The rows of an open file.
  interface Rows<T> extends Closeable {

    /// Reads one row.
    ///
    /// @param into gets an element or a letter
    /// @return false at the end, with nothing put in
    boolean next(Batch<? super T> into) throws IOException;

    /// The line at which the reading stands, from 1.
    long line();
  }

  /// @param file the path, or empty for the first one
  /// @param rows how many have been read of it
  /// @param over whether it was the last one
  private record At(String file, long rows, boolean over) implements Serializable {}

  @Override
  public String name() {
    return files;
  }

  private List<Path> found() throws IOException {
    int wild = firstWild();
    if (wild < 0) {
      return List.of(Path.of(files));
    }
    int slash = files.lastIndexOf('/', wild);
    Path folder = Path.of(slash < 0 ? "." : files.substring(0, slash + 1));
    PathMatcher matcher =
        FileSystems.getDefault().getPathMatcher("glob:" + files.substring(slash + 1));
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(file -> matcher.matches(folder.relativize(file)) && Files.isRegularFile(file))
          .sorted()
          .forEach(found::add);
    }
    if (found.isEmpty()) {
      throw new IOException("no file is named " + files);
    }
    return found;
  }

  /// Whether a file is one of these.
  boolean hasFile(Path file) {
    Path wanted = file.toAbsolutePath().normalize();
    return firstWild() < 0
        ? Path.of(files).toAbsolutePath().normalize().equals(wanted)
        : FileSystems.getDefault()
            .getPathMatcher("glob:" + Path.of("").toAbsolutePath().resolve(files).normalize())
            .matches(wanted);
  }

  private int firstWild() {
    for (int i = 0; i < files.length(); i++) {
      if ("*?{[".indexOf(files.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public Reader<T> open(Optional<Serializable> position) throws IOException {
    At at = position.map(At.class::cast).orElse(new At("", 0, false));
    Reading<T> reading = new Reading<>(format, found(), at);
    try {
      reading.passOver(at.rows());
      return reading;
    } catch (IOException | RuntimeException e) {
      reading.close();
      throw e;
    }
  }

  private static final class Reading<T> implements Reader<T> {
    private final Format<T> format;
    private final List<Path> files;
    private int file;
    private long rows;
    private @Nullable Rows<T> open;

    Reading(Format<T> format, List<Path> files, At at) throws IOException {
      this.format = format;
      this.files = files;
      this.file = at.file().isEmpty() ? 0 : files.indexOf(Path.of(at.file()));
      if (file < 0) {
        throw new IOException(at.file() + " is gone, in which the checkpoint stands");
      }
      if (at.over()) {
        file = files.size();
      }
    }

    void passOver(long count) throws IOException {
      Batch<T> passed = new Batch<>(1);
      for (long i = 0; i < count && one(passed); i++) {
        passed.items().clear();
      }
    }

    @Override
    public boolean read(Batch<T> into) throws IOException {
      while (!into.isFull() && one(into)) {
        // one after the other
      }
      return !into.items().isEmpty();
    }

    /// Reads one row of the open file, or of the next one that has any.
    private boolean one(Batch<T> into) throws IOException {
      while (file < files.size()) {
        Rows<T> now = open;
        String name = files.get(file).getFileName().toString();
        try {
          if (now == null) {
            now = begin(files.get(file), name);
          }
          if (now.next(into)) {
            rows++;
            return true;
          }
        } catch (EOFException | ZipException | DamagedFile e) {
          long line = now == null ? 1 : now.line();
          into.bad(cutOff(name, line, e));
          nextFile();
          return true;
        }
        nextFile();
      }
      return false;
    }

    private static Letter cutOff(String name, long line, IOException why) {
      return new Letter(
          "read",
          name + ":" + line + ":1",
          "the file is cut off or damaged: " + why.getMessage(),
          "");
    }

    private Rows<T> begin(Path path, String name) throws IOException {
      InputStream raw = Files.newInputStream(path);
      try {
        Rows<T> rows = format.open(unpacked(raw, name), name);
        open = rows;
        return rows;
      } catch (IOException | RuntimeException e) {
        raw.close();
        throw e;
      }
    }

    private static InputStream unpacked(InputStream raw, String name) throws IOException {
      if (name.endsWith(".gz")) {
        return new GZIPInputStream(raw, BUFFER);
      }
      if (name.endsWith(".zst")) {
        return Zstd.in(raw);
      }
      return raw;
    }

    private void nextFile() throws IOException {
      close();
      file++;
      rows = 0;
    }

    @Override
    public Serializable position() {
      boolean over = file == files.size();
      return new At(files.get(over ? file - 1 : file).toString(), rows, over);
    }

    @Override
    public void close() throws IOException {
      Rows<T> rows = open;
      open = null;
      if (rows != null) {
        rows.close();
      }
    }
  }
}
