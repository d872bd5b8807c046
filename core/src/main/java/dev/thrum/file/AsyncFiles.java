package dev.thrum.file;

import dev.thrum.VoidBodyOf;
import dev.thrum.internal.Offload;
import dev.thrum.internal.Offload.OnCancel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// What [Files] does, without holding the loop: the system's calls are made by threads of a pool of
/// 64, which all loops share.
///
/// ```java
/// String text = AsyncFiles.readString(Path.of("notes.txt"));
/// AsyncFiles.writeAtomically(Path.of("notes.txt"), text.toUpperCase(Locale.ROOT));
/// ```
///
/// Paths, options and exceptions are those of [Files]. Text is UTF-8 unless a charset is given;
/// what is no text in it is a `CharacterCodingException`.
///
/// **Cancellation.** Everything here is a suspension point. Of a cancelled operation nothing stays
/// open, and no temporary file stays. What has not begun is not done; what runs is interrupted
/// where it transfers data, and waited for. A write that is cut short has written a part; one of
/// [#writeAtomically] nothing. One that does not end within 5 s, on a device that does not answer,
/// is left alone and named in the log.
///
/// **Threads.** Any task and any thread may call it; a plain thread blocks.
public final class AsyncFiles {
  private AsyncFiles() {}

  // Whole files

  /// Reads a file as text.
  ///
  /// @param path the file
  /// @return its content
  /// @throws IOException if it cannot be read
  public static String readString(Path path) throws IOException {
    return readString(path, StandardCharsets.UTF_8);
  }

  /// Reads a file as text.
  ///
  /// @param path the file
  /// @param charset its charset
  /// @return its content
  /// @throws IOException if it cannot be read
  public static String readString(Path path, Charset charset) throws IOException {
    check(path, charset);
    return Offload.call("reading " + path, OnCancel.INTERRUPT, () -> Contents.read(path, charset));
  }

  /// Reads a file.
  ///
  /// @param path the file
  /// @return its content
  /// @throws IOException if it cannot be read
  public static byte[] readAllBytes(Path path) throws IOException {
    check(path, "");
    return Offload.call("reading " + path, OnCancel.INTERRUPT, () -> Contents.read(path));
  }

  /// Writes a file: creates it or replaces its content, unless the options say otherwise.
  ///
  /// @param path the file
  /// @param text its content
  /// @param options as of [Files#writeString]
  /// @throws IOException if it cannot be written
  public static void writeString(Path path, CharSequence text, OpenOption... options)
      throws IOException {
    check(path, text);
    ByteBuffer content = Contents.encode(text, StandardCharsets.UTF_8);
    act("writing " + path, () -> Contents.write(path, content, options));
  }

  /// Writes a file: creates it or replaces its content, unless the options say otherwise.
  ///
  /// @param path the file
  /// @param bytes its content, which is not to be changed before this returns
  /// @param options as of [Files#write]
  /// @throws IOException if it cannot be written
  public static void write(Path path, byte[] bytes, OpenOption... options) throws IOException {
    check(path, bytes);
    ByteBuffer content = ByteBuffer.wrap(bytes);
    act("writing " + path, () -> Contents.write(path, content, options));
  }

