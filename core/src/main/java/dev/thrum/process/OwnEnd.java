package dev.thrum.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/// This JVM's end of a pipe to a child as a channel: closing a channel ends a read or a write that
/// sleeps in it, which closing a stream of `Process` does not. So it needs no thread for ever if
/// another program has the other end and does nothing with it.
///
/// Only Linux says which descriptor it is: the one that leads to the same pipe as the child's and
/// goes the other way. It is opened once more. While the stream is open it can be no other.
final class OwnEnd {
  private static final Path OWN = Path.of("/proc/self/fd");

  private OwnEnd() {}

  /// Opens it.
  ///
  /// @param child who has the other end, and whose stream is open here
  /// @param descriptor which one it has
  /// @param how reading or writing
  /// @return the channel, if the system tells enough and the child has the pipe still
  static Optional<FileChannel> open(long child, int descriptor, OpenOption how) {
    PosixFilePermission way =
        how == StandardOpenOption.READ
            ? PosixFilePermission.OWNER_READ
            : PosixFilePermission.OWNER_WRITE;
    try {
      Path pipe = Files.readSymbolicLink(Path.of("/proc/" + child + "/fd/" + descriptor));
      try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(OWN)) {
        for (Path own : descriptors) {
          if (pipe.toString().startsWith("pipe:") && leadsTo(own, pipe, way)) {
            return Optional.of(FileChannel.open(own, how));
          }
        }
      }
    } catch (IOException | RuntimeException _) {
      // another system, or the child has closed its end
    }
    return Optional.empty();
  }

  private static boolean leadsTo(Path own, Path pipe, PosixFilePermission way) {
    try {
      return Files.readSymbolicLink(own).equals(pipe)
          && Files.getPosixFilePermissions(own, LinkOption.NOFOLLOW_LINKS).contains(way);
    } catch (IOException _) {
      return false; // closed meanwhile
    }
  }
}
