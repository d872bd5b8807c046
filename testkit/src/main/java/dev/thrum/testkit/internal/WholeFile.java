package dev.thrum.testkit.internal;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// A file that is written beside its place and moved there, so that it is there as a whole or not
/// at all.
public final class WholeFile {
  private WholeFile() {}

  /// Writes a text in UTF-8; makes the folders above it.
  ///
  /// @param file where to
  /// @param text what
  /// @return the same path
  /// @throws IOException if it cannot be written
  public static Path write(Path file, String text) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("a folder is no place for a file: " + file);
    }
    Files.createDirectories(folder);
    Path beside = folder.resolve(".thrum-" + UUID.randomUUID() + ".tmp");
    try {
      Files.writeString(beside, text, StandardOpenOption.CREATE_NEW);
      move(beside, file);
    } finally {
      Files.deleteIfExists(beside);
    }
    return file;
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
