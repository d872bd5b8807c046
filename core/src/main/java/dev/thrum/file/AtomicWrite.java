package dev.thrum.file;

import dev.thrum.VoidBodyOf;
import dev.thrum.internal.Offload;
import dev.thrum.internal.Offload.OnCancel;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A new file beside the one it is to replace: filled first, then moved over it, or deleted.
///
/// @param target what is replaced, behind all symbolic links
/// @param temporary the new file
record AtomicWrite(Path target, Path temporary) {

  private static final int MOST_LINKS = 40;
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private static AtomicWrite begin(Path path) throws IOException {
    Path target = Files.exists(path) ? path.toRealPath() : behindLinks(path);
    Path name = target.getFileName();
    if (name == null) {
      throw new FileSystemException(path.toString(), null, "a root cannot be written");
    }
    return new AtomicWrite(
        target, target.resolveSibling("." + name + "." + UUID.randomUUID() + ".tmp"));
  }

  /// Where a file is to be that is not there: a link to it may be there already.
  private static Path behindLinks(Path path) throws IOException {
    Path at = path.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(at); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemLoopException(path.toString());
      }
      at = at.resolveSibling(Files.readSymbolicLink(at));
    }
    return at;
  }

  /// All in one go, in a thread of the pool, which cleans up even if nobody waits for it.
  static void write(Path path, ByteBuffer bytes) throws IOException {
    var _ =
        Offload.call(
            "writing " + path,
            OnCancel.INTERRUPT,
            Offload.valued(() -> {
              AtomicWrite write = begin(path);
              try (Closeable _ = write::cleanUp;
                  FileChannel channel = write.create()) {
                Slices.write(channel, bytes);
                channel.force(true);
                write.finish();
              }
            }));
  }

  /// With a body in the caller's task.
  static <X extends Throwable> void write(Path path, VoidBodyOf<? super AsyncFile, X> body)
      throws IOException, X {
    AtomicWrite write = Offload.call("looking at " + path, OnCancel.WAIT, () -> begin(path));
    try (Closeable _ = () -> Offload.cleanUp("cleaning up after " + path, write::cleanUp)) {
      try (AsyncFileImpl file =
          AsyncFileImpl.open(write.temporary, write::create, write::undoLate)) {
        body.run(file);
        file.force();
      }
      var _ = Offload.call("replacing " + path, OnCancel.WAIT, Offload.valued(write::finish));
    }
  }

  private FileChannel create() throws IOException {
    Optional<Set<PosixFilePermission>> kept = permissions();
    FileChannel channel =
        FileChannel.open(
            temporary,
            NEW,
            kept.map(PosixFilePermissions::asFileAttribute).stream()
                .toArray(FileAttribute<?>[]::new));
    try {
      if (kept.isPresent()) {
        var _ = Files.setPosixFilePermissions(temporary, kept.get()); // beyond the umask
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// Those of the file that is replaced: the new one has no others, not even at its creation.
  private Optional<Set<PosixFilePermission>> permissions() throws IOException {
    var view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    return view == null || !Files.exists(target)
        ? Optional.empty()
        : Optional.of(view.readAttributes().permissions());
  }

  private void finish() throws IOException {
    var _ =
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// The file has been made after it was cleaned up.
  private void undoLate(AsyncFileImpl file) {
    file.closeLate();
    AsyncFiles.deleteLate(temporary);
  }

  private void cleanUp() throws IOException {
    boolean _ = Files.deleteIfExists(temporary);
  }
}