  /// Writes text at the end of a file, and creates it if it is not there.
  ///
  /// @param path the file
  /// @param text what is appended; no line end is added
  /// @throws IOException if it cannot be written
  public static void append(Path path, CharSequence text) throws IOException {
    writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /// Writes bytes at the end of a file, and creates it if it is not there.
  ///
  /// @param path the file
  /// @param bytes what is appended, which is not to be changed before this returns
  /// @throws IOException if it cannot be written
  public static void append(Path path, byte[] bytes) throws IOException {
    write(path, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /// Writes a file so that everybody sees either its old content or the new one, also after a
  /// crash: into a new file in the same folder, with the permissions of the other one, whose place
  /// it then takes. Behind a symbolic link its target is replaced, or created.
  ///
  /// @param path the file
  /// @param text its content
  /// @throws IOException if it cannot be written; then the old content is there
  public static void writeAtomically(Path path, CharSequence text) throws IOException {
    check(path, text);
    AtomicWrite.write(path, Contents.encode(text, StandardCharsets.UTF_8));
  }

  /// Writes a file so that everybody sees either its old content or the new one.
  ///
  /// @param path the file
  /// @param bytes its content, which is not to be changed before this returns
  /// @throws IOException if it cannot be written; then the old content is there
  public static void writeAtomically(Path path, byte[] bytes) throws IOException {
    check(path, bytes);
    AtomicWrite.write(path, ByteBuffer.wrap(bytes));
  }

  /// Writes a file so that everybody sees either its old content or what a body has written once it
  /// has returned. If it throws or is cancelled, nothing has changed.
  ///
  /// @param path the file
  /// @param body writes the new content, from an empty file on
  /// @param <X> what it may throw
  /// @throws IOException if it cannot be written; then the old content is there
  /// @throws X if the body fails
  public static <X extends Throwable> void writeAtomically(
      Path path, VoidBodyOf<? super AsyncFile, X> body) throws IOException, X {
    check(path, body);
    AtomicWrite.write(path, body);
  }

  // Piece by piece

  /// Opens a file to read its lines, which end with `\n`, `\r` or `\r\n`. What cannot be read or is
  /// no text is an `UncheckedIOException` of the iterator. A line of a pipe or a terminal comes
  /// when it is whole, whatever has begun after it.
  ///
  /// @param path the file
  /// @return its lines, to be closed
  /// @throws IOException if it cannot be opened
  public static Reading<String> lines(Path path) throws IOException {
    return lines(path, StandardCharsets.UTF_8);
  }

  /// Opens a file to read its lines.
  ///
  /// @param path the file
  /// @param charset its charset
  /// @return its lines, to be closed
  /// @throws IOException if it cannot be opened
  public static Reading<String> lines(Path path, Charset charset) throws IOException {
    check(path, charset);
    return ReadingImpl.open("the lines of " + path, () -> Source.lines(path, charset));
  }

  /// Opens a file to read it in chunks.
  ///
  /// @param path the file
  /// @param size how many bytes each but the last one has, at least 1
  /// @return its chunks, to be closed
  /// @throws IOException if it cannot be opened
  public static Reading<byte[]> chunks(Path path, int size) throws IOException {
    check(path, "");
    if (size < 1) {
      throw new IllegalArgumentException("a chunk needs at least 1 byte, not " + size);
    }
    return ReadingImpl.open("the chunks of " + path, () -> Source.chunks(path, size));
  }

  /// Opens a file to read and write it at any position.
  ///
  /// @param path the file
  /// @param options as of `FileChannel.open`: READ without any
  /// @return the file, to be closed
  /// @throws IOException if it cannot be opened
  public static AsyncFile open(Path path, OpenOption... options) throws IOException {
    check(path, options);
    return AsyncFileImpl.open(path, options);
  }

  // Folders and names

  /// What a folder contains, in no particular order.
  ///
  /// @param folder the folder
  /// @return the paths
  /// @throws IOException if it cannot be read
  public static List<Path> list(Path folder) throws IOException {
    check(folder, "");
    return Offload.call(
        "listing " + folder,
        OnCancel.INTERRUPT,
        () -> {
          try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
          }
        });
  }

  /// A folder and everything in it and below, a folder before what is in it. Symbolic links are not
  /// followed.
  ///
  /// @param folder the folder
  /// @return the paths, to be closed
  /// @throws IOException if it cannot be read
  public static Reading<Path> walk(Path folder) throws IOException {
    return walk(folder, Integer.MAX_VALUE);
  }

  /// A folder and what is in it, down to a depth.
  ///
  /// @param folder the folder
  /// @param depth how many levels below the folder
  /// @return the paths, to be closed
  /// @throws IOException if it cannot be read
  public static Reading<Path> walk(Path folder, int depth) throws IOException {
    check(folder, "");
    return ReadingImpl.open("the paths below " + folder, () -> Source.walk(folder, depth));
  }

  /// Whether there is a file or folder, and it can be seen.
  ///
  /// @param path the path
  /// @param options as of [Files#exists]
  /// @return true if there is
  /// @throws IOException never by itself: only if the system does not answer
  public static boolean exists(Path path, LinkOption... options) throws IOException {
    check(path, options);
    return Offload.call("looking for " + path, OnCancel.WAIT, () -> Files.exists(path, options));
  }

  /// How long a file is.
  ///
  /// @param path the file
  /// @return the size in bytes
  /// @throws IOException if that cannot be told
  public static long size(Path path) throws IOException {
    check(path, "");
    return Offload.call("looking at " + path, OnCancel.WAIT, () -> Files.size(path));
  }

  /// What the system knows of a file: its kind, size and times.
  ///
  /// @param path the path
  /// @param options as of [Files#readAttributes]
  /// @return the attributes
  /// @throws IOException if they cannot be read
  public static BasicFileAttributes attributes(Path path, LinkOption... options)
      throws IOException {
    check(path, options);
    return Offload.call(
        "looking at " + path,
        OnCancel.WAIT,
        () -> Files.readAttributes(path, BasicFileAttributes.class, options));
  }

  /// Copies a file.
  ///
  /// @param from the file
  /// @param to the copy
  /// @param options as of [Files#copy]
  /// @throws IOException if it cannot be copied
  public static void copy(Path from, Path to, CopyOption... options) throws IOException {
    check(from, to);
    act("copying " + from, () -> InterruptibleCopy.copy(from, to, options));
  }

  /// Moves or renames a file.
  ///
  /// @param from the file
  /// @param to its new path
  /// @param options as of [Files#move]
  /// @throws IOException if it cannot be moved
  public static void move(Path from, Path to, CopyOption... options) throws IOException {
    check(from, to);
    act("moving " + from, () -> Files.move(from, to, options));
  }

  /// Deletes a file or an empty folder.
  ///
  /// @param path the path
  /// @throws IOException if it cannot be deleted or is not there
  public static void delete(Path path) throws IOException {
    check(path, "");
    act("deleting " + path, () -> Files.delete(path));
  }

  /// Deletes a file or an empty folder if it is there.
  ///
  /// @param path the path
  /// @return true if it was there
  /// @throws IOException if it cannot be deleted
  public static boolean deleteIfExists(Path path) throws IOException {
    check(path, "");
    return Offload.call("deleting " + path, OnCancel.WAIT, () -> Files.deleteIfExists(path));
  }

  /// Creates a folder, and those it is in; one that is there is no error.
  ///
  /// @param folder the folder
  /// @throws IOException if it cannot be created
  public static void createDirectories(Path folder) throws IOException {
    check(folder, "");
    act("creating " + folder, () -> Files.createDirectories(folder));
  }

  /// Creates an empty file with a new name, which only this user may read. It is the caller's to
  /// delete.
  ///
  /// @param folder where
  /// @param prefix how its name begins
  /// @param suffix how its name ends
  /// @return the file
  /// @throws IOException if it cannot be created
  public static Path createTempFile(Path folder, String prefix, String suffix) throws IOException {
    check(folder, prefix);
    check(folder, suffix);
    return Offload.open(
        "creating a file in " + folder,
        () -> Files.createTempFile(folder, prefix, suffix),
        AsyncFiles::deleteLate);
  }

  /// Creates an empty folder with a new name, which only this user may read. It is the caller's to
  /// delete.
  ///
  /// @param folder where
  /// @param prefix how its name begins
  /// @return the folder
  /// @throws IOException if it cannot be created
  public static Path createTempDirectory(Path folder, String prefix) throws IOException {
    check(folder, prefix);
    return Offload.open(
        "creating a folder in " + folder,
        () -> Files.createTempDirectory(folder, prefix),
        AsyncFiles::deleteLate);
  }

  static void deleteLate(Path path) {
    try {
      boolean _ = Files.deleteIfExists(path);
    } catch (IOException _) {
      // The device that did not answer in time does not now.
    }
  }

  private static void act(String what, Offload.Action action) throws IOException {
    var _ = Offload.call(what, OnCancel.INTERRUPT, Offload.valued(action));
  }

  private static void check(Path path, Object content) {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(content, "content");
  }
}
